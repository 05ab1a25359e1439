"""Articles in the XML that BioMed Central published."""

from __future__ import annotations

import pytest

from index.documents import Document
from index.readers.xml import read

_FRONT = (
    "<fm><dochead>{head}</dochead><bibl><title><p>Rest in <it>lupus</it></p></title><aug>"
    "<au><snm>Roe</snm><mi>B</mi><fnm>Ann</fnm><insr iid='I1'/></au><au><cnm>The Lupus Group</cnm></au></aug>"
    "<insg><ins id='I1'><p>A University</p></ins></insg><source>BMC Rest</source><pubdate>2008</pubdate>"
    "<volume>8</volume><issue>1</issue><fpage>15</fpage><xrefbib><pubidlist><pubid "
    "idtype='doi'>10.1186/x</pubid></pubidlist>"
    "</xrefbib></bibl><kwdg><kwd>rest</kwd></kwdg><abs><sec><st><p>Abstract</p></st><sec><st><p>Aim</p></st>"
    "<p>To rest.</p></sec></sec></abs></fm>"
)


def article(body: str, head: str = "Research", count: int = 5) -> Document:
    entries = "".join(
        f"<bibl id='B{n}'><title><p>Title {n}</p></title><aug><au><snm>Poe</snm><fnm>D</fnm></au><etal/></aug>"
        f"<source>J Rest</source><pubdate>200{n}</pubdate><volume>{n}</volume><fpage>1</fpage><lpage>9</lpage></bibl>"
        for n in range(1, count + 1)
    )
    source = (
        f"<art><ui>1</ui>{_FRONT.format(head=head)}<bdy>{body}</bdy><bm><ack><sec><st><p>Thanks</p>"
        f"</st><p>We thank.</p>"
    )
    return read("a.xml", f"{source}</sec></ack><refgrp>{entries}</refgrp></bm></art>".encode())


def lines(document: Document) -> list[str]:
    return [line for line in document.text.split("\n") if line]


def test_the_title_page() -> None:
    document = article("<p>Words.</p>", head="Review")
    found = document.bibliography
    assert document.format == "bmc"
    assert (found.title, found.authors) == ("Rest in lupus", ("Ann B Roe", "The Lupus Group"))
    assert (found.journal, found.year, found.doi, found.labels) == ("BMC Rest", 2008, "10.1186/x", ("review",))
    assert {field: [span.of(document.text) for span in spans] for field, spans in found.stated.items()} == {
        "title": ["Rest in lupus"],
        "authors": ["Ann B Roe, The Lupus Group"],
        "journal": ["BMC Rest"],
        "year": ["2008"],
        "doi": ["10.1186/x"],
        "labels": ["Review"],
    }


def test_sections_abstract_and_back_matter() -> None:
    document = article("<sec><st><p>Background</p></st><p>Words.</p></sec>")
    assert [section.heading for section in document.sections] == [
        "Abstract",
        "Aim",
        "Background",
        "Thanks",
        "References",
    ]
    assert document.section_at(document.text.index("We thank")) == "Thanks"


@pytest.mark.parametrize(
    ("numbers", "words"),
    [([3], "[3]"), ([1, 3], "[1,3]"), ([1, 2], "[1,2]"), ([1, 2, 3, 5], "[1-3,5]"), ([2, 3, 4, 5], "[2-5]")],
)
def test_citations_are_printed_in_brackets(numbers: list[int], words: str) -> None:
    links = "".join(f"<abbr bid='B{number}'>{number}</abbr>" for number in numbers)
    document = article(f"<p>So <abbrgrp>{links}</abbrgrp>.</p>")
    assert f"So {words}." in document.text
    (mention,) = document.mentions
    assert document.text[mention.start : mention.end] == words
    assert [document.references[at].label for at in mention.references] == [str(number) for number in numbers]


def test_tables_and_figures_are_read_after_their_paragraph() -> None:
    table = (
        "<table id='T1'><title><p>Table 1</p></title><caption><p><b>Doses</b></p></caption><tgroup>"
        "<thead><row><entry><p>A</p>"
        "</entry><entry><p>B</p></entry></row></thead><tfoot><p><sup>a</sup>In mg.</p></tfoot><tbody>"
        "<row><entry><p>1</p>"
        "</entry><entry><p>2</p></entry></row></tbody></tgroup></table>"
    )
    figure = (
        "<fig><title><p>Figure 1</p></title><caption><p>Flow</p></caption><text><p><b>Flow.</b></p>"
        "<p>More.</p></text></fig>"
    )
    document = article(f"<p>See {table}here.</p><p>Then {figure}there.</p>")
    found = lines(document)
    start = found.index("See here.")
    assert found[start : start + 5] == ["See here.", "Table 1. Doses", "A | B", "1 | 2", "a In mg."]
    assert found[start + 5 : start + 8] == ["Then there.", "Figure 1. Flow", "More."]


def test_references_are_put_together_and_numbered() -> None:
    document = article("<p>Words.</p>")
    first = document.references[0]
    assert document.text[first.start : first.end] == "1. Poe D, et al. Title 1. J Rest. 2001;1:1-9."
    assert (first.label, first.authors, first.year, first.title) == ("1", ("Poe",), 2001, "Title 1")
