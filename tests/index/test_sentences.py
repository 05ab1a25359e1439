"""What counts as a sentence, and what holds of the spans whatever the text."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents import Span
from index.sentences import repaired, sentence_spans, splitter_name

ROOT = Path(__file__).parents[2]


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Smolen et al. showed a response in 12 patients.", "No relapse occurred."],
        ["This was reported by Smolen et al. (2013) and others."],
        ["Methylprednisolone 100 mg i.v. was given before each infusion."],
        ["As shown in Fig. 2, the response was rapid."],
        ["See Figs. 3 and 4 and Suppl. Table S1 for details."],
        ["Some agents, e.g. Rituximab and Belimumab, act on B cells."],
        ["CAR-T vs. Rituximab was not compared."],
        ["Follow-up was approx. 12 months."],
        ["Guidelines by J. S. Smolen and D. van der Heijde were updated."],
        ["We thank Dr. A. B. Jones and Prof. Miller for advice."],
        ["The difference was significant (p < .001) at week 24."],
        ["The dose was 0.5 mg/kg.", "It was reduced to 0.25 mg/kg."],
        ["Growth of E. coli and S. aureus was inhibited."],
        ["The enterovirus group includes Staphylococcus spp. and others."],
        ["Patients were treated in St. Louis, Missouri."],
        ["This was approved (protocol No. 5 of 2019)."],
        ["The U.S. Food and Drug Administration approved it."],
        ["The agent depletes CD19+ T cells.", "It also affects IL-2.", "The effect was brief."],
        ["“We saw no relapse.”", "The authors then stopped."],
        ["(The trial was stopped early.)", "No further analysis was done."],
        ["mTOR was blocked.", "mRNA levels fell.", "p53 was not affected."],
        ["Tablets were taken b.i.d. with food."],
        ["Was remission lasting?", "In five patients it was."],
    ],
)
def test_a_stop_ends_a_sentence_only_where_the_sense_ends(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["Incidence rose in the U.S.", "The cause is unknown."],
        ["It was caused by hepatitis B.", "The vaccine prevents it."],
        ["This was a study of lung cancer.", "Factors were sought in earlier reports.", "Analysis was blinded."],
    ],
)
def test_an_abbreviation_may_also_end_a_sentence(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["Relapse was rare [1,2].", "Infections were common [3-5]."],
        ["Relapse was rare. [1,2]", "Infections were common. [3]"],
        ["Relapse was rare in lupus.[12]", "However, follow-up was short."],
        ["Many countries reported influenza.1", "While deaths fell, cases rose.2,3", "The cause is unknown."],
        ["Relapse was rare in lupus.12–14", "However, follow-up was short."],
        ["Relapse was rare in lupus.¹²", "However, follow-up was short."],
    ],
)
def test_a_reference_mark_stays_with_the_sentence_it_supports(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize("text", ["Values fell to 5.2 Units.", "See Fig.2 Panel A.", "About 0.11 MB were stored."])
def test_a_number_after_a_stop_is_not_always_a_reference_mark(text: str) -> None:
    assert sentences(text) == [text]


def test_wrapped_lines_are_one_sentence_and_a_blank_line_ends_one() -> None:
    text = "  A heading without a stop\n\nThe sentence wraps\nover two lines.  \n \nNext one"
    assert sentences(text) == ["A heading without a stop", "The sentence wraps\nover two lines.", "Next one"]


def test_a_heading_on_a_line_of_its_own_is_no_part_of_the_sentence_below() -> None:
    text = "Methods:\nPatients were given one infusion of the cells after lymphodepletion."
    assert sentences(text) == text.split("\n")


def test_each_item_of_a_list_is_a_sentence() -> None:
    text = "Diseases:\n  • Autoimmune Diseases\n  • Therapeutics\n  1. Lupus\n  2. Myositis"
    assert sentences(text) == ["Diseases:", "• Autoimmune Diseases", "• Therapeutics", "1. Lupus", "2. Myositis"]


def test_only_the_range_is_split_and_offsets_are_those_of_the_whole_text() -> None:
    text = "One was here. Two was there. Three was lost."
    assert sentence_spans(text, 14, 33) == [Span(14, 28), Span(29, 33)]


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 2), (100, 200), (0, -3)])
def test_an_empty_range_has_no_sentences(start: int, end: int) -> None:
    assert sentence_spans("A sentence.", start, end) == []


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "\u2028\t\x1c\u00a0"])
def test_white_space_holds_no_sentence(text: str) -> None:
    assert sentence_spans(text) == []


# Fragments that steer towards the rules, which random characters would seldom meet.
# fmt: off
FRAGMENTS = st.sampled_from([
    "et al.", "Fig.", "i.v.", "U.S.", "E. ", "A.", ".", "?", "!", "…", "...", " ", "  ", "\n", "\n\n", "\r\n", "\f",
    "\u00a0", "\u2028", "[1,2]", "[3].", "1", "12–14", "¹²", "(", ")", "“", "”", '"', "•", "- ", "1. ", "The ", "the ",
    "cancer", "We found", "mRNA", "p < .001", "😀", "e\u0301", "病毒。", "\ud800", "\x00",
])
# fmt: on
TEXTS = st.one_of(st.text(), st.lists(st.one_of(FRAGMENTS, st.text(max_size=4)), max_size=40).map("".join))


@settings(max_examples=500, deadline=None)
@given(TEXTS, st.data())
def test_spans_cover_any_range_of_any_text_exactly(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = sentence_spans(text, start, end)
    position = start
    for span in spans:
        assert position <= span.start < span.end <= end
        assert text[position : span.start].strip() == ""
        assert span.of(text) == span.of(text).strip()
        position = span.end
    assert text[position:end].strip() == ""


@settings(deadline=None)
@given(TEXTS)
def test_the_same_text_splits_alike_wherever_it_stands(text: str) -> None:
    alone = [(span.start + 4, span.end + 4) for span in sentence_spans(text)]
    assert [(span.start, span.end) for span in sentence_spans("xx. " + text + " yy.", 4, 4 + len(text))] == alone


@settings(deadline=None)
@given(TEXTS, st.lists(st.integers(-5, 60)))
def test_repair_takes_any_cuts_and_gives_rising_ones_within_the_text(text: str, cuts: list[int]) -> None:
    kept = repaired(text, cuts)
    assert kept[0] == 0
    assert kept == sorted(set(kept))
    assert kept[-1] < max(len(text), 1)


def test_a_long_block_splits_as_its_sentences_do() -> None:
    words = [f"Patient {i} had a sustained response at week {i % 52}." for i in range(2_000)]
    assert sentences(" ".join(words)) == words


@pytest.mark.parametrize(
    "text",
    [
        "word " * 1_000_000,
        "a" * 5_000_000,
        "." * 1_000_000,
        ". " * 500_000,
        "?" * 1_000_000,
        ("?" * 15 + "x") * 60_000,
        "A. " * 300_000,
        ".)" * 500_000,
        "\n" * 1_000_000,
        "?\n" * 200_000,
        "[1] " * 200_000,
        '"' * 1_000_000,
    ],
    ids=lambda text: f"{text[:16]!r}x{len(text)}",
)
def test_no_text_takes_long(text: str) -> None:
    began = time.perf_counter()
    spans = sentence_spans(text)
    assert time.perf_counter() - began < 30  # a few seconds at most; quadratic work would take minutes
    assert bool(spans) == bool(text.strip())


def test_the_name_tells_library_version_and_wrapper() -> None:
    library, version, rest = splitter_name().split(" ", 2)
    assert version == importlib.metadata.version(library)
    assert rest.removeprefix("+ repair ").isdigit()


def test_importing_the_module_does_not_load_the_library() -> None:
    code = "import sys, index.sentences; sys.exit('nupunkt' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
