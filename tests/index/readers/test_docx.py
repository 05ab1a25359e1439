"""Word documents: what a reader of the printed page sees, and nothing of what Word keeps beside it."""

from __future__ import annotations

import base64
import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_files import STYLES, docx, field, p, packed, r, zotero

from index.documents import Document
from index.errors import UnreadableFileError
from index.readers import read

PROSE = "Lupus is a disease in which the immune system attacks the body's own tissue."


def document(body: str, **others: str) -> Document:
    return read("a.docx", docx(body, **others))


def text(body: str, **others: str) -> str:
    return document(body, **others).text


def test_headings_are_told_by_style_whatever_language_word_speaks() -> None:
    made = document(
        p("Background", "berschrift1") + p(PROSE) + p("Cells", "berschrift2") + p(PROSE)
        + p("Antibodies", "Eigen") + p(PROSE) + p("Direct", properties='<w:outlineLvl w:val="0"/>') + p(PROSE)
    )  # fmt: skip
    assert [section.heading for section in made.sections] == ["Background", "Cells", "Antibodies", "Direct"]
    assert made.sections[0].end == made.sections[3].start
    assert made.sections[1].end == made.sections[2].start


@pytest.mark.parametrize("level", ["²", "½", "", "-1", "9" * 5000, "x"])
def test_a_level_that_is_no_number_costs_no_word(level: str) -> None:
    made = document(p("Results", properties=f'<w:outlineLvl w:val="{level}"/>') + p(PROSE))
    assert made.text.split("\n\n") == ["Results", PROSE]


def test_a_manuscript_without_styles_has_its_bold_lines_for_headings() -> None:
    bold = "<w:b/>"
    made = document(
        p(r("Cells of the gut", bold)) + p(PROSE) + p("Discussion") + p(PROSE) + p(r("Bold", bold) + r(" begins it."))
        + p(r("Table 1. Doses", bold)) + p(PROSE)
    )  # fmt: skip
    assert [section.heading for section in made.sections] == ["Cells of the gut", "Discussion"]


def test_the_title_and_the_authors_stand_on_the_title_page() -> None:
    made = document(
        p("CAR T cells in lupus", "Titel")
        + p(r("Jane Q. Doe") + r("1,2", '<w:vertAlign w:val="superscript"/>') + r(", Max Müller and Ana de Sá"))
        + p("1 Department of Medicine, University of Nowhere, jane@example.org")
        + p("Abstract", "berschrift1")
        + p(PROSE)
    )
    assert made.bibliography.title == "CAR T cells in lupus"
    assert made.bibliography.authors == ("Jane Q. Doe", "Max Müller", "Ana de Sá")
    for field_, stands in (("title", "CAR T cells in lupus"), ("authors", "Jane Q. Doe1,2, Max Müller and Ana de Sá")):
        assert [span.of(made.text) for span in made.bibliography.stated[field_]] == [stands]
    assert [span.of(made.text) for span in made.asides][1].startswith("1 Department")
    assert made.text.endswith(f"Abstract\n\n{PROSE}")


def test_authors_may_be_a_list_under_their_own_heading() -> None:
    made = document(
        p("CAR T cells in lupus", "Titel")
        + p("This manuscript was made on May 26, 2021.")
        + p("Authors", "berschrift1")
        + p("Jane Q. Doe 0000-0002-7133-8397 · janedoe University of Nowhere")
        + p("Max Müller, Jr. 0000-0002-7133-8398 · Clinic of Nowhere")
        + p("Introduction", "berschrift1")
        + p(PROSE)
    )
    assert made.bibliography.authors == ("Jane Q. Doe", "Max Müller, Jr")


@pytest.mark.parametrize("claimed", ["CAR T cells in lupus", "Microsoft Word - draft3.doc", ""])
def test_what_the_properties_claim_counts_only_if_the_title_page_says_it_too(claimed: str) -> None:
    parts = {
        "word/document.xml": zipfile.ZipFile(io.BytesIO(docx(p("CAR T cells in lupus") + p(PROSE * 4))))
        .read("word/document.xml")
        .decode(),
        "docProps/core.xml": f'<c xmlns:dc="d"><dc:title>{claimed}</dc:title><dc:creator>Account</dc:creator></c>',
    }
    made = read("a.docx", packed(parts)).bibliography
    assert "Account" not in made.authors
    assert made.title != "Microsoft Word - draft3.doc"
    if claimed.startswith("CAR"):
        assert made.title == claimed


def test_the_largest_letters_of_the_first_page_are_the_title() -> None:
    large, small = '<w:sz w:val="36"/>', '<w:sz w:val="22"/>'
    made = document(p(r("Reviews of lupus", small)) + p(r("Cells that heal lupus", large)) + p(r(PROSE * 5, small)))
    assert made.bibliography.title == "Cells that heal lupus"


