"""Layouts of manuscripts and of journals other than those with numbered lists below a heading."""

from __future__ import annotations

import pytest
from pdf_pages import Page, pdf, wrapped

from index.readers.pdf import read

PROSE = (
    "Engineered cells that remove the antibody producing lymphocytes have been given to patients who did not respond "
    "to other treatment, and most of them went into remission. Nobody needed intensive care. Infections were rare in "
    "the first year, although the number of lymphocytes stayed low for three months after the infusion of the cells."
)
AUTHORS = ["Abel", "Baker", "Crane", "Drake", "Eaton", "Frost", "Grant", "Hobbs"]


def entry(number: int) -> str:
    return f"{AUTHORS[number % 8]} A. Cells that remove lymphocytes. Lancet. {2001 + number};{number}:34-45."


def test_small_numbers_of_lines_are_left_out_where_marks_are_raised_as_well() -> None:
    page = Page()
    for number, line in enumerate(wrapped(f"{PROSE} {PROSE} {PROSE}", 250, 10)):
        page.words(30, 100 + 16 * number, str(number + 1), 5).words(80, 100 + 16 * number, line, 10)
        page.words(80 + 6 * len(line), 95 + 16 * number, "a", 6)

    text = read("a.pdf", pdf(page)).text

    assert not any(character.isdigit() for character in text)


def test_numbers_of_every_fifth_line_are_left_out_beside_both_columns_and_on_short_pages() -> None:
    pages, count = [], 0
    for rows in (30, 8):
        page = Page()
        for left in (60, 320):
            for row in range(rows):
                count += 1
                page.words(left, 100 + 12 * row, "It went on in a line of words", 10)
                if count % 5 == 0:
                    page.words(left - 8 - 3 * len(str(count)), 100 + 12 * row, str(count), 5)
        pages.append(page)

    text = read("a.pdf", pdf(*pages)).text

    assert not any(character.isdigit() for character in text)


def test_numbers_that_are_not_decimal_do_not_count_lines() -> None:
    page = Page()
    for row in range(9):
        page.words(30, 100 + 12 * row, "\u00b2", 8).words(60, 100 + 12 * row, "It went on in a line of words", 10)

    assert "It went on" in read("a.pdf", pdf(page)).text


def test_columns_are_told_apart_where_one_holds_a_list() -> None:
    page = Page()
    for row in range(16):
        page.words(60, 105 + 12 * row, f"- point {AUTHORS[row % 8]}", 10)
    for row in range(6):
        page.words(60, 310 + 10 * row, "A note of the authors on all of this here", 7)
    right = wrapped(f"{PROSE} {PROSE}", 240, 10)
    for row, line in enumerate(right):
        page.words(310, 100 + 12 * row, line, 10)

    assert f"{PROSE} {PROSE}" in read("a.pdf", pdf(page)).text


def test_a_heading_in_the_type_of_its_paragraph_stands_alone() -> None:
    page = Page().words(250, 100, "ABSTRACT")
    page.column(50, 113, PROSE, width=500, size=10, lead=12)

    assert [section.heading for section in read("a.pdf", pdf(page)).sections] == ["ABSTRACT"]


@pytest.mark.parametrize("raised", [False, True])
def test_a_numbered_list_without_a_heading_that_ends_the_document_is_its_reference_list(raised: bool) -> None:
    page = Page()
    top = page.column(50, 100, f"{PROSE} {PROSE}", width=500, size=10, lead=12)
    page.words(50, top, "Others saw the same [1] and more [3-5].", 10)
    for number in range(1, 8):
        label = str(number) if raised else f"[{number}]"
        page.words(50, top + 30 + 14 * number, label, 5 if raised else 8)
        page.words(53 if raised else 68, top + 30 + (3 if raised else 0) + 14 * number, entry(number), 8)

    document = read("a.pdf", pdf(page))

    assert [reference.label for reference in document.references] == [str(number) for number in range(1, 8)]
    assert [reference.year for reference in document.references] == [2001 + number for number in range(1, 8)]
    assert [mention.references for mention in document.mentions] == [(0,), (2, 3, 4)]


def test_a_section_about_references_is_no_reference_list() -> None:
    page = Page().words(50, 100, "References", 12, "bold")
    page.column(50, 120, PROSE, width=500)

    assert read("a.pdf", pdf(page)).references == ()


