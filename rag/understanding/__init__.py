"""What was asked: the question in what a person typed, taken apart and put in the words of the shelf."""
