"""What a printed entry of a reference list says is read from it in any of the usual styles; what is unclear is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.references.entries import Entry, parse_entry

PEOPLE = ("Nakamura", "van der Berg", "O’Brien")
TITLE = "Counting of cells in mice: a randomised trial"

STYLES = {
    "Vancouver": "7. Nakamura J, van der Berg PJ, O’Brien K. Counting of cells in mice: a randomised trial. "
    "N Engl J Med. 2019 Mar 3;12(3):34-56. doi: 10.1000/j.cell.2019",
    "AMA": "7. Nakamura J, van der Berg PJ, O’Brien K. Counting of cells in mice: a randomised trial. JAMA. "
    "2019;12(3):34-56. doi:10.1000/j.cell.2019",
    "APA": "Nakamura, J., van der Berg, P. J., & O’Brien, K. (2019). Counting of cells in mice: a randomised trial. "
    "Journal of Cells, 12(3), 34–56. https://doi.org/10.1000/j.cell.2019",
    "Harvard": "Nakamura, J, van der Berg, PJ and O’Brien, K (2019) 'Counting of cells in mice: a randomised trial', "
    "Journal of Cells, 12(3), pp. 34-56. doi: 10.1000/j.cell.2019.",
    "Nature": "7. Nakamura, J., van der Berg, P. J. & O’Brien, K. Counting of cells in mice: a randomised trial. "
    "Nat. Rev. Cell Biol. 12, 34–56 (2019). https://doi.org/10.1000/j.cell.2019",
    "IEEE": "[7] J. Nakamura, P. J. van der Berg, and K. O’Brien, “Counting of cells in mice: a randomised trial,” "
    "IEEE Trans. Cells, vol. 12, no. 3, pp. 34–56, Mar. 2019, doi: 10.1000/j.cell.2019.",
    "Chicago": "Nakamura, John, Piet van der Berg, and Kate O’Brien. “Counting of cells in mice: a randomised "
    "trial.” Journal of Cells 12, no. 3 (2019): 34–56. https://doi.org/10.1000/j.cell.2019.",
    "Elsevier": "[7] J. Nakamura, P.J. van der Berg, K. O’Brien, Counting of cells in mice: a randomised trial, "
    "J. Biol. Chem. 12 (2019) 34–56, https://doi.org/10.1000/j.cell.2019.",
    "BMC": "7. Nakamura J, van der Berg PJ, O’Brien K: Counting of cells in mice: a randomised trial. "
    "J Cells 2019, 12:34–56. 10.1000/j.cell.2019",
    "MDPI": "7. Nakamura, J.; van der Berg, P.J.; O’Brien, K. Counting of cells in mice: a randomised trial. "
    "J. Cells 2019, 12, 34–56, doi:10.1000/j.cell.2019. [CrossRef] [PubMed]",
    "Springer": "Nakamura J, van der Berg PJ, O’Brien K (2019) Counting of cells in mice: a randomised trial. "
    "J Cells 12(3):34–56. https://doi.org/10.1000/j.cell.2019",
    "Royal Society": "7. Nakamura J, van der Berg PJ, O’Brien K 2019 Counting of cells in mice: a randomised trial. "
    "J. Cells 12, 34–56. (doi:10.1000/j.cell.2019)",
    "PLOS": "7. Nakamura J, van der Berg PJ, O’Brien K (2019) Counting of cells in mice: a randomised trial. "
    "PLoS Cell 12: e34. pmid:12345678 doi:10.1000/j.cell.2019",
    "German": "7. Nakamura J, van der Berg PJ und O’Brien K (2019) Counting of cells in mice: a randomised trial. "
    "Dtsch Zellwochenschr 12:34–56. doi:10.1000/j.cell.2019",
    "French": "Nakamura J, van der Berg PJ et O’Brien K. Counting of cells in mice: a randomised trial. "
    "Presse Cell 2019;12:34–56. doi:10.1000/j.cell.2019",
}


@pytest.mark.parametrize("style", STYLES)
def test_all_fields_in_every_style(style: str) -> None:
    read = parse_entry(STYLES[style])
    assert read.authors == PEOPLE
    assert (read.year, read.title, read.doi) == (2019, TITLE, "10.1000/j.cell.2019")


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("[23] Doe J. Cells. BMJ 2010;1:2.", "23"),
        ("23. Doe J. Cells. BMJ 2010;1:2.", "23"),
        ("(23) Doe J. Cells. BMJ 2010;1:2.", "23"),
        ("23 Doe J. Cells. BMJ 2010;1:2.", "23"),
        ("23.•• Doe J: Cells. BMJ 2010, 1:2.", "23"),
        ("[Doe10] Doe J. Cells. BMJ 2010;1:2.", "Doe10"),
        ("Doe J. Cells. BMJ 2010;1:2.", ""),
    ],
)
def test_labels(words: str, label: str) -> None:
    assert parse_entry(words).label == label


@pytest.mark.parametrize(
    ("words", "authors"),
    [
        (
            "Al-Salem S, D'Angelo R, MacDonald R 3rd, 't Hoen PA. Cells. BMJ 2010;1:2.",
            "Al-Salem D'Angelo MacDonald 't·Hoen",
        ),
        ("Müller-Lüdenscheidt H, Łęcki Ż, Šimůnek P, et al. Cells. BMJ 2010;1:2.", "Müller-Lüdenscheidt Łęcki Šimůnek"),
        ("Doe J, Roe K; Zelda Study Group. Cells. BMJ 2010;1:2.", "Doe Roe"),
        ("Doe J, Roe K, on behalf of the investigators of the Zelda Trial. Cells. BMJ 2010;1:2.", "Doe Roe"),
        ("Doe, J. et al. Cells in mice. Nature 1, 2 (2010).", "Doe"),
        ("Doe, J., Roe, K., . . . Poe, L. (2010). Cells in mice. BMJ, 1, 2.", "Doe Roe Poe"),
        ("World Health Organization. Cells in mice. Geneva: WHO; 2010.", "World·Health·Organization"),
        ("Zelda Collaborative Group. Cells in mice. BMJ 2010;1:2.", "Zelda·Collaborative·Group"),
        ("NICE. Cells in mice. London: NICE; 2010.", "NICE"),
        ("DOE J., ROE K. Cells in mice. BMJ 2010;1:2.", "DOE ROE"),
        ("The counting of cells in mice. BMJ 2010;1:2.", ""),
        ("J. Doe, K. Roe, J. Am. Chem. Soc. 2010, 132, 1234–1240.", "Doe Roe"),
    ],
)
def test_authors(words: str, authors: str) -> None:
    assert parse_entry(words).authors == tuple(name.replace("·", " ") for name in authors.split())


@pytest.mark.parametrize(
    ("words", "year", "title"),
    [
        ("Doe J. Handbook of cells. 2nd ed. New York: Roe; 2010.", 2010, "Handbook of cells"),
        ("Doe J. T cells. In: Roe P, editor. Handbook. Berlin: Poe; 2012. p. 1–9.", 2012, "T cells"),
        ("Doe, J. (2018). Cells: a primer. Roe University Press.", 2018, "Cells: a primer"),
        ("Doe J. Cells in mice. medRxiv [Preprint]. 2020 Apr 3 [cited 2021 May 5].", 2020, "Cells in mice"),
        ("Doe J. Is it so? A trial of cells. BMJ 2010;1:2.", 2010, "Is it so? A trial of cells"),
        ("Doe J. Effects of E. coli in mice. BMJ 2010;1:2.", 2010, "Effects of E. coli in mice"),
        ("Doe J. 2010 guidelines on cells. Eur Cell J. 2011;37:1–9.", 2011, "2010 guidelines on cells"),
        ("Doe J. Cells in 2010 and 2011. J. Biol. Chem. 2012;1:2.", 2012, "Cells in 2010 and 2011"),
        ("Doe J. Lancet 2010; 375: 1–9.", 2010, ""),
        ("Doe, J. (n.d.). Cells in mice. Roe Press.", None, "Cells in mice"),
        ("Doe J. Cells in mice. BMJ. in press.", None, "Cells in mice"),
        ("Roe Society. Cells in mice. https://example.org. Accessed 3 March 2021.", None, "Cells in mice"),
    ],
)
def test_books_chapters_pages_and_preprints(words: str, year: int | None, title: str) -> None:
    read = parse_entry(words)
    assert (read.year, read.title) == (year, title)


def test_a_doi_broken_after_its_slash_is_joined() -> None:
    assert parse_entry("Doe J. Cells. BMJ 2010;1:2. doi: 10.1016/ j.cell.2019").doi == "10.1016/j.cell.2019"


def test_two_dois_are_none() -> None:
    assert parse_entry("Doe J. Cells. BMJ 2010. doi:10.1000/abc. Erratum: doi:10.1000/xyz").doi == ""


@pytest.mark.parametrize(
    "words", ["", "  ", "see the text", "7.", "https://example.org/page", "7. Personal communication."]
)
def test_what_says_nothing_stays_empty(words: str) -> None:
    read = parse_entry(words)
    assert (read.authors, read.year, read.title, read.doi) == ((), None, "", "")


@given(st.text(max_size=300))
def test_any_text_is_read_without_harm(words: str) -> None:
    read = parse_entry(words)
    assert isinstance(read, Entry)
    assert all(name == " ".join(name.split()) and name for name in read.authors)
    assert read.year is None or 1600 <= read.year <= 2099


@given(
    st.lists(
        st.sampled_from(["Doe J", ", ", ". ", "(2010)", "2010", ";", "12", ":", "3–4", "Cells", "in", " "]), max_size=30
    )
)
def test_any_jumble_of_parts_is_read_without_harm(parts: list[str]) -> None:
    read = parse_entry("".join(parts))
    assert read.title in " ".join("".join(parts).split())


def test_a_doi_with_angle_brackets_is_whole() -> None:
    doi = "10.1002/(SICI)1096-9861(19960401)367:2<319::AID-CNE12>3.0.CO;2-L"
    assert parse_entry(f"Doe J. Cells. J Comp Cell. 1996;367:319–326. doi: {doi}.").doi == doi


def test_a_list_of_authors_without_its_full_stop_ends_where_the_title_begins() -> None:
    read = parse_entry("Doe J, Roe KL Counting of cells. BMJ 2010;1:2.")
    assert (read.authors, read.title) == (("Doe", "Roe"), "Counting of cells")


def test_a_title_that_may_end_at_any_comma_is_none() -> None:
    assert parse_entry("Roe Society. Global plan on Cells, Mice and Men 2004; 2015.").title == ""
