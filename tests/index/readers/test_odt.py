"""OpenDocument texts: what a reader of the printed page sees."""

from __future__ import annotations

import json

import pytest
from office_files import ODT_NAMES, odt

from index.errors import UnreadableFileError
from index.readers import read

PROSE = "Lupus is a disease in which the immune system attacks the body's own tissue."


def h(words: str, level: int = 1) -> str:
    return f'<text:h text:outline-level="{level}">{words}</text:h>'


def p(words: str, style: str = "Text_20_body") -> str:
    return f'<text:p text:style-name="{style}">{words}</text:p>'


def text(body: str, styles: str = "") -> str:
    return read("a.odt", odt(body, styles)).text


def test_headings_lists_and_tables() -> None:
    body = (
        h("Background") + p(PROSE) + h("Cells", 2)
        + "<text:list><text:list-item>" + p("One") + "</text:list-item><text:list-item>" + p("Two")
        + "</text:list-item></text:list>" + p("Table 1. Doses.") + "<table:table><table:table-header-rows>"
        + "<table:table-row><table:table-cell>" + p("Drug") + "</table:table-cell><table:table-cell>" + p("Dose")
        + "</table:table-cell></table:table-row></table:table-header-rows><table:table-row><table:table-cell>" + p("A")
        + "</table:table-cell><table:covered-table-cell/><table:table-cell>" + p("5 mg") + p("daily")
        + "</table:table-cell></table:table-row></table:table>" + h("Discussion") + p(PROSE)
    )  # fmt: skip
    made = read("a.odt", odt(body))
    assert made.text == (
        f"Background\n\n{PROSE}\n\nCells\nOne\nTwo\n\nTable 1. Doses.\nDrug | Dose\nA | 5 mg daily\n\n"
        f"Discussion\n\n{PROSE}"
    )
    assert [section.heading for section in made.sections] == ["Background", "Cells", "Discussion"]
    assert made.format == "odt"


def test_title_and_authors() -> None:
    made = read(
        "a.odt",
        odt(
            p("CAR T cells in lupus", "P1") + p("Jane Q. Doe, Max Müller") + h("Abstract") + p(PROSE),
            '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>'
            '<style:style style:name="Title" style:family="paragraph"/>',
        ),
    )
    assert made.bibliography.title == "CAR T cells in lupus"
    assert made.bibliography.authors == ("Jane Q. Doe", "Max Müller")


def test_changes_comments_contents_and_spaces() -> None:
    styles = (
        '<style:style style:name="T1" style:family="text"><style:text-properties style:text-position="super 58%"/>'
        '</style:style><style:style style:name="T2" style:family="text"><style:text-properties text:display="none"/>'
        "</style:style>"
    )
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion>" + p("deleted")
        + "</text:deletion></text:changed-region></text:tracked-changes>"
        + "<text:table-of-content><text:index-body>" + p("Background 3") + "</text:index-body></text:table-of-content>"
        + p('Ten<text:s text:c="3"/>is<text:tab/>10<text:span text:style-name="T1">1</text:span><text:line-break/>'
            "<office:annotation>" + p("a comment")
            + '</office:annotation>here<text:span text:style-name="T2">not</text:span>.')
    )  # fmt: skip
    assert text(body, styles) == "Ten is 10¹ here."


def test_notes_and_text_boxes_follow_their_paragraph() -> None:
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        + p("A note.")
        + "</text:note-body></text:note>"
    )
    box = "<draw:frame><draw:text-box>" + p("A box.") + "</draw:text-box></draw:frame>"
    assert text(p(f"First{note}.{box}") + p("Second.")) == "First.\n\nA note.\n\nA box.\n\nSecond."


def test_an_embedded_formula_is_read() -> None:
    math = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mfrac><mi>a</mi><mi>b</mi></mfrac>'
        '<annotation encoding="StarMath 5.0">a over b</annotation></semantics></math>'
    )
    frame = '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
    assert read("a.odt", odt(p(f"So {frame}."), **{"Object 1/content.xml": math})).text == "So a/b."


ENTRY = "Tsokos G. Systemic lupus. Lancet. 2011;1:2-3."


def test_citations_point_to_the_bibliography() -> None:
    own = (
        '<text:bibliography-mark text:identifier="Tso11" text:author="Tsokos, George" text:year="2011" '
        'text:title="Systemic lupus">[Tso11]</text:bibliography-mark>'
    )
    item = {"title": "Systemic lupus", "author": [{"family": "Tsokos"}], "issued": {"date-parts": [[2011]]}}
    code = json.dumps({"citationItems": [{"id": 1, "itemData": item}]}).replace('"', "&quot;")
    name = f'text:name="ZOTERO_ITEM CSL_CITATION {code} RND1"'
    zotero = f"<text:reference-mark-start {name}/>(1)<text:reference-mark-end {name}/>"
    listed = "<text:bibliography><text:index-body>" + p(f"[Tso11] {ENTRY}") + "</text:index-body></text:bibliography>"
    section = '<text:section text:name="ZOTERO_BIBL {} CSL_BIBLIOGRAPHY RND2">' + p(f"1. {ENTRY}") + "</text:section>"
    for mark, cited, bibliography in (("[Tso11]", own, listed), ("(1)", zotero, section)):
        made = read("a.odt", odt(p(f"It is grave {cited}, they say.") + bibliography))
        assert [(made.text[m.start : m.end], m.references) for m in made.mentions] == [(mark, (0,))]
        assert [(entry.authors, entry.year, entry.title) for entry in made.references] == [
            (("Tsokos",), 2011, "Systemic lupus")
        ]
        assert len(made.asides) == 1


def test_a_flat_file_is_read_too() -> None:
    body = f"<office:body><office:text>{p(PROSE)}</office:text></office:body>"
    flat = f"<office:document {ODT_NAMES}>{body}</office:document>"
    for start in ("", "<?xml version='1.0' encoding='UTF-8'?>\n"):
        made = read("a.fodt", (start + flat).encode())
        assert (made.text, made.format) == (PROSE, "odt")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (odt(p("secret"), manifest="<manifest:encryption-data/>"), "needs a password"),
        (odt(""), "holds no text"),
        (odt("<text:p>broken"), "damaged"),
        (odt(p("A" * 40_000_000)), "unpacks to more than 32 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=f"^a.odt: .*{reason}"):
        read("a.odt", data)


@pytest.mark.parametrize("level", ["²", "½", "", "-1", "9" * 5000, "x"])
def test_a_level_that_is_no_number_costs_no_heading(level: str) -> None:
    made = read("a.odt", odt(f'<text:h text:outline-level="{level}">Results</text:h>{p("The heart beats on.")}'))
    assert [section.heading for section in made.sections] == ["Results"]


def test_what_is_damaged_is_told_in_one_line_whatever_its_lines_hold() -> None:
    with pytest.raises(UnreadableFileError, match=r"^a\.odt: its part content\.xml is damaged") as refused:
        read("a.odt", odt("<![CDATA[\n\nno\nend"))
    assert "\n" not in refused.value.message
