"""Articles in several formats: whatever they came as, answers quote them exactly and say what they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from index_helpers import write

from index.embedding import SentenceTransformerEmbedder
from rag import Answer, Assistant

JATS = """<?xml version="1.0"?>
<article article-type="review-article" xmlns:xlink="http://www.w3.org/1999/xlink"><front>
<journal-meta><journal-title-group><journal-title>Annals of Tides</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="doi">10.1234/tides.7</article-id>
<title-group><article-title>Tidal rhythms of the shore crab</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Okafor</surname>
<given-names>Ngozi</given-names></name></contrib>
<contrib contrib-type="author"><name><surname>Lindqvist</surname>
<given-names>Per</given-names></name></contrib></contrib-group>
<pub-date pub-type="epub"><year>2019</year></pub-date>
<abstract><p>Shore crabs anticipate the tides. This review gathers what is known of their clocks.</p></abstract>
</article-meta></front><body>
<sec><title>Molecular clocks</title>
<p>The circatidal clock of the shore crab has a period of 12.4 hours [<xref ref-type="bibr" rid="b1">1</xref>].
Removal of the eyestalk abolishes the rhythm of locomotion.<sup><xref ref-type="bibr" rid="b2">2</xref></sup>
Temperature hardly alters its period.</p></sec>
<sec><title>Funding</title><p>This work was funded by the Harbour Trust.</p></sec></body>
<back><ref-list><title>References</title>
<ref id="b1"><label>1</label><mixed-citation publication-type="journal"><string-name><surname>Naylor</surname>
<given-names>E</given-names></string-name>. <article-title>Tidal rhythmicity in crabs</article-title>.
<source>J Exp Biol</source>. <year>1958</year>;35:602.</mixed-citation></ref>
<ref id="b2"><label>2</label><mixed-citation publication-type="journal"><string-name><surname>Aréchiga</surname>
<given-names>H</given-names></string-name>. <article-title>Eyestalk and locomotion</article-title>.
<source>Crustaceana</source>. <year>1993</year>;65:1.</mixed-citation></ref></ref-list></back></article>
"""
HTML = """<!doctype html><html><head><title>Barnacle cement | Marine Letters</title>
<meta name="citation_title" content="How barnacles hold on"><meta name="citation_author" content="Ito, Haruka">
<meta name="citation_journal_title" content="Marine Letters">
<meta name="citation_publication_date" content="2020/05/02">
</head><body><nav><ul><li><a href="/">Home</a></li><li><a href="/sub">Subscribe</a></li></ul></nav>
<div id="cookie">We use cookies to improve your visit. Accept all cookies</div>
<main><article><h1>How barnacles hold on</h1><p>Haruka Ito</p>
<h2>Abstract</h2><p>Barnacles glue themselves to rocks with a cement made of proteins. The cement cures under water.</p>
<h2>The cement</h2><p>Barnacle cement contains six major proteins, of which one is rich in cysteine. Curing takes about
three hours in cold sea water. The larva secretes a first drop of oil that clears water from the rock.</p>
<p>Competing interests: The author sells a glue made after the barnacle's. Keep it from children.</p>
</article></main><footer><p>Copyright Marine Letters. Terms and conditions.</p></footer></body></html>
"""
MARKDOWN = """---
title: Light organs of the bobtail squid
author: Amara Diallo
date: 2021-03-04
---

# Symbiosis

