"""JATS articles: their reference lists, and the marks in the text that lead to them."""

from __future__ import annotations

import pytest
from jats_articles import article, cite, refs

from index.documents import Document

# -- References ------------------------------------------------------------------------------------------------------


def reference(entry: str) -> tuple[str, Document]:
    document = article("<p>Body.</p>", back=f'<ref-list><ref id="r1">{entry}</ref></ref-list>')
    (found,) = document.references
    return document.text[found.start : found.end], document


def test_an_entry_is_as_printed_and_says_what_it_is() -> None:
    words, document = reference(
        "<label>7.</label><mixed-citation><name><surname>Doe</surname><given-names>B</given-names></name>, <etal/> "
        "<article-title>Rest &amp; lupus</article-title>. <source>Cell</source>. "
        "<year>2002</year>;<volume>3</volume>:4. "
        '<pub-id pub-id-type="doi">10.1000/y</pub-id> <pub-id pub-id-type="pmid">12345</pub-id></mixed-citation>'
    )
    assert words == "7. Doe B, et al. Rest & lupus. Cell. 2002;3:4. 10.1000/y"
    (found,) = document.references
    assert (found.label, found.authors, found.year) == ("7", ("Doe",), 2002)
    assert (found.title, found.doi) == ("Rest & lupus", "10.1000/y")
    assert words in [span.of(document.text) for span in document.asides]


def test_bare_parts_are_put_together_as_medical_journals_print_them() -> None:
    words, document = reference(
        "<element-citation><person-group><name><surname>Smith</surname><given-names>AB</given-names></name>"
        "<collab>The Group</collab><etal/></person-group><article-title>Rest</article-title><source>Nature</source>"
        "<year>2001</year><volume>1</volume><issue>2</issue><fpage>3</fpage><lpage>9</lpage>"
        '<pub-id pub-id-type="doi">10.1000/z</pub-id></element-citation>'
    )
    assert words == "Smith AB, The Group, et al. Rest. Nature. 2001;1(2):3-9. doi:10.1000/z"
    assert document.references[0].authors == ("Smith", "The Group")


def test_an_entry_without_markup_is_taken_apart() -> None:
    _, document = reference("<mixed-citation>Roe C, Poe D. Rest in lupus. Blood. 2003;5:6-7.</mixed-citation>")
    (found,) = document.references
    assert (found.authors, found.year, found.title) == (("Roe", "Poe"), 2003, "Rest in lupus")


def test_a_list_numbered_by_its_marks_alone_has_their_numbers() -> None:
    entry = "<ref id='B5'><mixed-citation>Roe C. Rest in lupus. Blood. 2003;5:6-7.</mixed-citation></ref>"
    document = article(f"<p>So [{cite('B5', '5')}].</p>", back=f"<ref-list>{entry}</ref-list>")
    assert document.references[0].label == "5"


# -- Marks of citations ----------------------------------------------------------------------------------------------


def marks(body: str, count: int = 9) -> list[tuple[str, list[int]]]:
    """The marks found, and the numbers of the references that they lead to."""
    document = article(f"<p>{body}</p>", back=refs(count))
    return [
        (document.text[mention.start : mention.end], [int(document.references[at].label) for at in mention.references])
        for mention in document.mentions
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (f"So [{cite('r3', '3')}].", [("[3]", [3])]),
        (f"So [{cite('r3', '3')}, {cite('r5', '5')}].", [("[3, 5]", [3, 5])]),
        (f"So [{cite('r3', '3')}–{cite('r6', '6')}].", [("[3–6]", [3, 4, 5, 6])]),
        (f"So [{cite('r3', '3')}]-[{cite('r5', '5')}].", [("[3]-[5]", [3, 4, 5])]),
        (f"So {cite('r3', '[3]')}, {cite('r5', '[5]')}.", [("[3]", [3]), ("[5]", [5])]),
        (f"So {cite('r3', '[3]')}–{cite('r5', '[5]')}.", [("[3]–[5]", [3, 4, 5])]),
        (f"So {cite('r3 r4 r5', '3–5')}.", [("3–5", [3, 4, 5])]),
        (f"So [{cite('r1', '1')}] and [{cite('r2', '2')}].", [("[1]", [1]), ("[2]", [2])]),
        (f"Pain.<sup>{cite('r2', '2')},{cite('r3', '3')}</sup> In", [("2,3", [2, 3])]),
        (f"Pain.{cite('r2', '<sup>2</sup>')} In", [("2", [2])]),
        (f"in 2010<sup>{cite('r2', '2')}</sup>", [("²", [2])]),
        (f"So ({cite('r2', 'Family2 et al., 2002')}).", [("(Family2 et al., 2002)", [2])]),
        (
            f"So ({cite('r1', 'Family1, 2001')}; {cite('r2', 'Family2, 2002')}).",
            [("Family1, 2001", [1]), ("Family2, 2002", [2])],
        ),
        (f"So (Family2 et al., {cite('r2', '2002')}).", [("(Family2 et al., 2002)", [2])]),
        (f"As Family2 et al. ({cite('r2', '2002')}) say.", [("Family2 et al. (2002)", [2])]),
        (f"So (see {cite('r2', '2')}).", [("2", [2])]),
        ("So [<xref rid='nothing' ref-type='bibr'>3</xref>].", []),
    ],
)
def test_a_mark_is_what_a_reader_sees(body: str, found: list[tuple[str, list[int]]]) -> None:
    assert marks(body) == found


def test_a_mark_to_a_part_of_an_entry_leads_to_the_entry() -> None:
    parts = "".join(
        f'<mixed-citation id="r1{part}">Roe C. Title {part}. J. 2003;1:1.</mixed-citation>' for part in "ab"
    )
    document = article(f"<p>So {cite('r1b', '1b')}.</p>", back=f"<ref-list><ref id='r1'>{parts}</ref></ref-list>")
    assert [mention.references for mention in document.mentions] == [(0,)]
