"""Answers in the words of a language model, each sentence verified against the quotes it cites."""