The light organ of the bobtail squid is colonised by *Vibrio fischeri* within hours of hatching. The squid expels most
of the bacteria at dawn every day.
"""


@pytest.fixture(scope="module")
def sea(tmp_path_factory: pytest.TempPathFactory, model: SentenceTransformerEmbedder) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("sea")
    seeds = write(folder / "seeds", {"crab.nxml": JATS, "pages/barnacle.html": HTML, "squid.md": MARKDOWN})
    with Assistant(seeds=seeds, index=folder / "index", embedder=model) as made:
        report = made.sync()
        assert report.skipped == []
        yield made


def exact(assistant: Assistant, answer: Answer) -> bool:
    return all(
        assistant.document(one.document).text[one.start : one.end] == one.quote
        for one in (*answer.citations, *answer.nearest)
    )


def test_every_document_is_listed_with_its_bibliography_and_format(sea: Assistant) -> None:
    listed = {one.name: one for one in sea.documents()}
    assert {name: one.format for name, one in listed.items()} == {
        "crab.nxml": "jats",
        "pages/barnacle.html": "html",
        "squid.md": "markdown",
    }
    crab = listed["crab.nxml"].bibliography
    assert (crab.title, crab.authors) == ("Tidal rhythms of the shore crab", ("Ngozi Okafor", "Per Lindqvist"))
    assert (crab.year, crab.journal, crab.doi) == (2019, "Annals of Tides", "10.1234/tides.7")
    assert crab.labels == ("review",)
    barnacle, squid = listed["pages/barnacle.html"].bibliography, listed["squid.md"].bibliography
    assert (barnacle.title, barnacle.authors, barnacle.year) == ("How barnacles hold on", ("Haruka Ito",), 2020)
    assert (squid.title, squid.authors, squid.year) == ("Light organs of the bobtail squid", ("Amara Diallo",), 2021)
    assert all(one.passages and one.sentences for one in listed.values())


def test_an_answer_says_which_primary_source_the_review_cites(sea: Assistant) -> None:
    answer = sea.answer("What is the period of the circatidal clock of the shore crab?")
    assert exact(sea, answer)
    first = answer.citations[0]
    assert first.quote == "The circatidal clock of the shore crab has a period of 12.4 hours [1]."
    assert (first.document, first.section, first.labels) == ("crab.nxml", "Molecular clocks", ("review",))
    (cited,) = first.cites
    assert cited.marker == "[1]"
    assert cited.reference.startswith("1. Naylor E") or cited.reference.startswith("Naylor E")
    assert (cited.authors, cited.year, cited.title) == (("Naylor",), 1958, "Tidal rhythmicity in crabs")


def test_a_raised_number_after_the_full_stop_belongs_to_its_sentence(sea: Assistant) -> None:
    answer = sea.answer("What does removal of the eyestalk do to the rhythm of locomotion?")
    first = answer.citations[0]
    assert first.quote == "Removal of the eyestalk abolishes the rhythm of locomotion.2"
    assert [(one.marker, one.year) for one in first.cites] == [("2", 1993)]


@pytest.mark.parametrize(
    ("question", "document", "words"),
    [
        ("How many major proteins does barnacle cement contain?", "pages/barnacle.html", "six major proteins"),
        ("Which bacteria colonise the light organ of the bobtail squid?", "squid.md", "Vibrio fischeri"),
    ],
)
def test_answers_come_from_whatever_format_holds_them(sea: Assistant, question: str, document: str, words: str) -> None:
    answer = sea.answer(question)
    assert exact(sea, answer)
    assert any(one.document == document and words in one.quote for one in answer.citations)


@pytest.mark.parametrize(
    "question", ["How do I subscribe?", "Do you use cookies?", "What are the terms and conditions?"]
)
def test_the_site_around_an_article_answers_nothing(sea: Assistant, question: str) -> None:
    assert sea.answer(question).abstained


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who wrote the review of tidal rhythms of the shore crab?", "Ngozi Okafor"),
        ("In which journal was the review of the shore crab published?", "Annals of Tides"),
        ("Who funded the review of the shore crab?", "Harbour Trust"),
        ("What are the competing interests in “How barnacles hold on”?", "sells a glue"),
    ],
)
def test_questions_about_a_review_quote_its_own_words(sea: Assistant, question: str, words: str) -> None:
    answer = sea.answer(question)
    assert not answer.abstained
    assert exact(sea, answer)
    assert any(words in one.quote for one in answer.citations)


def test_a_reference_list_is_kept_and_never_quoted(sea: Assistant) -> None:
    document = sea.document("crab.nxml")
    assert "Tidal rhythmicity in crabs" in document.text
    for question in ("What did Naylor write in 1958?", "Tidal rhythmicity in crabs", "J Exp Biol 1958"):
        answer = sea.answer(question)
        assert not any("Naylor" in one.quote for one in (*answer.citations, *answer.nearest))


def test_a_document_is_found_by_the_end_of_its_path(sea: Assistant, tmp_path: Path) -> None:
    assert sea.document("barnacle.html").name == "pages/barnacle.html"
