"""Whether a quote carries a sentence: each number, name, denial and direction of it, and what else it says."""
