"""A document is called retracted, a correction, a preprint or a review only if it says so of itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.blocks import blocks
from index.publication_types import LABELS, labels, title_labels

PARAGRAPH = "The cells were cultured for three days and counted. " * 6 + "The counts rose in all groups."
TITLE = "On the counting of cells in mice"


def read(text: str, title: str = TITLE) -> tuple[tuple[str, ...], list[str]]:
    held, spans = labels(text, blocks(text), title)
    return held, [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("title", "held"),
    [
        ("RETRACTED ARTICLE: On the counting of cells", ("retracted",)),
        ("Retracted: On the counting of cells", ("retracted",)),
        ("[Retracted] On the counting of cells", ("retracted",)),
        ("RETRACTED: Counting cells: a systematic review", ("retracted", "review")),
        ("Correction to: On the counting of cells: a systematic review", ("correction",)),
        ("Erratum: On the counting of cells", ("correction",)),
        ("Author Correction: On the counting of cells", ("correction",)),
        ("Corrigendum to “On the counting of cells”", ("correction",)),
        ("Publisher's Correction", ("correction",)),
        ("Correction for Doe et al., On the counting of cells", ("correction",)),
        ("On the counting of cells: a systematic review and meta-analysis", ("review",)),
        ("A narrative review of the counting of cells", ("review",)),
        ("Counting cells: A Review", ("review",)),
        ("Counting of cells in mice: scoping review", ("review",)),
        ("Review: how cells are counted", ("review",)),
        ("Counting cells: review of the evidence", ("review",)),
        ("An umbrella review of cells", ("review",)),
    ],
)
def test_titles_that_say_it(title: str, held: tuple[str, ...]) -> None:
    assert title_labels(title) == held
    assert read(f"{title}\n\nAnn Doe, Bob Roe\n\n{PARAGRAPH}", title) == (held, [title])


@pytest.mark.parametrize(
    "title",
    [
        "Retracted publications in nursing",
        "Why articles are retracted: an analysis of notices",
        "Retraction of the nipple after surgery",
        "Correction of anaemia in mice",
        "Correction for multiple testing in cells",
        "Erratic cells in mice",
        "Effects of peer review on the quality of reports",
        "Counting cells in mice: protocol for a systematic review",
        "A retrospective chart review of mice",
        "A review of 120 cases of cells",
        "Case report and review of the literature",
        "Preprints in the life sciences",
        "How reviewers read",
        "",
    ],
)
def test_titles_that_only_speak_of_it(title: str) -> None:
    assert title_labels(title) == ()


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("RETRACTED", "retracted"),
        ("RETRACTED ARTICLE", "retracted"),
        ("This article has been retracted at the request of the editors.", "retracted"),
        ("Retraction notice: This article has been retracted.", "retracted"),
        ("The Editor-in-Chief and the publisher have retracted this article.", "retracted"),
        ("This article is a preprint and has not been peer reviewed.", "preprint"),
        ("This is a preprint. It has not been certified by peer review.", "preprint"),
        ("bioRxiv preprint doi: https://doi.org/10.1000/2020.01.01; this version posted January 1, 2020.", "preprint"),
        ("The copyright holder for this preprint (which was not certified by peer review) is the author.", "preprint"),
        ("arXiv:2003.01234v2 [q-bio.PE] 5 Mar 2020", "preprint"),
        ("Preprint submitted to Cells", "preprint"),
        ("Review", "review"),
        ("REVIEW ARTICLE", "review"),
        ("Systematic Review", "review"),
        ("Mini-review", "review"),
        ("Review | Open Access", "review"),
        ("Article type: Review", "review"),
        ("Erratum", "correction"),
        ("Correction", "correction"),
    ],
)
def test_lines_near_the_title_that_say_it(line: str, label: str) -> None:
    assert read(f"{line}\n\n{TITLE}\n\nAnn Doe, Bob Roe\n\n{PARAGRAPH}") == ((label,), [line])


@pytest.mark.parametrize(
    "words",
    [
        "The authors of that study retracted their article, as Doe and Roe found in a preprint posted on a server.",
        "This article was retracted in 2010, as every student of cells knows.",
        "Provenance and peer review: not commissioned; externally peer reviewed.",
        "We used a preprint by Doe and a systematic review by Roe.",
        "[@arxiv:1605.03661] counted cells.",
        "Retracted articles are cited for years.",
    ],
)
def test_a_text_that_only_speaks_of_it(words: str) -> None:
    assert read(f"{TITLE}\n\nAnn Doe, Bob Roe\n\n{words}\n\n{PARAGRAPH}") == ((), [])


def test_a_section_called_review_far_from_the_title_is_none() -> None:
    assert read(f"{TITLE}\n\nAnn Doe\n\n{PARAGRAPH}\n\n{PARAGRAPH}\n\n{PARAGRAPH}\n\nReview\n\n{PARAGRAPH}") == ((), [])


def test_review_in_a_menu_is_none() -> None:
    assert read(f"Skip to main content\n\nReview\n\nSubmit an article\n\n{TITLE}\n\nAnn Doe\n\n{PARAGRAPH}") == ((), [])


def test_a_title_that_is_not_in_the_text_has_no_span() -> None:
    assert read(PARAGRAPH, "Counting cells: a systematic review") == (("review",), [])


@given(
    st.lists(
        st.sampled_from(["RETRACTED", "Review", "Correction", TITLE, PARAGRAPH, "\n\n", "\n", " ", "preprint"]),
        max_size=12,
    )
)
def test_spans_are_of_the_text_and_labels_in_order(parts: list[str]) -> None:
    text = "".join(parts)
    held, spans = labels(text, blocks(text), TITLE)
    assert held == tuple(label for label in LABELS if label in held)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
