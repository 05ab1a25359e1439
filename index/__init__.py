"""The index: reviews on disk become searchable passages.

This room knows the seeds folder on its left and nothing on its right: it imports neither `rag` nor `ui`.
"""
