"""Site furniture is dropped; prose and matter by the authors stay, whatever they mention."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.blocks import blocks
from index.cleaning import furniture, reference_list

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
PARAGRAPH = (
    "Autoimmune disorders occur when immune cells attack the body's own tissues, and they are largely treated by "
    "broad immunosuppressive agents, which can manage the diseases but often are not curative in the long run."
)


def dropped(text: str) -> list[str]:
    return [span.of(text) for span in furniture(text, blocks(text))]


def within_prose(line: str) -> str:
    return f"{PARAGRAPH}\n\n{line}\n\n{PARAGRAPH}\n"


def seed(prefix: str) -> str:
    with next(SEEDS.glob(f"{prefix}*.txt")).open(encoding="utf-8", newline="") as file:
        return file.read()


def test_the_furniture_of_a_reference_manager_page() -> None:
    assert dropped(seed("000")) == [
        "Citations of this article",
        "Mendeley users who have this article in their library.",
        "Register to see more suggestions",
        "Mendeley helps you to discover research relevant for your work.",
        "Already have an account?",
        "Save time finding and organizing research with Mendeley",
        "Sign up for free",
    ]


def test_the_furniture_of_a_journal_page() -> None:
    found = dropped(seed("004"))
    assert found[:-1] == ["Article Text", "Download PDFPDF", "Statistics from", "Request Permissions"]
    assert found[-1].startswith("If you wish to reuse any or all of this article")


@pytest.mark.parametrize(
    "line",
    [
        "Skip to main content",
        "An official website of the United States government",
        "Access this article",
        "Buy article PDF",
        "Log in via an institution",
        "Similar content being viewed by others",
        "Thank you for visiting our site. To obtain the best experience, we recommend a more up to date browser.",
        "We use cookies to improve your experience. Manage your cookie preferences in the settings.",
        "Recommended articles",
        "Cited by (12)",
        "1,786 Accesses",
        "View PDF",
        "Share on Twitter",
        "Follow us on Facebook",
        "Sign up for our newsletter",
        "Subscribe to email alerts",
        "Export citation",
        "Privacy Policy | Terms of Use",
        "© 2021 Some Publisher Ltd. All rights reserved.",
        "CAS Article PubMed Google Scholar",
        "ArticlePubMedGoogle Scholar",
        "You can also search for this author in PubMed Google Scholar",
    ],
)
def test_labels_counters_footers_and_appeals_are_dropped_anywhere(line: str) -> None:
    assert dropped(within_prose(line)) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Patients were asked to register and to log in to the website before each visit.",
        "The data can be downloaded from GEO under accession number GSE12345.",
        "The app lets you share your results with friends.",
        "Search strategy",
        "Use of Facebook in clinics",
        "Statistics",
        "Access to care",
        "Email reminders and text messages",
        "Save the joint: new therapies",
        "Participants received a link by email and could download the questionnaire.",
        "Cookies and privacy in mobile health were discussed by the respondents.",
        "Smith J, Jones K. How users share articles. J Web Sci. 2020;12:1-9.",
        "If you have lupus, treatment may help you.",
        "We searched PubMed, Scopus and Web of Science.",
        "© 2020 The Authors. Published by Elsevier.",
    ],
)
def test_the_articles_own_words_stay_even_where_they_speak_of_sites(line: str) -> None:
    assert dropped(within_prose(line)) == []


@pytest.mark.parametrize(
    "line",
    [
        "Correspondence to Dr A Writer, Department of Medicine, Somewhere; writer@example.org",
        "Keywords: autoimmune diseases, cell therapy",
        "Funding This research received no grant.",
        "Competing interests None declared.",
        "Contributors AB wrote the manuscript.",
        "Handling editor C D Editor",
        "Patient and public involvement Patients were not involved.",
        "Provenance and peer review Commissioned; externally peer reviewed.",
        "Ethics approval Not applicable.",
        "Data availability statement Data are available on request; please contact the authors by email.",
        "Acknowledgements We thank our library and the users of this website.",
        "Department of Information, University of Somewhere",
    ],
)
def test_author_matter_stays_between_furniture(line: str) -> None:
    text = f"{PARAGRAPH}\n\nRequest Permissions\n\n{line}\n\nDownload PDF\n"
    assert line not in dropped(text)
    assert "Request Permissions" in dropped(text)


def test_a_menu_is_dropped_whole_but_a_lone_word_of_it_is_not() -> None:
    assert dropped(within_prose("Search\n\nHelp\n\nContact\n\nJournals")) == ["Search", "Help", "Contact", "Journals"]
    assert dropped(within_prose("Search")) == []


def test_titles_of_other_articles_go_with_the_heading_that_lists_them() -> None:
    text = f"{PARAGRAPH} {PARAGRAPH}\n\nSimilar articles\n\nA trial of something else\n\nMarch 24, 2020\n"
    assert dropped(text) == ["Similar articles", "A trial of something else", "March 24, 2020"]


def test_the_title_below_a_menu_stays() -> None:
    text = f"Skip to main content\nRelated articles\nPDF\n\nCell therapy of lupus in adults\n\n{PARAGRAPH * 2}\n"
    assert "Cell therapy of lupus in adults" not in dropped(text)


def test_keywords_in_a_list_stay() -> None:
    text = f"{PARAGRAPH}\n\nDownload PDF\nKeywords\nEosinophilia\nToxicity\nShare this article\n"
    assert dropped(text) == ["Download PDF", "Share this article"]


def test_the_reference_list_runs_from_its_heading_to_its_last_entry() -> None:
    entries = "1. Smith J. On cells. J Cell. 2019;1:2-3.\n2. Doe A, Roe B. On mice. Nature. 2020;5:6. doi:10.1000/x\n"
    text = f"{PARAGRAPH}\n\nReferences\n\n{entries}\nAcknowledgements\n\nWe thank all.\n"
    span = reference_list(text, blocks(text))
    assert span is not None
    assert span.of(text) == f"References\n\n{entries}".rstrip()


def test_a_text_without_entries_has_no_reference_list() -> None:
    text = f"References\n\n{PARAGRAPH}\n\n{PARAGRAPH}"
    assert reference_list(text, blocks(text)) is None


@given(st.text())
def test_furniture_is_always_whole_blocks(text: str) -> None:
    parts = blocks(text)
    edges = {(block.start, block.end) for block in parts}
    assert all((span.start, span.end) in edges for span in furniture(text, parts))
    reference_list(text, parts)
