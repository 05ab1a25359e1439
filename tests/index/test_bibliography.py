"""What a document states of itself is read from its own words, and nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.bibliography import bibliography, family_name, short_attribution
from index.blocks import blocks
from index.cleaning import furniture
from index.documents import Bibliography

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
PARAGRAPH = "The cells were cultured for three days and counted. " * 6 + "The counts rose in all groups."


def read(text: str) -> Bibliography:
    parts = blocks(text)
    return bibliography(text, parts, furniture(text, parts))


def seed(prefix: str) -> str:
    with next(SEEDS.glob(f"{prefix}*.txt")).open(encoding="utf-8", newline="") as file:
        return file.read()


def test_an_article_that_cites_itself_in_apa_form() -> None:
    found = read(seed("000"))
    assert found.title == "CAR T cells for treating autoimmune diseases"
    assert found.authors == ("Blache, U.", "Tretbar, S.", "Koehl, U.", "Mougiakakos, D.", "Fricke, S.")
    assert (found.year, found.journal, found.doi) == (2023, "RMD Open", "")
    assert found.stated["year"][0].of(seed("000")) == "2023"
    assert found.stated["journal"][0].of(seed("000")) == "RMD Open"


def test_a_numbered_byline_and_no_more() -> None:
    found = read(seed("004"))
    assert found.title.startswith("Potential and pitfalls of repurposing the CAR-T cell regimen")
    assert found.authors == ("Andrea R Daamen", "Peter E Lipsky")
    assert (found.year, found.journal, found.doi) == (None, "", "")


def test_labelled_lines() -> None:
    found = read(
        f"On the counting of cells in mice\n\nAuthors: Chen, Pei-Jer; Wu, T-C\nDate: 2013-01-11\n"
        f"DOI: 10.1186/2045-3701-3-2\n\nAbstract: {PARAGRAPH}\n"
    )
    assert found.title == "On the counting of cells in mice"
    assert found.authors == ("Chen, Pei-Jer", "Wu, T-C")
    assert (found.year, found.doi) == (2013, "10.1186/2045-3701-3-2")


def test_a_byline_with_degrees_and_marks_and_a_journal_line() -> None:
    found = read(
        "Preparing for the counting of cells\nDavid L. Swerdlow, MD1; Lyn Finelli, DrPH, MS2\n"
        f"JAMA. 2020;323(12):1129-1130. doi:10.1001/jama.2020.1960\n{PARAGRAPH}\n"
    )
    assert found.authors == ("David L. Swerdlow", "Lyn Finelli")
    assert (found.year, found.journal, found.doi) == (2020, "JAMA", "10.1001/jama.2020.1960")


def test_a_vancouver_citation_of_itself_at_the_end() -> None:
    found = read(
        f"Counting cells in older mice\n\n{PARAGRAPH}\n\nCite this article as: "
        "Huang Z, van der Berg S. Counting cells in older mice. J Cell Sci. 2021;12:1-9. doi:10.1000/jcs.12\n"
    )
    assert found.authors == ("Huang Z", "van der Berg S")
    assert (found.year, found.journal, found.doi) == (2021, "J Cell Sci", "10.1000/jcs.12")


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("Published: 12 March 2021", 2021),
        ("Published online 2019 May 3", 2019),
        ("© 2018 The Authors", 2018),
        ("Received: 3 May 2017", None),
        ("© 1996-2015 Some Publisher", None),
    ],
)
def test_years_are_those_of_publication(line: str, year: int | None) -> None:
    assert read(f"Counting cells in older mice\n\n{line}\n\n{PARAGRAPH}\n").year == year


def test_a_reference_is_never_the_articles_own_citation() -> None:
    found = read(
        f"Counting cells in older mice\n\n{PARAGRAPH}\n\nReferences\n\n"
        "1. Smith, J. (2001). Counting cells in younger mice. Nature, 1(2), 3. https://doi.org/10.1000/other\n"
        "2. Doe, A. (2002). Counting other things. Science, 4(5), 6.\n"
    )
    assert found.title == "Counting cells in older mice"
    assert (found.authors, found.year, found.journal, found.doi) == ((), None, "", "")


def test_dois_in_prose_or_addresses_of_other_sites_are_not_the_documents() -> None:
    found = read(
        f"Counting cells in older mice\n\nexample.org/article/10.1186/1745/6215\n\n{PARAGRAPH} See doi:10.1000/x.\n"
    )
    assert found.doi == ""


@pytest.mark.parametrize(
    "text", ["", " \n", PARAGRAPH, f"A first sentence stands alone.\n\n{PARAGRAPH}", f"Abstract\n\n{PARAGRAPH}"]
)
def test_a_plain_abstract_states_nothing(text: str) -> None:
    assert read(text) == Bibliography()


def test_topics_under_a_title_are_no_authors() -> None:
    assert read(f"Counting cells in older mice\n\nPublic Health, Global Medicine\n\n{PARAGRAPH}").authors == ()


@pytest.mark.parametrize(
    ("author", "family"),
    [
        ("Blache, U.", "Blache"),
        ("Peter E Lipsky", "Lipsky"),
        ("Jan van der Berg", "van der Berg"),
        ("van der Berg, Jan", "van der Berg"),
        ("Huang Z", "Huang"),
        ("Bin Song, MD", "Song"),
        ("Jonathan D. Jacobs Jr.", "Jacobs"),
        ("Plato", "Plato"),
        ("World Health Organization", "World Health Organization"),
        ("The EARS Study Group", "The EARS Study Group"),
    ],
)
def test_family_names(author: str, family: str) -> None:
    assert family_name(author) == family


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (Bibliography(authors=("Blache, U.", "Tretbar, S.", "Koehl, U."), year=2023), "Blache et al. (2023)"),
        (Bibliography(authors=("Andrea R Daamen", "Peter E Lipsky")), "Daamen and Lipsky"),
        (Bibliography(authors=("Jane Smith",), year=2020), "Smith (2020)"),
        (Bibliography(title="Counting cells"), "Counting cells"),
        (Bibliography(), "file.txt"),
    ],
)
def test_short_attributions(found: Bibliography, shown: str) -> None:
    assert short_attribution(found, "file.txt") == shown


WORDS = st.sampled_from(
    [
        "Authors: ",
        "Smith, J.",
        "; ",
        "Doe A, ",
        "DOI: 10.1000/x",
        "\n",
        "\n\n",
        "(2020). ",
        "A Title of Cells",
        "JAMA. 2020;1(2):3",
        "1. ",
    ]
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=40).map("".join)))
def test_whatever_is_stated_is_a_slice_of_the_text(text: str) -> None:
    found = read(text)
    for name, spans in found.stated.items():
        assert getattr(found, name)
        assert spans
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
    if found.doi:
        assert found.doi in text
    if found.year:
        assert str(found.year) in found.stated["year"][0].of(text)
