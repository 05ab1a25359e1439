"""Markdown for people, and JSON for programs."""

from __future__ import annotations

import json
import re

import pytest
from export_samples import HOSTILE, PRIMARY, answer, citation, texts
from hypothesis import given, settings
from lxml import html
from markdown_it import MarkdownIt

from rag.answers import Answer
from rag.assistant import Assistant
from rag.exporting import Format, export
from rag.exporting.characters import escaped, plain

TAGS = {"h1", "h2", "p", "blockquote", "ul", "li", "em", "strong", "hr", "a"}


def shown(markdown: str) -> html.HtmlElement:
    """Markdown as a browser shows it, with HTML, tables and struck out words alive."""
    made = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)
    return html.fromstring(f"<main>{made}</main>")


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@settings(max_examples=60)
@given(texts)
def test_escaped_text_shows_exactly_its_words(text: str) -> None:
    page = shown(escaped(text))
    assert [one.tag for one in page.iter()] == ["main", *(["p"] if plain(text) else [])]
    unturned = re.sub("[\u202a-\u202e\u2066-\u2069]", "", text)
    assert words(page) == " ".join(plain(unturned).split())


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_document_says_comes_alive(text: str) -> None:
    labelled = {"title": text, "journal": text, "section": text, "doi": text, "document": text, "authors": (text,)}
    cited = citation(quote=text, cites=(PRIMARY.model_copy(update={"reference": text, "marker": text}),), **labelled)
    asked = {"question": text, "standalone_question": f"{text} lupus", "notes": (text,)}
    answers = [answer(cited, **asked), answer(nearest=(cited,), **asked)]
    page = shown(export(answers, Format.MARKDOWN))
    assert {one.tag for one in page.iter()} <= TAGS | {"main"}
    assert not list(page.iter("a"))
    assert [words(one) for one in page.iter("h1")] == [words(shown(escaped(text)))] * 2


def test_a_conversation_numbers_its_citations_through() -> None:
    one = answer(citation(), citation(2, quote="It was safe.", section="", page=None))
    two = answer(citation(cites=(PRIMARY,)), question="And then?", standalone_question="And then, in lupus?")
    text = export([one, two], Format.MARKDOWN)
    page = shown(text)
    assert [words(heading) for heading in page.iter("h1")] == ["What was depleted?", "And then?"]
    assert "Blache et al.: “B cells were depleted deeply.” [1]" in text
    assert "Blache et al.: “It was safe.” [2]" in text
    assert "Blache et al.: “B cells were depleted deeply.” [3]" in text
    assert "[2] CAR T cells in lupus, 2023 (lupus/review.pdf:120-150)\n\n> It was safe." in text
    assert "[3] CAR T cells in lupus, 2023 (Results, p. 3, lupus/review.pdf:120-150)" in text
    assert "*Read as: And then, in lupus?*" in text
    assert r"It cites \[4\] 4\. Roe B. On B cells." in text
    assert [words(entry) for entry in page.iter("li")] == [
        "Blache, U.; Andrea R Daamen. (2023). CAR T cells in lupus. RMD Open. doi 10.1136/rmdopen-2022-002907. "
        "Quoted in [1], [2], [3]."
    ]
    assert [link.get("href") for link in page.iter("a")] == ["https://doi.org/10.1136/rmdopen-2022-002907"]
    assert text.count("from generation 3 of the index") == 1


def test_an_abstention_keeps_its_reason_and_what_came_near() -> None:
    text = export([answer(nearest=(citation(),))], Format.MARKDOWN)
    assert "The reviews do not answer this. Nothing is said of it." in text
    assert "## Nearest passages" in text
    assert "> B cells were depleted deeply." in text
    assert "References" not in text
    assert "[1]" not in text


def test_a_retracted_review_is_called_so() -> None:
    text = export([answer(citation(labels=("retracted", "review")))], Format.MARKDOWN)
    assert "[1] RETRACTED CAR T cells in lupus" in text
    assert "- **Retracted.** Blache" in text


def test_json_holds_the_answers_whole() -> None:
    answers = [answer(citation()), answer(nearest=(citation(),))]
    whole = json.loads(export(answers, Format.JSON))
    assert (whole["format"], whole["version"]) == ("pincite-answers", 1)
    assert [Answer.model_validate(one) for one in whole["answers"]] == answers


def test_real_answers_leave_in_every_format(assistant: Assistant) -> None:
    questions = ("Which autoimmune diseases have first clinical results?", "What does it cost per patient?")
    answers = [assistant.answer(question) for question in questions]
    assert [one.abstained for one in answers] == [False, True]
    for form in Format:
        assert "Blache" in export(answers, form), form


def test_every_format_says_what_it_is_called() -> None:
    assert len({form.extension for form in Format}) == len({form.label for form in Format}) == len(Format)
    assert all(re.fullmatch(r"[a-z]+/[a-z.+-]+", form.media_type) for form in Format)
