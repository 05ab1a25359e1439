"""BibTeX, RIS and CSL-JSON: what is written is read back, whatever a document calls itself."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Literal

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from export_samples import HOSTILE, answer, citation, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from index.bibtex import parse
from rag.exporting import Format, export
from rag.exporting.characters import plain
from rag.exporting.names import Person, person


class CslName(BaseModel):
    """A name-variable of the CSL data schema 1.0.2."""

    model_config = ConfigDict(extra="forbid", strict=True)
    family: str | None = None
    given: str | None = None
    suffix: str | None = None
    literal: str | None = None


class CslDate(BaseModel):
    """A date-variable, structured."""

    model_config = ConfigDict(extra="forbid", strict=True)
    date_parts: list[list[int]] = Field(alias="date-parts", min_length=1, max_length=2)


class CslItem(BaseModel):
    """An item as the schema has it; of its properties those that are used."""

    model_config = ConfigDict(extra="forbid", strict=True)
    type: Literal["article-journal", "article", "document"]
    id: str
    title: str
    author: list[CslName] = []
    issued: CslDate | None = None
    container_title: str = Field("", alias="container-title")
    DOI: str = ""
    keyword: str = ""
    note: str = ""


CSL = TypeAdapter(list[CslItem])

years = st.none() | st.integers(1500, 2099)
dois = st.just("") | st.from_regex(r"10\.[0-9]{4,6}/[a-zA-Z0-9._;()/&%#-]{1,30}[a-z0-9]", fullmatch=True)
authors = st.lists(st.one_of(texts, st.sampled_from(["Blache, U.", "Jan van der Berg", "WHO Group"])), max_size=3)


def latex_reader() -> LatexNodes2Text:
    """pylatexenc, and three commands of LaTeX that it does not know."""
    known = get_default_latex_context_db()
    missing = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}
    known.add_context_category("missing", [MacroTextSpec(*one) for one in missing.items()], prepend=True)
    return LatexNodes2Text(latex_context=known)


LATEX = LatexDecodingMiddleware(decoder=latex_reader())


def read_bibtex(text: str) -> list[dict[str, Any]]:
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    assert len(library.blocks) == len(library.entries)
    # Reference managers take a DOI as it stands.
    dois = [{"doi": one["doi"]} if "doi" in one else {} for one in library.entries]
    entries = LATEX.transform(library).entries
    return [
        {"key": one.key, **{field.key: field.value for field in one.fields}, **doi}
        for one, doi in zip(entries, dois, strict=True)
    ]


@settings(max_examples=40)
@given(texts, years, dois, authors, texts, texts)
def test_whatever_a_document_says_of_itself_is_read_back(
    title: str, year: int | None, doi: str, people: list[str], journal: str, quote: str
) -> None:
    about: dict[str, Any] = {"title": title, "year": year, "doi": doi, "authors": tuple(people), "journal": journal}
    given_ = [answer(citation(**about, quote=quote or "x"), citation(2, document="b.txt", title="Another"))]
    wanted = (plain(title) or "review.pdf", str(year or ""), doi, plain(journal))

    first, second = read_bibtex(export(given_, Format.BIBTEX))
    assert (plain(first["title"]), first.get("year", ""), first.get("doi", "")) == wanted[:3]
    assert plain(first.get("journal", "")) == wanted[3]
    assert second["title"] == "Another"

    first, second = rispy.loads(export(given_, Format.RIS))
    assert (first["title"], first.get("year", ""), first.get("doi", ""), first.get("secondary_title", "")) == wanted
    assert first["notes"] == [f"[1] “{plain(quote or 'x')}” (Results, p. 3, lupus/review.pdf:120-150)"]
    assert second["title"] == "Another"

    items = export(given_, Format.CSL_JSON)
    CSL.validate_json(items)
    first, second = json.loads(items)
    year_read = str(first["issued"]["date-parts"][0][0]) if "issued" in first else ""
    assert (first["title"], year_read, first.get("DOI", ""), first.get("container-title", "")) == wanted
    assert second["title"] == "Another"


@settings(max_examples=40)
@given(st.lists(st.tuples(texts, authors, years), max_size=6))
def test_keys_are_letters_and_digits_and_each_stands_once(documents: list[tuple[str, list[str], int | None]]) -> None:
    cited = [
        citation(at, document=f"{at}.pdf", title=title, authors=tuple(people), year=year)
        for at, (title, people, year) in enumerate(documents, 1)
    ]
    keys = [one["key"] for one in read_bibtex(export([answer(*cited)], Format.BIBTEX))]
    assert len(set(keys)) == len(documents)
    assert all(key.replace("-", "").isalnum() and key.isascii() and key[0].isalpha() for key in keys)
    assert [one["id"] for one in json.loads(export([answer(*cited)], Format.CSL_JSON))] == keys


@pytest.mark.parametrize("title", [title for title in HOSTILE if "<" not in title])
def test_pincite_itself_reads_what_it_wrote(title: str) -> None:
    cited = citation(title=title, authors=("Blache, U.", "Jan van der Berg", "The Lupus Study Group"))
    (record,) = parse("out.bib", export([answer(cited)], Format.BIBTEX).encode()).records
    assert (record.title, record.year, record.doi, record.journal) == (plain(title), 2023, cited.doi, "RMD Open")
    assert record.authors == ("U. Blache", "Jan van der Berg", "The Lupus Study Group")


@pytest.mark.skipif(shutil.which("bibtex") is None, reason="needs BibTeX")
@pytest.mark.parametrize("title", HOSTILE)
def test_bibtex_itself_finds_no_fault(title: str, tmp_path: Path) -> None:
    (tmp_path / "all.bst").write_text(
        "ENTRY { title author annote doi } {} {}\n"
        'FUNCTION {article} { title write$ newline$ author #1 "{ff }{vv }{ll}{ jj}" format.name$ write$ newline$ }\n'
        "READ\nITERATE {call.type$}\n"
    )
    cited = [
        citation(title=title, quote=title, authors=(title, "Blache, U.")),
        citation(2, document="b.txt", title="B"),
    ]
    (tmp_path / "out.bib").write_text(export([answer(*cited)], Format.BIBTEX))
    (tmp_path / "main.aux").write_text("\\citation{*}\n\\bibdata{out}\n\\bibstyle{all}\n")
    done = subprocess.run(["bibtex", "main"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout
    assert "warning" not in done.stdout.lower()
    assert (tmp_path / "main.bbl").read_text().count("\n") >= 4


def test_a_document_has_one_entry_with_all_its_quotes() -> None:
    first = answer(citation(), citation(2, start=200, end=210, quote="It was safe.", section="", page=None))
    second = answer(citation(quote="It lasted."), citation(2, document="other.txt", title="Other"))
    found = rispy.loads(export([first, second], Format.RIS))
    assert [one["title"] for one in found] == ["CAR T cells in lupus", "Other"]
    assert found[0]["notes"] == [
        "[1] “B cells were depleted deeply.” (Results, p. 3, lupus/review.pdf:120-150)",
        "[2] “It was safe.” (lupus/review.pdf:200-210)",
        "[3] “It lasted.” (Results, p. 3, lupus/review.pdf:120-150)",
    ]
    assert found[1]["notes"][0].startswith("[4] ")
    assert export([first, second], Format.BIBTEX).count("@article") == 2
    assert len(json.loads(export([first, second], Format.CSL_JSON))) == 2


def test_what_is_known_decides_the_sort_of_entry() -> None:
    bare = citation(2, document="b.txt", title="", authors=(), year=None, journal="", doi="")
    preprint = citation(3, document="c.txt", journal="", labels=("preprint",))
    items = json.loads(export([answer(citation(), bare, preprint)], Format.CSL_JSON))
    assert [one["type"] for one in items] == ["article-journal", "document", "article"]
    assert (items[1]["title"], items[1]["id"], "author" in items[1]) == ("b.txt", "btxt", False)
    assert [one["type_of_reference"] for one in rispy.loads(export([answer(citation(), bare)], Format.RIS))] == [
        "JOUR",
        "GEN",
    ]


def test_a_retraction_is_not_lost() -> None:
    given_ = [answer(citation(labels=("retracted", "review")))]
    (entry,) = read_bibtex(export(given_, Format.BIBTEX))
    assert (entry["note"], entry["keywords"]) == ("Retracted", "retracted, review")
    assert rispy.loads(export(given_, Format.RIS))[0]["keywords"] == ["retracted", "review"]
    assert json.loads(export(given_, Format.CSL_JSON))[0]["keyword"] == "retracted, review"


@pytest.mark.parametrize("answers", [[], [answer()]], ids=["nothing", "an abstention"])
def test_where_nothing_is_cited_there_is_no_entry(answers: list[Any]) -> None:
    assert export(answers, Format.BIBTEX) == ""
    assert export(answers, Format.RIS) == ""
    assert json.loads(export(answers, Format.CSL_JSON)) == []


@pytest.mark.parametrize(
    ("author", "parts"),
    [
        ("Blache, U.", Person("Blache", "U.")),
        ("Andrea R Daamen", Person("Daamen", "Andrea R")),
        ("Jan van der Berg", Person("van der Berg", "Jan")),
        ("Fricke SA", Person("Fricke", "SA")),
        ("van Dijk JJ", Person("van Dijk", "JJ")),
        ("King, Martin Luther, Jr.", Person("King", "Martin Luther", "Jr.")),
        ("John Smith Jr", Person("Smith", "John", "Jr")),
        ("María-José O’Neill", Person("O’Neill", "María-José")),
        ("山田 太郎", Person("山田", "太郎")),
        ("World Health Organization", Person(literal="World Health Organization")),
        ("The Lupus Study Group", Person(literal="The Lupus Study Group")),
        ("Anonymous", Person(literal="Anonymous")),
        ("Department of Medicine, Leipzig", Person(literal="Department of Medicine, Leipzig")),
        ("a, b, c, d", Person(literal="a, b, c, d")),
        ("", Person()),
    ],
)
def test_names_are_taken_apart_only_where_their_form_tells(author: str, parts: Person) -> None:
    assert person(author) == parts


def test_names_in_each_format() -> None:
    given_ = [answer(citation(authors=("John Smith Jr", "World Health Organization", "et al.")))]
    (entry,) = read_bibtex(export(given_, Format.BIBTEX))
    assert entry["author"] == "Smith, Jr, John and World Health Organization and others"
    assert "{World Health Organization}" in export(given_, Format.BIBTEX)
    assert rispy.loads(export(given_, Format.RIS))[0]["authors"] == ["Smith, John, Jr", "World Health Organization,"]
    assert json.loads(export(given_, Format.CSL_JSON))[0]["author"] == [
        {"family": "Smith", "given": "John", "suffix": "Jr"},
        {"literal": "World Health Organization"},
    ]
