"""Reference lists and what points to them: entries taken apart, lists found, mentions resolved."""
