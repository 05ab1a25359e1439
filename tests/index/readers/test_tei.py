"""TEI, as GROBID writes it."""

from __future__ import annotations

from index.documents import Document
from index.readers.xml import read


def document(body: str) -> Document:
    entries = "".join(
        f'<biblStruct xml:id="b{n}"><analytic><title level="a">Title {n}</title><author><persName>'
        f"<forename>X</forename>"
        f'<surname>Poe</surname></persName></author></analytic><monogr><title level="j">J Rest</title><imprint>'
        f'<biblScope unit="volume">1</biblScope><biblScope unit="page" from="3" to="9"/><date '
        f'when="2001"/></imprint></monogr>'
        "</biblStruct>"
        for n in range(3)
    )
    header = (
        '<fileDesc><titleStmt><title level="a" type="main">Rest in lupus</title></titleStmt><sourceDesc>'
        "<biblStruct><analytic>"
        '<author><persName><forename type="first">Ann</forename><forename type="middle">B</forename>'
        "<surname>Roe</surname>"
        '</persName></author><idno type="DOI">10.1000/x</idno></analytic><monogr><title level="j">J '
        "Rest</title><imprint>"
        '<date type="published" when="2020-03-01"/></imprint></monogr></biblStruct></sourceDesc></fileDesc>'
        "<profileDesc><abstract><div><p>In short.</p></div></abstract></profileDesc>"
    )
    back = f'<back><div type="references"><listBibl>{entries}</listBibl></div></back>'
    source = f"<teiHeader>{header}</teiHeader><text><body>{body}</body>{back}</text>"
    return read("a.xml", f'<TEI xmlns="http://www.tei-c.org/ns/1.0">{source}</TEI>'.encode())


def test_the_title_page_and_the_sections() -> None:
    found = document('<div><head n="1">Methods</head><p>How.</p></div>')
    about = found.bibliography
    assert found.format == "tei"
    assert (about.title, about.authors) == ("Rest in lupus", ("Ann B Roe",))
    assert (about.journal, about.year, about.doi) == ("J Rest", 2020, "10.1000/x")
    assert [section.heading for section in found.sections] == ["Abstract", "1 Methods", "References"]


def test_marks_lead_to_references() -> None:
    links = '<ref type="bibr" target="#b0">[1]</ref>–<ref type="bibr" target="#b2">[3]</ref>'
    found = document(f'<div><p>So {links} and (<ref type="bibr" target="#b1">Poe, 2001</ref>).</p></div>')
    assert [(found.text[mention.start : mention.end], mention.references) for mention in found.mentions] == [
        ("[1]–[3]", (0, 1, 2)),
        ("(Poe, 2001)", (1,)),
    ]
    first = found.references[0]
    assert found.text[first.start : first.end] == "X Poe. Title 0. J Rest. 2001;1:3-9."


def test_figures_and_tables() -> None:
    figure = "<figure><head>Figure 1</head><label>1</label><figDesc>Flow of patients.</figDesc></figure>"
    table = (
        "<figure type='table'><head>Table 1</head><figDesc>Doses.</figDesc><table><row>"
        "<cell>a</cell><cell>b</cell></row></table></figure>"
    )
    assert "Figure 1. Flow of patients.\n\nTable 1. Doses.\na | b" in document(figure + table).text
