"""What a PDF's text is: the article's words in reading order, without what its pages carry beside them."""

from __future__ import annotations

import pytest
from pdf_pages import Page, pdf

from index.documents import Document
from index.readers.pdf import read

LEFT, RIGHT = 50.0, 320.0

ONE = (
    "Autoimmune diseases arise when the immune system turns against the tissues of its own body and keeps "
    "harming them over many years. Engineered cells that remove the antibody producing lymphocytes have been "
    "given to patients who did not respond to other treatment, and most of them went into remission."
)
TWO = (
    "The treatment was followed by fever in half of the patients, which ended within a week. Nobody needed "
    "intensive care. Infections were rare in the first year, although the number of lymphocytes stayed low "
    "for three months after the infusion of the cells."
)
THREE = (
    "Whether remission lasts is not known, for the longest observation ended after three years. Trials that "
    "compare the cells with other treatment are under way in several countries and will report in some years."
)


def blocks(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def two_columns(page: Page, left: str, right: str, top: float = 120) -> Page:
    page.column(LEFT, top, left)
    page.column(RIGHT, top, right)
    return page


def test_columns_are_read_one_after_the_other() -> None:
    document = read("a.pdf", pdf(two_columns(Page(), f"{ONE} {TWO}", f"{THREE} {ONE}")))

    assert document.text.index("Autoimmune") < document.text.index("other treatment, and") < document.text.index(THREE)
    assert THREE in document.text


def test_what_goes_across_both_columns_is_read_where_it_stands() -> None:
    page = Page()
    page.column(LEFT, 80, ONE, width=500)
    two_columns(page, f"{TWO} {TWO}", f"{THREE} {THREE}", top=140)

    text = read("a.pdf", pdf(page)).text

    assert text.startswith(ONE)
    assert text.index(ONE) < text.index(TWO) < text.index(THREE)


def test_a_paragraph_that_goes_on_in_the_next_column_and_on_the_next_page_is_one_block() -> None:
    words = f"{ONE} {TWO} {THREE} {ONE} {TWO}".split()
    parts = [" ".join(words[i : i + 60]) for i in range(0, len(words), 60)]
    pages = []
    for number in range(2):
        page = Page().words(LEFT, 40, "Doe et al. Journal of Cells 2021, 4:17", 7)
        page.words(300, 770, f"Page {number + 1} of 2", 7)
        pages.append(two_columns(page, *[*parts[2 * number : 2 * number + 2], ""][:2]))

    assert " ".join(words) in blocks(read("a.pdf", pdf(*pages)))


def test_running_heads_and_page_numbers_are_left_out() -> None:
    pages = []
    for number in range(4):
        page = Page().words(LEFT, 40, "Remission after cell therapy", 7).words(560, 40, str(217 + number), 7)
        page.column(LEFT, 120, f"{ONE} {number * 'More was seen. '}", width=500)
        pages.append(page)

    text = read("a.pdf", pdf(*pages)).text

    assert "Remission after cell therapy" not in text
    assert not any(str(217 + number) in text for number in range(4))


def test_numbers_of_lines_in_the_margin_are_left_out() -> None:
    page = Page()
    lines = f"{ONE} {TWO} {THREE}".split()
    for number in range(18):
        page.words(30, 100 + 24 * number, str(number + 1), 8)
        page.words(80, 100 + 24 * number, " ".join(lines[number * 6 : number * 6 + 6]), 10)

    assert read("a.pdf", pdf(page)).text.startswith("Autoimmune diseases arise when the immune system turns against")


def test_text_up_the_side_of_the_page_is_left_out() -> None:
    page = Page().words(20, 700, "Downloaded from a library on 3 May 2021", 8, turn=1)
    page.column(LEFT, 120, ONE, width=500)

    assert read("a.pdf", pdf(page)).text == ONE


def test_licences_and_copyright_lines_are_left_out() -> None:
    page = Page()
    below = page.column(LEFT, 120, ONE, width=500)
    page.column(
        LEFT,
        below + 40,
        "© 2021 The Authors. This is an open access article distributed under the CC BY licence.",
        500,
        6,
    )

    assert read("a.pdf", pdf(page)).text == ONE


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("These are auto-", "immune diseases of the joints.", "These are autoimmune diseases of the joints."),
        ("They were given anti-", "CD19 cells once.", "They were given anti-CD19 cells once."),
        ("The pre-", "and the post-test differed.", "The pre- and the post-test differed."),
    ],
)
def test_words_broken_at_a_line_end_are_joined_with_the_hyphen_they_have_elsewhere(
    first: str, second: str, expected: str
) -> None:
    page = Page().words(LEFT, 100, first).words(LEFT, 112, second)
    page.words(LEFT, 300, "Here the autoimmune kind is meant by that word.")

    assert blocks(read("a.pdf", pdf(page)))[0] == expected


