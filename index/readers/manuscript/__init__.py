"""What Word, OpenDocument and Markdown files have in common: a manuscript in parts, not yet a document."""
