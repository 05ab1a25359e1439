"""Markdown: the words without the markup, and what stands above the text about it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.documents import Document
from index.errors import UnreadableFileError
from index.readers import read

PROSE = "Lupus is a disease in which the immune system attacks the body's own tissue."


def document(source: str) -> Document:
    return read("a.md", source.encode())


def text(source: str) -> str:
    return document(source).text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            '*in vivo*, **bold**, `code`, [a link](http://x.org "t"), <http://x.org>',
            "in vivo, bold, code, a link, http://x.org",
        ),
        ("One line\nand the next\\\nand more", "One line and the next and more"),
        ("10^9^ cells, H~2~O, CO<sub>2</sub>, m<sup>2</sup>", "10⁹ cells, H2O, CO2, m2"),
        ("A <!-- comment\n\nover lines -->word", "A word"),
        ("It was *p* < 0.05 &amp; x_1_2", "It was p < 0.05 & x_1_2"),
        ("[a span]{.smallcaps key=x} []{#ref-x}stays", "a span stays"),
        ("Some---words, 1--2 and -- so", "Some—words, 1–2 and – so"),
        ("$x_i * y_i$ and $E=mc^2$ cost $5 or $6", "$x_i * y_i$ and $E=mc^2$ cost $5 or $6"),
        ("- One\n- Two\n\n  more", "One\nTwo\nmore"),
        ("1. One\n2. Two", "One\nTwo"),
        ("> Quoted words", "Quoted words"),
        ("| a | b |\n|---|---|\n| *c* |  |\n| d | e |", "a | b\nc\nd | e"),
        (
            "  Drug       Dose\n  ---------- ------\n  Rituximab  5 mg\n  A          1\n\nEnd",
            "Drug | Dose\nRituximab | 5 mg\nA | 1\n\nEnd",
        ),
        (
            "-----------\nA     B\n----- -----\nlong  1\ncell\n\nmore  2\n-----------\n\nEnd",
            "A | B\nlong cell | 1\nmore | 2\n\nEnd",
        ),
        (
            "+---+-----+\n| a | b   |\n+===+=====+\n| c | two |\n|   | d   |\n+---+-----+\n\nEnd",
            "a | b\nc | two d\n\nEnd",
        ),
        ("Words\n\n---\n\nmore", "Words\n\nmore"),
        ("<div class='x'>In &lt;html&gt;<br>and more</div>\n<script>no()</script>", "In <html>\n\nand more"),
        ("![A short one](a.png) after it", "after it"),
        (
            "![Cells of the gut in health. **Left**: before.](a.png){#fig:x}",
            "Cells of the gut in health. Left: before.",
        ),
        ("```{r}\nplot(x)\n```\n\nWords", "Words"),
        ("Term\n: Its definition", "Term\nIts definition"),
    ],
)
def test_markup_is_taken_off(source: str, words: str) -> None:
    assert text(source) == words


def test_headings_make_sections() -> None:
    made = document(f"# Review {{#sec:r}}\n\n{PROSE}\n\n## Cells {{-}}\n\n{PROSE}\n\nSetext\n---\n\n{PROSE}")
    assert [section.heading for section in made.sections] == ["Cells", "Setext"]
    assert made.bibliography.title == "Review"


@pytest.mark.parametrize("source", ["# Introduction\n\n", "## Cells of the gut\n\n", "# One\n\nText.\n\n# Two\n\n"])
def test_a_parts_heading_is_no_title(source: str) -> None:
    assert document(source + PROSE).bibliography.title == ""


@pytest.mark.parametrize(
    ("people", "names"),
    [
        ("author: Jane Doe", ("Jane Doe",)),
        ("authors: [Jane Doe, Max Müller]", ("Jane Doe", "Max Müller")),
        ("author:\n- name: Jane Doe\n  orcid: 0\n- name: {given: Max, family: Müller}", ("Jane Doe", "Max Müller")),
        ("author:\n- Jane Doe:\n    institute: x\n- given: Max\n  family: Müller", ("Jane Doe", "Max Müller")),
        ("author: Jane Doe; Max Müller", ("Jane Doe", "Max Müller")),
        ("author: 5", ()),
    ],
)
def test_yaml_front_matter_states_the_bibliography(people: str, names: tuple[str, ...]) -> None:
    made = document(
        f"---\ntitle: 'CAR T cells: *a review*'\n{people}\ndate: 2021-03-04\ndoi: https://doi.org/10.1000/182\n"
        f"journal: {{title: Gut Feelings}}\nabstract: |\n  {PROSE}\n---\n\n# Background\n\n{PROSE}"
    )
    said = made.bibliography
    assert (said.title, said.authors, said.year) == ("CAR T cells: a review", names, 2021)
    assert (said.journal, said.doi) == ("Gut Feelings", "10.1000/182")
    stated = {field: [span.of(made.text) for span in spans] for field, spans in said.stated.items()}
    assert stated["title"] == ["CAR T cells: a review"]
    assert stated["year"] == ["2021-03-04"]
    assert "---" not in made.text
    assert [section.heading for section in made.sections] == ["Abstract", "Background"]


def test_pandocs_title_block() -> None:
    made = document(f"% CAR T cells\n  in lupus\n% Jane Doe; Max Müller\n% March 2021\n\n{PROSE}")
    said = made.bibliography
    assert (said.title, said.authors, said.year) == ("CAR T cells in lupus", ("Jane Doe", "Max Müller"), 2021)
    assert made.text.endswith(f"\n\n{PROSE}")


@pytest.mark.parametrize(
    "front", ["---\na: [\n---\n", "---\n- 1\n---\n", "---\ndate: 2021-99-99\n---\n", "---\n&a [*a]\n---\n"]
)
def test_front_matter_that_cannot_be_read_costs_no_text(front: str) -> None:
    assert text(front + PROSE).endswith(PROSE)


def test_citations_by_identifier_are_references_where_they_first_stand() -> None:
    made = document(
        "It is known [@doi:10.1000/182; see @pmid:123, p. 4]. Again [@doi:10.1000/182], @fig:one, a@b.org.\n"
        "By a tag [@tag:own].\n\n[@tag:own]: doi:10.1000/own\n"
    )
    assert "[@tag:own]:" not in made.text
    assert [(made.text[m.start : m.end], m.references) for m in made.mentions] == [
        ("[@doi:10.1000/182; see @pmid:123, p. 4]", (0, 1)),
        ("[@doi:10.1000/182]", (0,)),
        ("[@tag:own]", (2,)),
    ]
    assert [(made.text[e.start : e.end], e.doi) for e in made.references] == [
        ("doi:10.1000/182", "10.1000/182"),
        ("pmid:123", ""),
        ("tag:own", "10.1000/own"),
    ]


def test_footnotes_that_are_references_make_the_list_and_others_follow_their_paragraph() -> None:
    made = document(
        "Lupus is grave[^1]. So it is[^n].\n\nMore.\n\n[^1]: Tsokos GC. Systemic lupus. Lancet. 2011;1:2-3.\n"
        "[^n]: This is a note.\n"
    )
    assert made.text == (
        "Lupus is grave[1]. So it is.\n\nThis is a note.\n\nMore.\nTsokos GC. Systemic lupus. Lancet. 2011;1:2-3."
    )
    assert [(made.text[m.start : m.end], m.references) for m in made.mentions] == [("[1]", (0,))]
    assert (made.references[0].label, made.references[0].authors, made.references[0].year) == ("1", ("Tsokos",), 2011)


def test_a_list_under_its_heading() -> None:
    made = document(
        "Lupus is grave [1]. Cells help [2].\n\n# References\n\n1. Tsokos GC. Systemic lupus. Lancet. 2011;1:2-3.\n"
        "2. Müller F. CAR T cells. Nat Med. 2022;28:24-32.\n\n# Appendix\n\nWords.\n"
    )
    assert [(e.label, e.authors, e.year) for e in made.references] == [
        ("1", ("Tsokos",), 2011),
        ("2", ("Müller",), 2022),
    ]
    assert [m.references for m in made.mentions] == [(0,), (1,)]
    assert len(made.asides) == 2


def test_any_encoding_and_line_end() -> None:
    assert read("a.md", "## können\r\n\r\nkönnen\r\n\r\näöüß\r\n".encode("latin-1")).text == "können\n\nkönnen\n\näöüß"


@pytest.mark.parametrize(("source", "reason"), [("", "is empty"), (" \n", "white space"), ("***\n", "holds no text")])
def test_nothing_to_read(source: str, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=f"^a.md: .*{reason}"):
        document(source)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "source",
    ["[" * 20_000, "*a **b " * 10_000, ">" * 9_000, "[@" * 10_000, "<!-- " * 50_000, "$a " * 20_000, "^a" * 20_000],
)
def test_odd_markup_is_read_in_time(source: str) -> None:
    assert document(f"Words {source} end").text


PIECES = st.sampled_from(
    ["# ", "## ", "\n\n", "\n", "- ", "1. ", "*", "**", "`", "[", "](x)", "[^1]", "[^1]: ", "[@doi:10.1000/1]", "[1]",
     "|", "|-|-|\n", "$", "^2^", "<b>", "<!--", "-->", "---\n", "% ", "![",
     "{#a}", "> ", "\\", "Smith J. Gut. 2020;1:2.",
     "# References\n\n", "title: x\n",
     "Lupus is grave. ", "é", "1", "    "]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30))
def test_whatever_the_markup_spans_lie_in_the_text(pieces: list[str]) -> None:
    source = "".join(pieces) + "\n\nThe end."
    assume("```" not in source)  # all that follows may be code then, which is no text
    made = document(source)
    assert made.text
    spans = [*made.blocks, *made.asides, *made.sections, *made.references, *made.mentions]
    spans += [span for stated in made.bibliography.stated.values() for span in stated]
    assert all(0 <= span.start < span.end <= len(made.text) for span in spans)
    for order in (made.blocks, made.asides, made.mentions):
        assert [span.start for span in order] == sorted(span.start for span in order)
    assert all(number < len(made.references) for mark in made.mentions for number in mark.references)
