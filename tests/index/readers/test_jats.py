"""JATS articles: what is read of the title page, the abstracts and the file."""

from __future__ import annotations

import pytest
from jats_articles import article, person, stated, text, titled

from index.errors import UnreadableFileError
from index.readers.xml import read

# -- The title page --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "title"),
    [
        ("<article-title>CD8<sup>+</sup> T cells in <italic>Mus</italic></article-title>", "CD8+ T cells in Mus"),
        ("<article-title>Rest<xref ref-type='fn' rid='f'>*</xref> in lupus</article-title>", "Rest in lupus"),
        ("<article-title>Rest<fn><p>Presented at a meeting.</p></fn></article-title>", "Rest"),
        ("<article-title>Rest</article-title><subtitle>a trial</subtitle>", "Rest: a trial"),
        ("<article-title>Rest?</article-title><subtitle>A trial</subtitle>", "Rest? A trial"),
        ("<article-title>Rest</article-title><alt-title>Short</alt-title>", "Rest"),
        (
            "<article-title>Rest</article-title><trans-title-group><trans-title>Repos</trans-title>"
            "</trans-title-group>",
            "Rest",
        ),
    ],
)
def test_titles(group: str, title: str) -> None:
    document = article("<p>Words.</p>", f"<title-group>{group}</title-group>")
    assert document.bibliography.title == title
    assert stated(document, "title") == [title]


def test_authors_are_the_people_and_groups_of_the_byline() -> None:
    group = (
        "<contrib contrib-type='author'><collab>for the Lupus Group<contrib-group>{}</contrib-group></collab></contrib>"
    )
    document = article(
        "<p>Words.</p>",
        "<contrib-group>"
        + person("Okafor", "Ada N.", "<suffix>Jr</suffix>")
        + person("de la Cruz", "José", "<prefix>Dr</prefix><suffix>MD</suffix>")
        + group.format(person("Member", "Some"))
        + person("Editor", "An", kind="editor")
        + "</contrib-group><contrib-group content-type='reviewers'>"
        + person("Reviewer", "A")
        + "</contrib-group>",
    )
    assert document.bibliography.authors == ("Ada N. Okafor Jr", "José de la Cruz", "Lupus Group")
    assert stated(document, "authors") == ["Ada N. Okafor Jr, José de la Cruz, Lupus Group"]


def test_journal_and_doi_are_stated_where_they_stand() -> None:
    document = article(
        "<p>Words.</p>",
        '<article-id pub-id-type="pmid">1</article-id><article-id '
        'pub-id-type="doi">https://doi.org/10.1000/x.1</article-id>'
        "<pub-date><year>2014</year></pub-date><volume>3</volume><issue>2</issue><fpage>10</fpage><lpage>19</lpage>",
        journal="<journal-title-group><journal-title>Journal of Tests</journal-title></journal-title-group>",
    )
    found = document.bibliography
    assert (found.journal, found.year, found.doi) == ("Journal of Tests", 2014, "10.1000/x.1")
    assert "Journal of Tests. 2014;3(2):10-19. doi:10.1000/x.1" in document.text
    assert [stated(document, field) for field in ("journal", "year", "doi")] == [
        ["Journal of Tests"],
        ["2014"],
        ["10.1000/x.1"],
    ]


@pytest.mark.parametrize(
    ("dates", "year"),
    [
        ({"ppub": 2013, "epub": 2012, "pmc-release": 2012}, 2013),
        ({"epub": 2018, "collection": 2017}, 2018),
        ({"collection": 2017, "pmc-release": 2019}, 2017),
        ({"pmc-release": 2019}, None),
        ({}, None),
    ],
)
def test_the_year_is_the_one_a_citation_prints(dates: dict[str, int], year: int | None) -> None:
    meta = "".join(f'<pub-date pub-type="{kind}"><year>{of}</year></pub-date>' for kind, of in dates.items())
    assert article("<p>Words.</p>", meta).bibliography.year == year


def test_newer_ways_to_write_dates() -> None:
    meta = (
        '<pub-date date-type="pub" publication-format="electronic" iso-8601-date="2019-12-30">'
        "<year>2019</year></pub-date>"
        '<pub-date date-type="pub" publication-format="print"><year>2020</year></pub-date>'
        '<pub-date date-type="received"><year>2011</year></pub-date>'
    )
    assert article("<p>Words.</p>", meta).bibliography.year == 2020


def related(kind: str) -> str:
    return f'<related-article related-article-type="{kind}"/>'


