"""Scoring a shelf on questions whose answers are known: the questions, the run, the measures, the report.

docs/evaluation.md has the format of questions and what each measure means.
"""
