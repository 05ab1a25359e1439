"""What a PDF says of itself: title, byline, journal, DOI, reference list and what points to it."""

from __future__ import annotations

from pdf_pages import Page, pdf

from index.readers.pdf import read

PROSE = (
    "Engineered cells that remove the antibody producing lymphocytes have been given to patients who did not respond "
    "to other treatment, and most of them went into remission. Nobody needed intensive care. Infections were rare."
)


def title_page() -> Page:
    page = Page().words(50, 40, "Doe et al. Journal of Cells 2021, 4:17", 7)
    page.words(50, 52, "https://doi.org/10.1234/cells.2021.17", 7)
    page.words(50, 90, "REVIEW ARTICLE", 10, "bold")
    page.words(50, 120, "Cell therapy of autoimmune", 18, "bold").words(50, 140, "diseases in adults", 18, "bold")
    page.words(50, 170, "Jane Doe", 11).words(103, 166, "1", 6).words(107, 170, ", Richard Roe", 11)
    page.words(193, 166, "2", 6).words(198, 170, "and Mary A. Major", 11).words(311, 166, "1", 6)
    page.words(50, 190, "1 Department of Medicine, University of Somewhere, Sometown", 7)
    page.words(50, 230, "Abstract", 10, "bold")
    page.column(50, 245, PROSE, width=500)
    return page


def test_the_title_page_gives_the_bibliography_and_the_words_that_state_it() -> None:
    document = read("a.pdf", pdf(title_page(), info="/Title (Microsoft Word - final 3.doc)"))
    found = document.bibliography

    assert found.title == "Cell therapy of autoimmune diseases in adults"
    assert found.authors == ("Jane Doe", "Richard Roe", "Mary A. Major")
    assert (found.journal, found.year, found.doi) == ("Journal of Cells", 2021, "10.1234/cells.2021.17")
    for name, value in (("title", found.title), ("journal", found.journal), ("year", "2021"), ("doi", found.doi)):
        assert " ".join(span.of(document.text) for span in found.stated[name]) == value
    assert "Richard Roe" in found.stated["authors"][0].of(document.text)


def test_byline_and_affiliations_are_asides() -> None:
    document = read("a.pdf", pdf(title_page()))

    aside = "\n".join(span.of(document.text) for span in document.asides)

    assert "Jane Doe" in aside
    assert "University of Somewhere" in aside
    assert "intensive care" not in aside


def test_nothing_is_made_up_where_nothing_is_stated() -> None:
    page = Page()
    page.column(50, 100, PROSE, width=500)

    found = read("a.pdf", pdf(page, info="/Title (untitled) /Author (somebody)")).bibliography

    assert (found.title, found.authors, found.year, found.journal, found.doi) == ("", (), None, "", "")


def references() -> list[str]:
    return [
        "1. Miller A, Smith B. Cells that remove lymphocytes. Lancet. 2019;12:34-45.",
        "2. Jones C. Fever after the infusion of cells and what to do about it in the clinic. BMJ. 2020;3:12-9.",
        "3. Brown D, Green E. Long remission. Nat Med. 2021;7:88-90.",
    ]


def test_the_reference_list_is_an_aside_with_an_entry_for_each_reference() -> None:
    page = Page()
    top = page.column(50, 100, PROSE, width=500) + 10
    page.words(50, top, "References", 10, "bold")
    for entry in references():
        top = page.column(50, top + 14, entry, width=230, size=7, lead=9) - 9

    document = read("a.pdf", pdf(page))

    assert [
        f"{r.label}. {document.text[r.start : r.end].removeprefix(r.label + '. ')}" for r in document.references
    ] == references()
    assert [r.year for r in document.references] == [2019, 2020, 2021]
    assert all(any(s.start <= r.start and r.end <= s.end for s in document.asides) for r in document.references)


def test_raised_numbers_stay_in_the_text_and_point_to_the_reference_list() -> None:
    page = Page()
    page.words(50, 100, "Most patients went into remission.", 10).words(254, 96, "1,3", 6)
    page.words(270, 100, "Some had fever.", 10).words(360, 96, "2", 6)
    page.words(50, 112, "Nobody in that group needed intensive care at any time.", 10)
    page.words(50, 150, "References", 10, "bold")
    for number, entry in enumerate(references()):
        page.words(50, 170 + 14 * number, entry, 7)

    document = read("a.pdf", pdf(page))

    assert "remission.1,3 Some had fever.2 Nobody" in document.text
    marks = [(document.text[m.start : m.end], m.references) for m in document.mentions]
    assert marks == [("1,3", (0, 2)), ("2", (1,))]