def subject(words: str) -> str:
    return f"<article-categories><subj-group><subject>{words}</subject></subj-group></article-categories>"


@pytest.mark.parametrize(
    ("attributes", "meta", "labels"),
    [
        ('article-type="research-article"', subject("Research Article"), ()),
        ('article-type="review-article"', "", ("review",)),
        ('article-type="research-article"', subject("Systematic Review"), ("review",)),
        ('article-type="other"', subject("Book Review"), ()),
        ('article-type="correction"', related("corrected-article"), ("correction",)),
        ('article-type="research-article"', related("correction-forward"), ()),
        # A notice of retraction concerns another article.
        ('article-type="retraction"', related("retracted-article"), ("retraction",)),
        ('article-type="research-article"', related("retraction-forward"), ("retracted",)),
        ('article-type="research-article"', titled("RETRACTED: Rest in lupus"), ("retracted",)),
        ('article-type="research-article"', titled("Retracted articles in medicine"), ()),
        ('article-type="preprint"', "", ("preprint",)),
    ],
)
def test_labels_are_what_the_article_says(attributes: str, meta: str, labels: tuple[str, ...]) -> None:
    assert article("<p>Words.</p>", meta, attributes=attributes).bibliography.labels == labels


def test_a_journal_of_preprints_labels_what_is_in_it() -> None:
    document = article("<p>Words.</p>", journal="<journal-title>bioRxiv</journal-title>")
    assert document.bibliography.labels == ("preprint",)


def test_affiliations_and_keywords_are_asides_and_editors_have_none() -> None:
    document = article(
        "<p>Words.</p>",
        f"<contrib-group>{person('Roe', 'J')}<aff><label>1</label><institution>Somewhere</institution>"
        f"<country>Ghana</country>"
        f"</aff></contrib-group><contrib-group>{person('Ed', 'A', kind='editor')}<aff>Elsewhere</aff></contrib-group>"
        "<kwd-group><kwd>lupus</kwd><kwd>rest</kwd></kwd-group>",
    )
    asides = [span.of(document.text) for span in document.asides]
    assert "1 Somewhere, Ghana" in asides
    assert "Keywords: lupus; rest" in asides
    assert "Elsewhere" not in document.text


# -- Abstracts -------------------------------------------------------------------------------------------------------


def test_a_structured_abstract_keeps_its_headings_and_ends_before_the_body() -> None:
    document = article(
        "<p>The body begins without a heading.</p>",
        "<abstract><sec><title>Aim</title><p>To rest.</p></sec><sec><title>Results</title><p>Rested.</p>"
        "</sec></abstract>",
    )
    assert [section.heading for section in document.sections] == ["Abstract", "Aim", "Results"]
    assert document.section_at(document.text.index("To rest")) == "Aim"
    assert document.section_at(document.text.index("The body")) == ""


def test_of_several_abstracts_those_that_say_something_of_their_own_are_read() -> None:
    found = text(
        "",
        meta='<abstract><p>Main words.</p></abstract><abstract abstract-type="graphical"><p>A picture.</p></abstract>'
        '<abstract abstract-type="summary"><title>Author summary</title><p>In plain words.</p></abstract>'
        '<trans-abstract xml:lang="fr"><p>En français.</p></trans-abstract>',
    )
    assert "Main words." in found
    assert "Author summary\n\nIn plain words." in found
    assert "picture" not in found
    assert "français" not in found


def test_the_english_abstract_of_an_article_in_another_language_is_read() -> None:
    meta = '<abstract><p>Principal.</p></abstract><trans-abstract xml:lang="en"><p>Main words.</p></trans-abstract>'
    assert "Main words." in text("", meta=meta, attributes='xml:lang="es"')


# -- Files -----------------------------------------------------------------------------------------------------------


def test_an_article_within_a_wrapper_and_a_namespace_is_read() -> None:
    inner = '<article xmlns="https://jats.nlm.nih.gov/ns/archiving/1.3/"><body><p>Words.</p></body></article>'
    source = (
        f"<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><record><metadata>{inner}</metadata></record></OAI-PMH>"
    )
    document = read("a.xml", source.encode())
    assert (document.text, document.format) == ("Words.", "jats")


def test_several_articles_in_one_file_are_refused_rather_than_mixed() -> None:
    one = "<article><body><p>Words.</p></body></article>"
    with pytest.raises(UnreadableFileError, match=r"^a\.xml: 2 articles in one file"):
        read("a.xml", f"<pmc-articleset>{one}{one}</pmc-articleset>".encode())
