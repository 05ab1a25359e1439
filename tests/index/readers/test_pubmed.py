"""PubMed records, and files that hold many of them."""

from __future__ import annotations

import pytest

from index.documents import Document
from index.errors import UnreadableFileError
from index.readers.xml import read


def record(
    title: str = "Rest in lupus.",
    kinds: tuple[str, ...] = ("Journal Article",),
    abstract: str = "<AbstractText>Rest helps.</AbstractText>",
    journal: str = "The Journal of rest",
    more: str = "",
) -> str:
    types = "".join(f"<PublicationType>{kind}</PublicationType>" for kind in kinds)
    return (
        "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><Journal><JournalIssue>"
        "<Volume>3</Volume><Issue>2</Issue>"
        f"<PubDate><MedlineDate>2019 Nov-Dec</MedlineDate></PubDate></JournalIssue><Title>{journal}</Title></Journal>"
        f"<ArticleTitle>{title}</ArticleTitle><Pagination><MedlinePgn>10-9</MedlinePgn></Pagination>"
        f"<Abstract>{abstract}<CopyrightInformation>Copyright</CopyrightInformation></Abstract>"
        "<AuthorList><Author><LastName>Roe</LastName><ForeName>Ann B</ForeName><Suffix>Jr</Suffix>"
        "<AffiliationInfo><Affiliation>A University.</Affiliation></AffiliationInfo></Author>"
        "<Author><CollectiveName>The Lupus Group</CollectiveName></Author></AuthorList>"
        f"<PublicationTypeList>{types}</PublicationTypeList></Article>{more}</MedlineCitation>"
        '<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/x</ArticleId></ArticleIdList>'
        "</PubmedData></PubmedArticle>"
    )


def document(*records: str) -> Document:
    return read("a.xml", f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>".encode())


def test_a_record() -> None:
    found = document(record())
    assert found.format == "pubmed"
    about = found.bibliography
    assert (about.title, about.authors) == ("Rest in lupus", ("Ann B Roe Jr", "The Lupus Group"))
    assert (about.journal, about.year, about.doi) == ("The Journal of rest", 2019, "10.1000/x")
    assert "The Journal of rest. 2019;3(2):10-9. doi:10.1000/x" in found.text
    assert "Copyright" not in found.text


def test_the_parts_of_an_abstract_are_sections() -> None:
    parts = '<AbstractText Label="AIMS">To rest.</AbstractText><AbstractText Label="UNLABELLED">NCT1.</AbstractText>'
    found = document(record(abstract=parts))
    assert [section.heading for section in found.sections] == ["Abstract", "AIMS"]
    assert found.text.endswith("Abstract\n\nAIMS\n\nTo rest.\n\nNCT1.")


def test_lines_broken_before_a_subscript_are_joined() -> None:
    assert document(record(abstract="<AbstractText>An β\n\t\t<sub>2</sub>-agonist.</AbstractText>")).text.endswith(
        "β2-agonist."
    )


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Rest in lupus.", "Rest in lupus"),
        ("[Repos et lupus].", "Repos et lupus"),
        ("Does rest help?", "Does rest help?"),
    ],
)
def test_titles_are_without_what_pubmed_adds(title: str, plain: str) -> None:
    assert document(record(title)).bibliography.title == plain


@pytest.mark.parametrize(
    ("kinds", "labels"),
    [
        (("Journal Article", "Review"), ("review",)),
        (("Systematic Review",), ("review",)),
        (("Retracted Publication",), ("retracted",)),
        (("Retraction of Publication",), ("retraction",)),
        (("Published Erratum",), ("correction",)),
        (("Preprint",), ("preprint",)),
        (("Randomized Controlled Trial",), ()),
    ],
)
def test_types_of_publication_are_labels(kinds: tuple[str, ...], labels: tuple[str, ...]) -> None:
    found = document(record(kinds=kinds))
    assert found.bibliography.labels == labels
    assert [span.of(found.text) for span in found.bibliography.stated.get("labels", ())] == list(
        kinds[-1:] if labels else ()
    )


def test_a_link_to_its_retraction_labels_a_record() -> None:
    link = '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"/></CommentsCorrectionsList>'
    assert document(record(more=link)).bibliography.labels == ("retracted",)


def test_of_several_records_each_is_a_section_headed_by_its_title() -> None:
    parts = '<AbstractText Label="AIMS">To rest.</AbstractText>'
    found = document(record("First study."), record("Second study.", abstract=parts))
    assert [section.heading for section in found.sections] == ["First study", "Second study"]
    assert found.section_at(found.text.index("AIMS: To rest.")) == "Second study"
    assert found.bibliography.title == "" and not found.bibliography.stated


def test_a_set_without_records_is_refused() -> None:
    with pytest.raises(UnreadableFileError):
        document()
