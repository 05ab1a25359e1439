"""What a person does with answers: checks, copies, rates, exports, edits, stops, comes back to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from asking import ask, reload, settled, watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

ANSWERED = "Which autoimmune diseases have first clinical results with CAR T cells?"
SEVERAL = "What does each review say about B cells?"
HOSTILE = "<img src=x onerror=alert(1)> **b** [x](javascript:alert(2))"


def words(text: str) -> str:
    return " ".join(text.split())


def test_over_a_citation_the_quote_is_shown(page: Page) -> None:
    ask(page, SEVERAL)
    link = page.locator(".pc-answer a.pc-cite").last
    link.hover()
    tip = page.get_by_role("tooltip")
    quote = page.locator(".pc-card mark").last.inner_text()
    assert words(quote) in words(tip.inner_text())
    page.keyboard.press("Escape")
    assert tip.count() == 0
    link.focus()
    assert words(quote) in words(tip.inner_text())
    assert link.get_attribute("aria-describedby") == tip.get_attribute("id")


def test_a_number_pressed_marks_its_source(page: Page) -> None:
    ask(page, SEVERAL)
    settled(page)  # the box is given the focus after an answer
    page.locator("#pc-header").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("2")
    page.wait_for_function("document.querySelector('.pc-marked')")
    assert page.locator(".pc-marked").get_attribute("id") == "source-1-2"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.closest('#pc-ask') !== null")
    page.keyboard.type("1")
    assert page.locator(".pc-marked").get_attribute("id") == "source-1-2"
    assert page.get_by_label("Your question").input_value() == "1"


def test_an_answer_is_copied_with_its_references(open_page: Callable[..., Page]) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, SEVERAL)
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied, with its references.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    for mark in page.locator(".pc-card mark").all_inner_texts():
        assert words(mark) in words(copied)
    first, second = copied.index("\n[1] "), copied.index("\n[2] ")
    named = ("Andrea R Daamen; Peter E Lipsky.", "Blache, U.;")
    quoted = page.locator(".pc-card").first.inner_text()
    expected = named if "Daamen" in quoted else named[::-1]
    assert expected[0] in copied[first:second]
    assert expected[1] in copied[second:]


def test_a_rating_and_a_note_are_written_down_beside_the_index(page: Page, site: Site) -> None:
    ask(page, ANSWERED)
    page.get_by_role("button", name="Not helpful").click()
    page.get_by_text("sent nowhere").wait_for()
    note = page.get_by_label("A note on this answer")
    note.fill(HOSTILE)
    before = page.locator(".pc-told").element_handle()
    note.press("Enter")
    note.wait_for(state="detached")
    page.wait_for_function("old => !old.isConnected", arg=before)  # the line that tells has made way for another
    lines = [json.loads(line) for line in (site.index / "feedback.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["rating"], one["note"]) for one in lines[-2:]] == [("not helpful", ""), ("not helpful", HOSTILE)]
    assert lines[-1]["id"] == lines[-2]["id"] != ""
    assert lines[-1]["question"] == ANSWERED
    assert lines[-1]["fingerprint"]["index_generation"] > 0


@pytest.mark.parametrize(
    ("menu", "form", "name", "beginning"),
    [
        ("answer", "BibTeX", "pincite-answer.bib", "@"),
        ("conversation", "Markdown", "pincite-conversation.md", "#"),
        ("conversation", "RIS", "pincite-conversation.ris", "TY  - "),
    ],
)
def test_what_was_answered_is_saved_as_a_file(page: Page, menu: str, form: str, name: str, beginning: str) -> None:
    ask(page, SEVERAL)
    if menu == "answer":
        page.locator(".pc-acts").get_by_role("button", name="Export").click()
        button = page.locator(".pc-told").get_by_role("button", name=form)
    else:
        page.locator("#pc-export summary").click()
        button = page.locator("#pc-export").get_by_role("button", name=form)
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == name
    text = download.value.path().read_text(encoding="utf-8")
    assert text.lstrip().startswith(beginning)
    assert "for treating autoimmune diseases" in words(text)


def test_a_question_is_edited_and_what_it_replaces_is_not_lost(page: Page) -> None:
    ask(page, SEVERAL)
    ask(page, ANSWERED)
    first = page.locator(".pc-answer").first.inner_text()
    page.get_by_role("button", name="Edit").first.click()
    box = page.get_by_label("Your question")
    page.get_by_role("button", name="Cancel").wait_for()
    assert box.input_value() == SEVERAL
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Cancel").wait_for(state="detached")
    assert box.input_value() == ""
    assert page.locator(".pc-question").count() == 2

    page.get_by_role("button", name="Edit").first.click()
    page.get_by_role("button", name="Cancel").wait_for()
    box.fill("What is known about autoantibodies?")
    box.press("Enter")
    page.wait_for_function("document.querySelectorAll('.pc-question').length === 1")
    page.locator("#pc-stop").wait_for(state="hidden")
    assert page.locator(".pc-question").inner_text() == "What is known about autoantibodies?"
    page.locator("#pc-history summary").click()
    page.locator(".pc-kept-open", has_text=SEVERAL).click()
    page.locator(".pc-question").nth(1).wait_for()
    assert page.locator(".pc-question").all_inner_texts() == [SEVERAL, ANSWERED]
    assert page.locator(".pc-answer").first.inner_text() == first


def test_a_conversation_chosen_while_an_answer_comes_is_opened_when_it_is_there(page: Page) -> None:
    ask(page, SEVERAL)
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_function("document.querySelectorAll('.pc-question').length === 0")
    page.evaluate(
        """() => {
            window.begun = pincite.busy;
            pincite.busy = () => true;
            setTimeout(() => { pincite.busy = window.begun; }, 1500);
        }"""
    )
    page.locator("#pc-history summary").click()
    page.locator(".pc-kept-open", has_text=SEVERAL).click()
    page.locator(".pc-question").wait_for()
    assert page.locator(".pc-question").all_inner_texts() == [SEVERAL]


def test_a_question_is_asked_again(page: Page) -> None:
    ask(page, SEVERAL)
    first = page.locator(".pc-answer").inner_text()
    kept = page.evaluate("pincite.history.now.when")
    page.get_by_role("button", name="Ask again").click()
    page.wait_for_function("before => pincite.history.now.when > before && !pincite.busy()", arg=kept)
    page.locator("#pc-stop").wait_for(state="hidden")
    assert page.locator(".pc-question").count() == 1
    assert page.locator(".pc-answer").inner_text() == first
    assert page.locator("#pc-history").is_hidden()


def test_a_conversation_outlasts_a_reload_and_is_found_again_later(page: Page) -> None:
    ask(page, SEVERAL)
    ask(page, "And their safety?")
    said, cards = page.locator(".pc-answer").all_inner_texts(), page.locator(".pc-card").count()
    reload(page)
    page.locator(".pc-answer").nth(1).wait_for()
    assert page.locator(".pc-answer").all_inner_texts() == said
    assert page.locator(".pc-card").count() == cards
    page.locator(".pc-answer a.pc-cite").first.click()
    assert "source-1-1" in str(page.locator(".pc-marked").get_attribute("id"))

    page.get_by_role("button", name="New conversation").click()
    page.locator("#pc-examples button").first.wait_for()
    ask(page, HOSTILE)
    page.locator("#pc-history summary").click()
    page.locator(".pc-kept-open").first.click()
    page.locator(".pc-answer").nth(1).wait_for()
    assert page.locator(".pc-answer").all_inner_texts() == said
    ask(page, "And in preclinical models?")
    assert any("B cells" in line for line in page.locator(".pc-understood").all_inner_texts()[-2:])

    page.locator("#pc-history summary").click()
    assert page.locator(".pc-kept").count() == 1
    assert HOSTILE in page.locator(".pc-kept").inner_text()
    page.get_by_role("button", name="Forget them all").click()
    page.wait_for_function("document.querySelector('#pc-history').hidden")
    reload(page)
    page.locator(".pc-answer").nth(1).wait_for()
    assert page.locator("#pc-history").is_hidden()


def test_a_question_is_stopped_and_stays_in_the_box(page: Page) -> None:
    ask(page, SEVERAL)
    box = page.get_by_label("Your question")
    box.fill(f"Slowly: {ANSWERED}")
    box.press("Enter")
    page.locator(".pc-working").wait_for()
    assert page.locator(".pc-question").all_inner_texts() == [SEVERAL, f"Slowly: {ANSWERED}"]
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function("!document.querySelector('#pc-ask textarea').disabled")
    assert box.input_value() == f"Slowly: {ANSWERED}"
    assert page.locator(".pc-working").count() == 0
    ask(page, ANSWERED)
    page.wait_for_timeout(4500)  # what was stopped would be answered by now
    assert page.locator(".pc-question").all_inner_texts() == [SEVERAL, ANSWERED]


def test_a_question_sent_twice_in_one_breath_is_asked_once(page: Page) -> None:
    box, kept = page.get_by_label("Your question"), "Object.keys(localStorage).length"
    box.fill(SEVERAL)
    page.get_by_role("button", name="Ask", exact=True).dblclick()
    page.locator(".pc-answer").wait_for()
    page.wait_for_function("!document.querySelector('.pc-working, .pc-coming, #pc-ask textarea:disabled')")
    before = page.evaluate(kept)
    box.fill(ANSWERED)
    box.press("Enter")
    box.press("Enter")
    page.locator(".pc-answer").nth(1).wait_for()
    page.wait_for_function("!document.querySelector('.pc-working, .pc-coming, #pc-ask textarea:disabled')")
    assert page.locator(".pc-question").all_inner_texts() == [SEVERAL, ANSWERED]
    assert page.evaluate(kept) == before


def test_a_question_that_came_when_too_many_waited_stays_in_the_box(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    watch(page)
    page.goto(site.url)
    box = page.get_by_label("Your question")
    box.wait_for()
    ask(page, SEVERAL)
    settled(page)
    page.route("**/queue/join*", lambda route: route.fulfill(status=503, json={"detail": "Busy"}))
    box.fill(ANSWERED)
    box.press("Enter")
    page.get_by_text("This application is currently busy. Please try again.").wait_for()
    assert box.input_value() == ANSWERED
    page.unroute("**/queue/join*")
    page.wait_for_timeout(1500)  # the same words at once would be taken for a slip of the finger
    ask(page, ANSWERED)
    assert page.locator(".pc-question").all_inner_texts() == [SEVERAL, ANSWERED]
    settled(page)
    assert page.locator("#pc-next button").first.is_visible()
    page.close()


def test_only_the_reviews_chosen_are_asked(page: Page) -> None:
    page.get_by_text("Which reviews to ask").click()
    page.get_by_label("Published from").fill("2020")
    ask(page, SEVERAL)
    assert page.get_by_text("Asked of reviews of 2020 or later").is_visible()
    assert set(page.locator(".pc-card .pc-file").all_inner_texts()) == {"000_8514a590ca5ea574.txt"}
    page.get_by_label("Published from").fill("2090")
    ask(page, SEVERAL)
    assert "2090 or later" in page.locator(".pc-problem").inner_text()


def test_what_is_suggested_next_is_answered(page: Page) -> None:
    ask(page, ANSWERED)
    suggested = page.locator("#pc-next button").first
    suggested.wait_for()
    question = suggested.inner_text()
    suggested.click()
    page.locator(".pc-answer").nth(1).wait_for()
    assert page.locator(".pc-question").last.inner_text() == question
