"""Which documents a question names."""

from __future__ import annotations

import pytest

from index.documents import Bibliography
from rag.understanding.question import analyse
from rag.understanding.scope import closest_title, named_documents, names_of, without_names

BIBLIOGRAPHIES = {
    "a.txt": Bibliography(title="CAR T cells for treating autoimmune diseases", authors=("Blache, U.", "Fricke, S.")),
    "b.txt": Bibliography(
        title="Potential and pitfalls of repurposing the CAR-T cell regimen", authors=("Peter E Lipsky",)
    ),
    "c.txt": Bibliography(),
}
SHELF = {name: names_of(said) for name, said in BIBLIOGRAPHIES.items()}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What do Blache and colleagues say?", ["a.txt"]),
        ("What is Lipsky's view?", ["b.txt"]),
        ("Blache et al. or Lipsky et al.?", ["a.txt", "b.txt"]),
        ("How does Blache differ from Lipsky on safety?", ["a.txt", "b.txt"]),
        ("Blache versus Lipsky on safety", ["a.txt", "b.txt"]),
        ("How does Crohn differ from Lipsky disease?", ["b.txt"]),
        ("Which names it: Blache and Fricke?", ["a.txt"]),
        ("According to Lipsky, what is missing?", ["b.txt"]),
        ("Does Lipsky syndrome cause fatigue?", []),
        ("Is Blache tea good in Lipsky adults?", []),
        ("What are the risks of CAR T cells for treating autoimmune diseases?", []),
        ("How is Lipsky's disease treated?", []),
        ("What causes Blache syndrome?", []),
        ("Is lupus treated by Lipsky's disease?", []),
        ("What did Dr Lipski say?", ["b.txt"]),
        ("Who wrote “CAR T cells for treating autoimmune diseases”?", ["a.txt"]),
        ("What is lymphodepletion?", []),
        ("are lipsky cells a thing?", []),
    ],
)
def test_documents_are_named_by_author_or_title(text: str, names: list[str]) -> None:
    assert named_documents(text, SHELF) == names


def test_the_closest_title_must_be_clearly_closest() -> None:
    assert closest_title(analyse("the one about the potential and pitfalls"), SHELF) == ["b.txt"]
    assert closest_title(analyse("the one about CAR T cells"), SHELF) == []
    assert closest_title(analyse("the one about zebrafish"), SHELF) == []
    assert closest_title(analyse("anything"), {}) == []


def test_names_are_taken_out_of_the_words_searched_for() -> None:
    assert without_names("What do Blache et al. say of safety?", SHELF, ["a.txt"]) == "What do say of safety?"
    assert without_names("What is Dr Lipsky's view on safety?", SHELF, ["b.txt"]) == "What is view on safety?"
    assert without_names("What is safety?", SHELF, ["c.txt"]) == "What is safety?"


def test_et_al_names_the_review_by_its_first_author() -> None:
    shelf = {
        "a.txt": names_of(Bibliography(authors=("Ada Wang", "Ben Jones", "Cora Miller"))),
        "b.txt": names_of(Bibliography(authors=("Dan Brown", "Eve Wang", "Fay Jones"))),
    }
    assert named_documents("What do Wang et al. say?", shelf) == ["a.txt"]
    assert named_documents("What do Wang and colleagues say?", shelf) == ["a.txt"]
    assert named_documents("What is Wang's view?", shelf) == ["a.txt", "b.txt"]
    assert named_documents("What do Jones et al. say?", shelf) == ["a.txt", "b.txt"]
