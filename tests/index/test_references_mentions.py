"""Where a text points to its reference list, in every usual style, and where numbers and years are something else."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.documents import Document, Mention, Reference, Span
from index.references.belonging import mentions_of
from index.references.lists import find_references
from index.references.mentions import mentions

NUMBERED = "References\n" + "".join(
    f"{i}. {name} A. Work on cells. BMJ 20{i:02};1:2.\n"
    for i, name in enumerate(["Doe", "Roe", "Poe", "Zoe", "Moe", "Noe", "Loe", "Koe", "Joe", "Hoe", "Goe", "Foe"], 1)
)
DATED = """References
Doe J, Roe K, Poe L (2022) Counting cells. Cell 28:21.
Müller F, Wang X (2023a) Cells. Lancet 1:2.
Müller F, Wang X (2023b) More cells. Lancet 1:3.
van der Berg P (2019) Other cells. Nature 3:4.
World Health Organization (2020) Report on cells. Geneva.
Smith J (2018) Cells alone. BMJ 1:2.
Smith J, Doe K, Loe R (2018) Cells with others. BMJ 1:3.
"""


def found(
    body: str, listed: str, superscripts: tuple[str, ...] = (), barred: tuple[Span, ...] = ()
) -> list[tuple[str, tuple[int, ...]]]:
    """Each mention with the places in the list that it names, counted from 1."""
    text = body + "\n\n" + listed
    references = find_references(text, [Span(len(body) + 2, len(text))])
    raised = []
    at = 0
    for one in superscripts:
        at = body.index(one, at)
        raised.append(Span(at, at + len(one)))
        at += len(one)
    return [
        (text[one.start : one.end], tuple(i + 1 for i in one.references))
        for one in mentions(text, references, barred, raised)
    ]


def test_numbers_in_brackets() -> None:
    body = "Cells [1] and [2, 4-6], too [7••], men[8]; see [9]–[11]; [reviewed in 12] and [1;3] [ 2 ] [5, p. 12]."
    assert found(body, NUMBERED) == [
        ("[1]", (1,)),
        ("[2, 4-6]", (2, 4, 5, 6)),
        ("[7••]", (7,)),
        ("[8]", (8,)),
        ("[9]–[11]", (9, 10, 11)),
        ("[reviewed in 12]", (12,)),
        ("[1;3]", (1, 3)),
        ("[ 2 ]", (2,)),
        ("[5, p. 12]", (5,)),
    ]


def test_any_dash_makes_a_range() -> None:
    for dash in "-‐‑–—−":
        assert found(f"Cells [1] [2] [3{dash}5].", NUMBERED)[-1] == (f"[3{dash}5]", (3, 4, 5))


def test_what_only_looks_like_numbers_in_brackets() -> None:
    body = (
        "Cells [1], [2] and [3]. It was 2.1 [95% CI 1.2-3.4] and [0.5, 1.5]; n = [12]; [Ca2+]; [2019]; the median was "
        "9 [4-8]; 40 [7, 9] years; 3-[2]pyridine and [1,4]benzodiazepine; t[1]; [99]; [3-99]."
    )
    assert [words for words, _ in found(body, NUMBERED)] == ["[1]", "[2]", "[3]"]


def test_numbers_next_in_turn_may_follow_a_value() -> None:
    assert found("Cells [1,2]. It ranges from 16% to 53% [3-6].", NUMBERED)[-1] == ("[3-6]", (3, 4, 5, 6))


def test_numbers_in_parentheses_where_that_is_the_style() -> None:
    body = (
        "Cells (1), more (2, 4-7) and (8). By two ways: (1) counting, (2) weighing. Equation (3). Of 34 (12) mice. "
        "Roe et al. (9) counted (10-11,3)."
    )
    assert [words for words, _ in found(body, NUMBERED)] == ["(1)", "(2, 4-7)", "(8)", "(9)", "(10-11,3)"]


def test_numbers_in_parentheses_beside_brackets_are_none() -> None:
    body = "Cells [1] [2] [3] [4] [5] and two ways (1) and (2), (3)."
    assert all(words.startswith("[") for words, _ in found(body, NUMBERED))


def test_a_few_numbers_in_parentheses_are_none() -> None:
    assert found("We counted twice (2) and weighed (1) cells.", NUMBERED) == []


def test_raised_numbers() -> None:
    body = "Cells.1 Mice,2,4–6 men7 8 in 105 cells per m2, and 131I;9 more.10"
    marked = ("1", "2,4–6", "7", "5", "2", "131", "9", "10")
    assert found(body, NUMBERED, marked) == [
        ("1", (1,)),
        ("2,4–6", (2, 4, 5, 6)),
        ("7", (7,)),
        ("9", (9,)),
        ("10", (10,)),
    ]


def test_raised_numbers_in_parts_are_one_mention() -> None:
    assert found("Cells.1,2 Mice.3 Men.4–6", NUMBERED, ("1", ",", "2", "3", "4", "–", "6")) == [
        ("1,2", (1, 2)),
        ("3", (3,)),
        ("4–6", (4, 5, 6)),
    ]


def test_raised_characters() -> None:
    body = "Cells.¹ Mice²,³ men⁴⁻⁶ and 10⁵ cells per m² with R² of ¹³¹I."
    assert [words for words, _ in found(body, NUMBERED)] == ["¹", "²,³", "⁴⁻⁶"]


def test_names_and_years() -> None:
    body = (
        "So it is (Doe et al., 2022; Müller and Wang 2023a). Doe et al. (2022) and Doe and colleagues (2022) say so, "
        "as in Europe van der Berg (2019) [van der Berg, 2019] (see Berg 2019 for more). Doe's (2022) view."
    )
    assert found(body, DATED) == [
        ("Doe et al., 2022", (1,)),
        ("Müller and Wang 2023a", (2,)),
        ("Doe et al. (2022)", (1,)),
        ("Doe and colleagues (2022)", (1,)),
        ("van der Berg (2019)", (4,)),
        ("[van der Berg, 2019]", (4,)),
        ("Berg 2019", (4,)),
        ("Doe's (2022)", (1,)),
    ]


def test_two_names_in_any_tongue_and_several_years() -> None:
    for joint in ("and", "&", "und", "et"):
        assert found(f"By Müller {joint} Wang (2023a, b).", DATED) == [(f"Müller {joint} Wang (2023a, b)", (2, 3))]


def test_bodies_and_their_initials() -> None:
    assert found("So (World Health Organization, 2020) and (WHO 2020).", DATED) == [
        ("(World Health Organization, 2020)", (5,)),
        ("(WHO 2020)", (5,)),
    ]


def test_of_two_that_fit_the_number_of_authors_decides() -> None:
    assert found("Smith (2018) and Smith et al. (2018).", DATED) == [
        ("Smith (2018)", (6,)),
        ("Smith et al. (2018)", (7,)),
    ]


def test_what_fits_two_entries_is_none() -> None:
    assert found("So (Müller and Wang, 2023), and Müller et al. (2023).", DATED) == []


def test_years_and_names_that_point_nowhere() -> None:
    body = "In March 2020, at WHO in 2020, Berg 2019 was cold; Miller (2020); (Smith, 2017); Doe 2022; Smithers (2018)."
    assert found(body, DATED) == []


def test_a_number_beside_a_name() -> None:
    assert found("Doe and colleagues [1] and Roe et al. [2] with [3].", NUMBERED)[:2] == [("[1]", (1,)), ("[2]", (2,))]


def test_labels_that_are_no_numbers() -> None:
    listed = "[Mac22] Mack A. Cells. Cell 2022;1:2.\n[Mue23] Müller F. Mice. Cell 2023;1:2.\n"
    assert found("Cells [Mac22] and mice [Mac22, Mue23]; [Abc12].", listed) == [
        ("[Mac22]", (1,)),
        ("[Mac22, Mue23]", (1, 2)),
    ]


def test_places_count_where_no_entry_has_a_label() -> None:
    text = "Cells [1] and [2], mice [3]."
    references = [Reference(len(text), len(text))] * 3
    assert [one.references for one in mentions(text, references)] == [(0,), (1,), (2,)]


def test_nothing_is_found_where_it_is_barred_nor_in_the_list() -> None:
    listed = "References\n[1] Doe J. As [2] says. BMJ 2001;1:2.\n[2] Roe J. Cells. BMJ 2002;1:2.\n"
    assert found("Ann Doe[1], Bob Roe[2]\n\nCells [1] and [2].", listed, barred=(Span(0, 22),)) == [
        ("[1]", (1,)),
        ("[2]", (2,)),
    ]


def test_without_a_list_nothing_is_a_mention() -> None:
    assert mentions("Cells [1] (Doe et al., 2022).", ()) == ()


# What belongs to a quoted sentence


def document(text: str, marks: list[str]) -> Document:
    at = 0
    held = []
    for i, mark in enumerate(marks):
        at = text.index(mark, at)
        held.append(Mention(at, at + len(mark), (i,)))
        at += len(mark)
    return Document("x", text, "text", mentions=tuple(held))


def belonging(text: str, marks: list[str], quote: str) -> list[str]:
    start = text.index(quote)
    held = mentions_of(document(text, marks), Span(start, start + len(quote)))
    return [text[one.start : one.end] for one in held]


def test_mentions_inside_a_sentence() -> None:
    text = "Mice run [1]. Men walk [2] and sit [3]. Cells grow [4]."
    assert belonging(text, ["[1]", "[2]", "[3]", "[4]"], "Men walk [2] and sit [3].") == ["[2]", "[3]"]


def test_mentions_right_after_a_sentence() -> None:
    assert belonging("Mice run. [1] Men walk.", ["[1]"], "Mice run.") == ["[1]"]
    assert belonging("Mice run.1,2 Men walk.", ["1,2"], "Mice run.") == ["1,2"]
    assert belonging("Mice run. [1] [2] Men walk.", ["[1]", "[2]"], "Mice run.") == ["[1]", "[2]"]
    assert belonging("Mice run. (Doe, 2022; Roe, 2023) Men.", ["Doe, 2022", "Roe, 2023"], "Mice run.") == [
        "Doe, 2022",
        "Roe, 2023",
    ]


def test_mentions_that_open_the_next_sentence() -> None:
    assert belonging("Mice run. Doe et al. (2022) walk.", ["Doe et al. (2022)"], "Mice run.") == []
    assert belonging("Mice run [1]. [2] showed that men walk.", ["[1]", "[2]"], "Mice run [1].") == ["[1]"]
    assert belonging("Mice run. [2] showed that men walk.", ["[2]"], "Mice run.") == []


def test_a_mention_after_a_sentence_that_has_closed_with_its_own() -> None:
    assert belonging("Mice run [1]. [2] Men walk.", ["[1]", "[2]"], "Mice run [1].") == ["[1]"]


BITS = st.sampled_from(
    [
        "[1]",
        "[2, 3–5]",
        "(4)",
        "(1, 2)",
        "²",
        "Doe et al. (2022)",
        "(Smith, 2018)",
        " ",
        ". ",
        "cells",
        "\n",
        "[Mac22]",
        "12,13",
        "&",
    ]
)


@given(
    st.lists(BITS, max_size=40),
    st.sampled_from([NUMBERED, DATED]),
    st.lists(st.tuples(st.integers(0, 99), st.integers(0, 9))),
)
def test_mentions_are_in_order_apart_and_in_range(bits: list[str], listed: str, raised: list[tuple[int, int]]) -> None:
    body = "".join(bits)
    text = body + "\n\n" + listed
    references = find_references(text, [Span(len(body) + 2, len(text))])
    held = mentions(text, references, (), [Span(start, start + length) for start, length in raised])
    assert all(0 <= one.start < one.end <= len(body) for one in held)
    assert all(a.end <= b.start for a, b in pairwise(held))
    assert all(one.references and all(0 <= i < len(references) for i in one.references) for one in held)
    assert all(len(set(one.references)) == len(one.references) for one in held)


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 20)), max_size=5))
def test_any_text_is_read_without_harm(body: str, spans: list[tuple[int, int]]) -> None:
    text = body + "\n\n" + NUMBERED
    references = find_references(text, [Span(len(body) + 2, len(text))])
    held = mentions(text, references)
    whole = Document("x", text, "text", references=references, mentions=held)
    for start, length in spans:
        assert set(mentions_of(whole, Span(start, min(len(text), start + length)))) <= set(held)
