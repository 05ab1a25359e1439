"""Questions about a review itself: what it covers."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_embedder import TinyEmbedder

from rag import Assistant
from rag.understanding.bibliographic import fields_asked
from rag.understanding.question import analyse


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What does the review discuss?", ["contents"]),
        ("What is the aim of the review?", ["contents"]),
        ("What is the scope of this article?", ["contents"]),
        ("Which topics are covered in the review?", ["contents"]),
        ("What is this paper about?", ["contents"]),
        ("What are the goals of therapy in this review?", []),
        ("What does the review say about lupus?", []),
        ("What is the aim of lymphodepletion?", []),
        ("Who funded this review?", ["funding"]),
        ("Who funded the panda study?", []),
    ],
)
def test_what_a_review_covers_is_asked_of_the_review(question: str, asked: list[str]) -> None:
    assert fields_asked(question, analyse(question), (), names_documents=False) == asked


def test_what_a_review_covers_is_quoted_from_where_it_says_so(tmp_path: Path) -> None:
    told = "In this review, we discuss diets of bears."
    (tmp_path / "shelf").mkdir()
    (tmp_path / "shelf" / "a.txt").write_text(
        f"Diets of bears and what they mean\n\nAda Smith, Ben Jones\n\n{told} Bears eat many plants and some fish.\n"
    )
    with Assistant(tmp_path / "shelf", tmp_path / "index", embedder=TinyEmbedder()) as assistant:
        assistant.sync()
        answer = assistant.answer("What does the review discuss?")
    assert [citation.quote for citation in answer.citations] == [told]