def test_ligatures_are_letters() -> None:
    page = Page().words(LEFT, 100, "The \x01rst in\x02ux was de\x01ned as such.", font="serif")

    assert "The first influx was defined as such." in read("a.pdf", pdf(page)).text


def test_a_caption_does_not_break_the_paragraph_that_it_interrupts() -> None:
    page = Page()
    half = ONE.split()
    page.column(LEFT, 120, " ".join(half[:30]))
    page.words(LEFT, 400, "Figure 1. Patients in remission, by month.", 7, "bold")
    page.column(RIGHT, 120, " ".join(half[30:]))

    found = blocks(read("a.pdf", pdf(page)))

    assert ONE in found
    assert "Figure 1. Patients in remission, by month." in found


def test_rows_of_a_table_are_lines_with_bars() -> None:
    page = Page().words(LEFT, 100, "Table 1. Patients at the start.", 8, "bold")
    rows = [("Patients", "Men", "Women"), ("Young", "12", "13"), ("Old", "7", "9"), ("All", "19", "22")]
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            page.words(LEFT + 150 * at, 120 + 12 * number, cell, 7)
    page.column(LEFT, 240, ONE, width=500)

    document = read("a.pdf", pdf(page))

    assert "Young | 12 | 13" in blocks(document)
    assert ONE in blocks(document)
    assert {block.kind for block in document.blocks if "|" in document.text[block.start : block.end]} == {"line"}


def test_the_items_of_a_list_are_items() -> None:
    page = Page()
    top = page.column(LEFT, 100, "There were two aims:", width=400)
    for item in ("• to see how many went into remission;", "• to see how long it lasted."):
        top = page.column(LEFT + 10, top + 2, item, width=400)

    document = read("a.pdf", pdf(page))

    assert [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"] == [
        "• to see how many went into remission;",
        "• to see how long it lasted.",
    ]


def test_headings_make_sections_by_number_or_by_size() -> None:
    page = Page()
    top = 100.0
    for words, size, font in (
        ("1. Introduction", 10, "bold"),
        (ONE, 8, "plain"),
        ("2. Methods", 10, "bold"),
        ("2.1. Patients", 8, "bold"),
        (TWO, 8, "plain"),
        ("3. Results", 10, "bold"),
        (THREE, 8, "plain"),
    ):
        top = page.column(LEFT, top, words, width=500, size=size, font=font) + 8

    document = read("a.pdf", pdf(page))

    assert [s.heading for s in document.sections] == ["1. Introduction", "2. Methods", "2.1. Patients", "3. Results"]
    assert document.section_at(document.text.index("fever")) == "2.1. Patients"
    methods = document.sections[1]
    assert methods.start < document.text.index("fever") < methods.end == document.text.index("3. Results")


def test_letters_without_spaces_between_words_are_parted_where_the_page_shows_a_gap() -> None:
    page = Page()
    at = 50.0
    for word in ["Milk", "changes", "in", "the", "first", "month", "after", "birth."]:
        page.words(at, 100, word)
        at += (len(word) + 0.5) * 6

    assert read("a.pdf", pdf(page)).text == "Milk changes in the first month after birth."
