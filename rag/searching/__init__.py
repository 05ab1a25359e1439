"""What the shelf has on a question: passages and sentences, ranked."""