def test_changes_are_accepted_and_comments_left_out() -> None:
    words = (
        r("The dose was ")
        + "<w:del><w:r><w:delText>5</w:delText></w:r></w:del><w:ins>"
        + r("10 ")
        + "</w:ins>"
        + "<w:moveFrom><w:r><w:t>away</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>mg</w:t></w:r></w:moveTo>"
        + '<w:r><w:commentReference w:id="1"/></w:r>'
        + r(" a day")
        + r("hidden", "<w:vanish/>")
    )
    joined = p("The end was", properties="<w:rPr><w:del/></w:rPr>") + p(" deleted.")
    assert text(p(words) + joined, comments=p("A comment")) == "The dose was 10 mg a day\n\nThe end was deleted."


def test_words_in_every_wrapping_are_read_once() -> None:
    box = "<w:txbxContent>" + p("In a box.") + "</w:txbxContent>"
    words = (
        "<w:hyperlink>" + r("A link, ") + "</w:hyperlink><w:smartTag>" + r("a tag, ") + "</w:smartTag>"
        "<w:sdt><w:sdtContent>" + r("a control, ") + "</w:sdtContent></w:sdt>"
        '<w:fldSimple w:instr="SEQ Figure">' + r("1") + "</w:fldSimple>"
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:tab/><w:t>co</w:t><w:softHyphen/><w:t>operate</w:t><w:noBreakHyphen/><w:t>s</w:t><w:br/>"
        '<w:sym w:font="Symbol" w:char="F061"/></w:r>'
    )
    assert text(p(words)) == "A link, a tag, a control, 1 cooperate\u2011s α\n\nIn a box."


def test_contents_and_empty_controls_are_no_text() -> None:
    contents = p(field('TOC \\o "1-3"', "Background 3"), "Verzeichnis1") + p("Cells 4", "Verzeichnis1")
    gallery = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        "<w:sdtContent>" + p("Background 3") + "</w:sdtContent></w:sdt>"
    )
    empty = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + p("Click here") + "</w:sdtContent></w:sdt>"
    assert text(contents + gallery + empty + p(PROSE)) == PROSE


def test_footnotes_follow_the_paragraph_they_hang_on() -> None:
    body = p(r("First.") + '<w:r><w:footnoteReference w:id="2"/></w:r>') + p("Second.")
    notes = '<w:footnote w:type="separator" w:id="0">' + p("line") + '</w:footnote><w:footnote w:id="2">' + p("A note.")
    assert text(body, footnotes=notes + "</w:footnote>") == "First.\n\nA note.\n\nSecond."


def test_a_table_is_read_row_by_row() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"

    nested = p("in 2020") + "<w:tbl>" + row(p("a"), p("b")) + "</w:tbl>"
    table = "<w:tbl>" + row(p("Drug"), p(""), p("Dose")) + row(p("Rituximab"), nested, p("5 mg")) + "</w:tbl>"
    box = "<w:tbl>" + row(p("Key points", "berschrift1") + p(PROSE * 4)) + "</w:tbl>"
    made = document(p("Before.") + table + box)
    assert made.text == f"Before.\nDrug | Dose\nRituximab | in 2020 a b | 5 mg\n\nKey points\n\n{PROSE * 4}"
    assert [block.kind for block in made.blocks] == ["prose", "line", "line", "line", "prose"]


def test_formulas_are_words() -> None:
    def m(kind: str, *inner: str) -> str:
        return f"<m:{kind}>{''.join(inner)}</m:{kind}>"

    def t(words: str) -> str:
        return m("r", m("t", words))

    fraction = m("f", m("num", t("a")), m("den", t("b+1")))
    power = m("sSup", m("e", t("x")), m("sup", t("2")))
    root = m("rad", m("e", t("y")))
    total = m("nary", '<m:naryPr><m:chr m:val="∑"/></m:naryPr>', m("sub", t("i")), m("sup", t("n")), m("e", t("k")))
    assert text(p(r("So ") + m("oMath", fraction, power, root, total) + r("."))) == "So a/(b+1)x²√y∑_i^n k."


def test_exponents_stay_exponents() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    assert text(p(r("10") + r("6", raised) + r(" cells min") + r("-1", raised))) == "10⁶ cells min⁻¹"


LUPUS = {
    "title": "Systemic lupus",
    "author": [{"family": "Tsokos", "given": "G"}],
    "issued": {"date-parts": [["2011"]]},
}
CARS = {"title": "CAR T cells", "DOI": "10.1000/cars", "author": [{"literal": "The Group"}, {"family": "Müller"}]}
ENTRIES = ("1. Tsokos G. Systemic lupus. Lancet 2011;1:2.", "2. The Group. CAR T cells. doi:10.1000/CARS")


