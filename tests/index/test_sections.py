"""Sections begin at headings and labelled statements, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from index.blocks import blocks
from index.cleaning import furniture
from index.documents import Section
from index.sections import sections

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
PARAGRAPH = "The cells were cultured for three days and counted. " * 5 + "The counts rose in all groups."


def found(text: str) -> list[tuple[str, str]]:
    parts = blocks(text)
    return [(s.heading, text[s.start : s.end].strip()) for s in sections(text, parts, furniture(text, parts))]


def headings(text: str) -> list[str]:
    return [heading for heading, _ in found(text)]


def test_usual_names_head_the_sections_to_the_next_heading() -> None:
    text = f"A title of some article\n\nAbstract\n\n{PARAGRAPH}\n\nMethods\n\n{PARAGRAPH}\n\n{PARAGRAPH}\n"
    assert found(text) == [
        ("Abstract", f"Abstract\n\n{PARAGRAPH}"),
        ("Methods", f"Methods\n\n{PARAGRAPH}\n\n{PARAGRAPH}"),
    ]


def test_numbered_headings_are_kept_as_printed() -> None:
    text = f"1. Introduction\n\n{PARAGRAPH}\n\n2.1 Culture of cells\n\n{PARAGRAPH}\n"
    assert headings(text) == ["1. Introduction", "2.1 Culture of cells"]


def test_short_lines_between_paragraphs_are_headings() -> None:
    text = f"{PARAGRAPH}\n\nSafety of the Product\n\n{PARAGRAPH}\n"
    assert headings(text) == ["Safety of the Product"]


def test_capitals_before_a_paragraph_are_a_heading() -> None:
    assert headings(f"TITLE:\nOn cells\n\nABSTRACT.METHODS:\n{PARAGRAPH}\n") == ["ABSTRACT.METHODS"]


def test_labels_within_the_line_begin_a_section() -> None:
    text = f"Abstract: {PARAGRAPH}\n\nText: {PARAGRAPH}\n\nKeywords: cells, mice\n\n{PARAGRAPH}\n"
    assert found(text)[0] == ("Abstract", f"Abstract: {PARAGRAPH}")
    assert found(text)[2] == ("Keywords", "Keywords: cells, mice")


def test_labelled_statements_are_sections_of_their_own() -> None:
    text = (SEEDS / next(p.name for p in SEEDS.glob("004*"))).read_text(encoding="utf-8")
    assert headings(text) == [
        "Correspondence",
        "Handling editor",
        "Contributors",
        "Funding",
        "Competing interests",
        "Patient and public involvement",
        "Provenance and peer review",
    ]
    assert dict(found(text))["Competing interests"] == "Competing interests None declared."


def test_titles_bylines_captions_and_list_items_are_no_sections() -> None:
    text = (
        f"A Title of Some Article\n\n  1. Jane Q Doe,\n  2. John Roe\n\n{PARAGRAPH}\n\nFigure 1 Counts of cells\n\n"
        f"{PARAGRAPH}\n\n2020-03-01\n\n{PARAGRAPH}\n"
    )
    assert headings(text) == []


def test_running_sentences_that_begin_with_a_label_are_no_sections() -> None:
    assert headings("Funding was short in all of these years.\n\nEthics matter to patients.") == []


@given(st.text())
def test_sections_are_slices_in_order(text: str) -> None:
    parts = blocks(text)
    start = 0
    for section in sections(text, parts, furniture(text, parts)):
        assert isinstance(section, Section)
        assert start <= section.start < section.end <= len(text)
        start = section.start
