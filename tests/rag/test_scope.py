"""Which documents a question names."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import terms
from index.bibliography import family_name
from index.documents import Bibliography
from rag.understanding.question import analyse
from rag.understanding.scope import by_author, by_journal, closest_title, named_documents, without_names
from rag.understanding.shelf_names import ShelfNames

BIBLIOGRAPHIES = {
    "a.txt": Bibliography(title="CAR T cells for treating autoimmune diseases", authors=("Blache, U.", "Fricke, S.")),
    "b.txt": Bibliography(
        title="Potential and pitfalls of repurposing the CAR-T cell regimen", authors=("Peter E Lipsky",)
    ),
    "c.txt": Bibliography(),
}
SHELF = ShelfNames(BIBLIOGRAPHIES)


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
        ("What stands at “— — — — — — — —”?", []),
        ("are lipsky cells a thing?", []),
    ],
)
def test_documents_are_named_by_author_or_title(text: str, names: list[str]) -> None:
    assert named_documents(text, SHELF) == names


def test_the_closest_title_must_be_clearly_closest() -> None:
    assert closest_title(analyse("the one about the potential and pitfalls"), SHELF) == ["b.txt"]
    assert closest_title(analyse("the one about CAR T cells"), SHELF) == []
    assert closest_title(analyse("the one about zebrafish"), SHELF) == []
    assert closest_title(analyse("anything"), ShelfNames({})) == []


def test_words_that_several_titles_have_add_up() -> None:
    titles = ["zebrafish", "heart mice liver", *["heart", "mice", "liver"] * 4]
    shelf = ShelfNames({f"{at:02}.txt": Bibliography(title=title) for at, title in enumerate(titles)})
    assert closest_title(analyse("zebrafish heart"), shelf) == ["00.txt"]
    assert closest_title(analyse("zebrafish heart mice liver"), shelf) == []


def test_names_are_taken_out_of_the_words_searched_for() -> None:
    assert without_names("What do Blache et al. say of safety?", SHELF, ["a.txt"]) == "What do say of safety?"
    assert without_names("What is Dr Lipsky's view on safety?", SHELF, ["b.txt"]) == "What is view on safety?"
    assert without_names("What is safety?", SHELF, ["c.txt"]) == "What is safety?"


def test_et_al_names_the_review_by_its_first_author() -> None:
    shelf = ShelfNames(
        {
            "a.txt": Bibliography(authors=("Ada Wang", "Ben Jones", "Cora Miller")),
            "b.txt": Bibliography(authors=("Dan Brown", "Eve Wang", "Fay Jones")),
        }
    )
    assert named_documents("What do Wang et al. say?", shelf) == ["a.txt"]
    assert named_documents("What do Wang and colleagues say?", shelf) == ["a.txt"]
    assert named_documents("What is Wang's view?", shelf) == ["a.txt", "b.txt"]
    assert named_documents("What do Jones et al. say?", shelf) == ["a.txt", "b.txt"]


_words = st.sampled_from(
    ["lupus", "kidney", "liver", "cells", "mice", "trial", "zebrafish", "of", "T", "genes", "heart"]
)
_names = st.sampled_from(["Wang", "Wong", "Jones", "Johnes", "Miller", "Muller", "Brown", "Lipsky"])
_bibliographies = st.builds(
    Bibliography,
    title=st.lists(_words, max_size=6).map(" ".join),
    authors=st.lists(_names.map("Ada {}".format), max_size=3).map(tuple),
    journal=st.lists(_words, max_size=2).map(" ".join),
)
_shelves = st.lists(_bibliographies, max_size=12).map(lambda said: {f"{at}.txt": one for at, one in enumerate(said)})


@given(said=_shelves, asked=st.lists(_words, min_size=1, max_size=8), who=_names, data=st.data())
def test_names_are_found_as_if_every_document_were_looked_at(
    said: dict[str, Bibliography], asked: list[str], who: str, data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(sorted(said)), max_size=8)) if said else []
    whole = ShelfNames(said)
    for shelf, looked_at in ((whole, said), (whole.only(chosen), {name: said[name] for name in chosen})):
        words = " ".join(asked)
        assert shelf.documents == list(looked_at)
        assert by_journal(f"What is in {words}?", shelf) == [
            name for name, one in looked_at.items() if one.journal and _runs(one.journal, f"What is in {words}?")
        ]
        assert closest_title(analyse(words), shelf) == _closest(words, looked_at)
        if len(words) >= 12:
            holding = [name for name, one in looked_at.items() if _runs(words, one.title)]
            assert named_documents(f"What is “{words}”?", shelf) == holding
        families = {name: {family_name(author).casefold() for author in one.authors} for name, one in looked_at.items()}
        known = set().union(*families.values())
        meant = {who.casefold()} & known or {
            family
            for family in known
            if family[0] == who[0].lower() and len(who) >= 5 and _ratio(who.casefold(), family) >= 0.8
        }
        assert by_author(f"According to {who}, what is lupus?", shelf) == [
            name for name, own in families.items() if own & meant
        ]


def _runs(words: str, text: str) -> bool:
    return f" {' '.join(terms(words))} " in f" {' '.join(terms(text))} "


def _ratio(word: str, family: str) -> float:
    return SequenceMatcher(None, word, family).ratio()


def _closest(words: str, said: dict[str, Bibliography]) -> list[str]:
    """The title that tells clearly most, by the rarity of each word among all titles."""
    asked = analyse(words).terms
    shared = {name: [word for word in asked if word in terms(one.title)] for name, one in said.items()}
    spread = Counter(word for found in shared.values() for word in found)
    scores = sorted(((sum(1 / spread[word] for word in found), name) for name, found in shared.items()), reverse=True)
    (best, name), *others = scores or [(0.0, "")]
    return [name] if best >= 1 and all(best >= 2 * other for other, _ in others) else []