def test_citations_of_reference_managers_point_to_the_list_they_wrote() -> None:
    listed = "".join(
        p(('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>ADDIN ZOTERO_BIBL {}</w:instrText></w:r>'
           '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' if at == 0 else "") + r(words)
          + ('<w:r><w:fldChar w:fldCharType="end"/></w:r>' if at == 1 else ""))
        for at, words in enumerate(ENTRIES)
    )  # fmt: skip
    made = document(p(r("Both are known ") + field(zotero(CARS, LUPUS), "(1,2)") + r(".")) + listed + p(PROSE))
    assert made.text == "\n".join(["Both are known (1,2).", *ENTRIES]) + f"\n\n{PROSE}"
    assert [(entry.authors, entry.year, entry.title, entry.doi) for entry in made.references] == [
        (("Tsokos",), 2011, "Systemic lupus", ""),
        (("The Group", "Müller"), None, "CAR T cells", "10.1000/cars"),
    ]
    assert [(made.text[m.start : m.end], m.references) for m in made.mentions] == [("(1,2)", (1, 0))]
    assert [span.of(made.text) for span in made.asides] == list(ENTRIES)


def test_endnote_citations_are_read_from_the_code_and_from_the_data_within_it() -> None:
    xml = (
        "<EndNote><Cite><Author>Tsokos</Author><Year>2011</Year><record><titles><title>Systemic lupus</title></titles>"
        "</record></Cite></EndNote>"
    )
    data = base64.b64encode(xml.encode()).decode()
    inner = (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:fldData>{data}</w:fldData></w:fldChar></w:r>'
        '<w:r><w:instrText>ADDIN EN.CITE.DATA</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    coded = field(f"ADDIN EN.CITE {xml}", "[1]")
    packed_ = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>ADDIN EN.CITE </w:instrText></w:r>' + inner
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + r("[1]") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )  # fmt: skip
    made = document(p(r("So ") + coded + r(" and ") + packed_) + p(ENTRIES[0], "Liste"))
    assert made.text.startswith("So [1] and [1]\n")
    assert [m.references for m in made.mentions] == [(0,), (0,)]


def test_a_typed_list_under_its_heading_is_numbered_by_word_or_by_hand() -> None:
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    made = document(
        p("Lupus is grave [1]. Cells help [2].") + p("References", "berschrift1")
        + p("Tsokos G. Systemic lupus. Lancet. 2011;1:2-3.", properties=numbered)
        + p("Müller F. CAR T cells. Nat Med. 2022;28:24-32.", properties=numbered) + p("Figure 1. Cells.")
    )  # fmt: skip
    assert [entry.label for entry in made.references] == ["1", "2"]
    assert [m.references for m in made.mentions] == [(0,), (1,)]
    assert made.text.endswith("\n\nFigure 1. Cells.")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (docx(""), "holds no text"),
        (docx("<w:p/>"), "holds no text"),
        (packed({"word/other.xml": "<x/>", "[Content_Types].xml": ""}), "holds no Word document"),
        (packed({"word/document.xml": "<w:document"}), "damaged"),
        (packed({"word/document.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "damaged .*entities"),
        (packed({"word/document.xml": "<a>" * 5000}), "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=f"^a.docx: .*{reason}") as refusal:
        read("a.docx", data)
    assert "\n" not in str(refusal.value)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = docx(p("A" * 40_000_000))
    assert len(bomb) < 200_000
    with pytest.raises(UnreadableFileError, match=r"unpacks to more than 32 MB"):
        read("a.docx", bomb)
    # Whatever size its headers claim.
    with zipfile.ZipFile(io.BytesIO(bomb)) as container:
        size = container.getinfo("word/document.xml").file_size
    with pytest.raises(UnreadableFileError, match="damaged"):
        read("a.docx", bomb.replace(struct.pack("<I", size), struct.pack("<I", 10)))


TAGS = st.sampled_from(["w:p", "w:r", "w:t", "w:ins", "w:tbl", "w:tr", "w:tc", "w:sdt", "w:sdtContent", "w:hyperlink"])
TREES = st.recursive(
    st.one_of(
        st.text("abc 1[]é. ", min_size=1, max_size=12),
        st.sampled_from(
            ["<w:br/>", '<w:fldChar w:fldCharType="begin"/>', '<w:fldChar w:fldCharType="separate"/>',
             '<w:fldChar w:fldCharType="end"/>', "<w:instrText>ADDIN ZOTERO_ITEM CSL_CITATION {</w:instrText>"]
        ),
    ),
    lambda inner: st.builds(lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", TAGS, st.lists(inner, max_size=4)),
    max_leaves=25,
)  # fmt: skip


@given(st.lists(TREES, max_size=6))
def test_whatever_the_tree_spans_lie_in_the_text(trees: list[str]) -> None:
    body = p("Lupus [1].") + "".join(trees) + p("References", "berschrift1") + p(ENTRIES[0])
    made = document(body, styles=STYLES)
    spans = [*made.blocks, *made.asides, *made.sections, *made.references, *made.mentions]
    assert all(0 <= span.start < span.end <= len(made.text) for span in spans)
    for order in (made.blocks, made.asides, made.mentions):
        assert [span.start for span in order] == sorted(span.start for span in order)
    for block, following in zip(made.blocks, made.blocks[1:], strict=False):
        assert block.end <= following.start
