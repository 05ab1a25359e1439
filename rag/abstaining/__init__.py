"""Whether the reviews say: how sure an answer is, and why there is none."""
