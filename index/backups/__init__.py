"""A whole index, and the files it was made from, in one file; and back."""