def test_entries_begin_where_lines_stand_out_to_the_left() -> None:
    page = Page()
    top = page.column(50, 100, PROSE, width=500) + 10
    page.words(50, top, "References", 10, "bold")
    for number in range(6):
        words = f"{AUTHORS[number]} A ({2001 + number}). Remission after the infusion of cells that remove lymphocytes."
        first, *rest = wrapped(f"{words} Journal of Long Names, {number}, 1-9.", 290, 8)
        top += 14
        page.words(50, top, first, 8)
        for line in rest:
            top += 10
            page.words(66, top, line, 8)

    document = read("a.pdf", pdf(page))

    assert [reference.year for reference in document.references] == [2001 + number for number in range(6)]


def bylined(*lines: tuple[float, str, str], head: str = "") -> Page:
    page = Page()
    if head:
        page.words(50, 50, head, 24)
    page.words(50, 110, "Cell therapy of diseases in adults", 18, "bold")
    for number, (left, words, font) in enumerate(lines):
        page.words(left, 150 + (0 if number and lines[number - 1][0] < left else 14 * number), words, 10, font)
    page.words(50, 300, "Abstract", 10, "bold")
    page.column(50, 315, PROSE, width=500, size=10, lead=12)
    return page


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([(50, "Jane Doe", "plain"), (50, "University of Somewhere", "italic")], ("Jane Doe",)),
        (
            [
                (50, "Jane Doe", "bold"), (50, "University of Somewhere", "plain"),
                (50, "Richard Roe", "bold"), (50, "Institute of Elsewhere", "plain"),
            ],
            ("Jane Doe", "Richard Roe"),
        ),
        (
            [(50, "Jane Doe, Member, IEEE, and Richard Roe, Senior Member, IEEE", "plain")],
            ("Jane Doe", "Richard Roe"),
        ),
        (
            [
                (50, "Jane Doe and Mary Major, University of Somewhere", "plain"),
                (50, "Richard Roe, Institute of Elsewhere", "plain"),
            ],
            ("Jane Doe", "Mary Major", "Richard Roe"),
        ),
        ([(50, "Jane Doe (doe@uni.example) Richard Roe (roe@uni.example)", "plain")], ("Jane Doe", "Richard Roe")),
    ],
)  # fmt: skip
def test_bylines_as_journals_set_them(lines: list[tuple[float, str, str]], expected: tuple[str, ...]) -> None:
    assert read("a.pdf", pdf(bylined(*lines))).bibliography.authors == expected


def test_authors_side_by_side_over_their_affiliations() -> None:
    page = bylined()
    for left, name in ((50, "Jane Doe"), (250, "Richard Roe"), (430, "Mary Major")):
        page.words(left, 150, name, 10).words(left, 164, "University", 8)

    assert read("a.pdf", pdf(page)).bibliography.authors == ("Jane Doe", "Richard Roe", "Mary Major")


def test_the_journals_name_in_large_type_is_no_title() -> None:
    page = bylined((50, "Jane Doe", "plain"), (50, "University of Somewhere", "plain"), head="Journal of Cells")

    assert read("a.pdf", pdf(page)).bibliography.title == "Cell therapy of diseases in adults"


def test_the_stamp_up_the_side_of_a_preprint_says_what_it_is_and_when() -> None:
    page = bylined((50, "Jane Doe", "plain"), (50, "University of Somewhere", "plain"))
    page.words(30, 600, "arXiv:2104.01234v2  [q-bio.QM]  17 May 2021", 14, turn=1)
    page.words(15, 600, "Downloaded from a library", 8, turn=1)

    document = read("a.pdf", pdf(page))

    found = document.bibliography
    assert (found.journal, found.year, found.labels) == ("arXiv", 2021, ("preprint",))
    assert [span.of(document.text) for span in found.stated["year"]] == ["2021"]
    assert any("arXiv" in span.of(document.text) for span in document.asides)
    assert "Downloaded" not in document.text


def test_words_in_another_face_are_parted_where_the_page_shows_a_gap() -> None:
    page = Page().words(50, 100, "The milk of", 10).words(122, 100, "Ailuropoda", 10, "italic")
    page.words(122 + 61.5, 100, "was clear.", 10)

    assert "Ailuropoda was clear." in read("a.pdf", pdf(page)).text


def test_how_to_cite_the_article_is_an_aside_wherever_it_stands() -> None:
    last = Page()
    below = last.column(50, 100, PROSE, width=500, size=10, lead=12)
    last.words(50, below + 40, "doi:10.1234/cells.17 Cite this article as: Doe J: Cell therapy. Cells 2021, 4:17.", 8)

    document = read("a.pdf", pdf(bylined((50, "Jane Doe", "plain"), (50, "University", "plain")), last))

    assert any("Cite this article" in span.of(document.text) for span in document.asides)
