"""Answers that a language model writes, on the page: seen as they are verified, and never taken for quotes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest
from asking import reload, watch
from scripted_model import FIRST, NAME, QUESTION, SECOND, WHY, WRONG, ScriptedModel, writing_assistant
from served import Served, served
from test_page_accessibility import barriers

from rag import Assistant

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)> **bold** `code` $$\\href{javascript:alert(1)}{x}$$"
BY = f"Written by {NAME}, not quoted"
LATER = "Were relapses seen?"


@pytest.fixture(scope="module")
def model() -> ScriptedModel:
    return ScriptedModel()


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, model: ScriptedModel) -> Iterator[Assistant]:
    with writing_assistant(tmp_path_factory.mktemp("written"), model, llm_unsupported="strike") as one:
        yield one


@pytest.fixture(scope="module")
def writing(assistant: Assistant) -> Iterator[Served]:
    with served(assistant) as one:
        yield one


@pytest.fixture
def opened(browser: Browser, writing: Served) -> Iterator[Callable[..., Page]]:
    """Opens the page of a shelf with a model; at the end nothing may have gone wrong in it or gone out of it."""
    strayed: list[str] = []
    pages: list[Page] = []

    def open_one(**options: object) -> Page:
        page = browser.new_page(**{"viewport": {"width": 1280, "height": 800}, **options})  # type: ignore[arg-type]
        page.on("request", lambda sent: strayed.append(sent.url) if "127.0.0.1" not in sent.url[:30] else None)
        page.on("console", lambda line: strayed.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: strayed.append(str(error)))
        page.on("dialog", lambda dialog: strayed.append(dialog.message))
        page.on("response", lambda answer: strayed.append(answer.url) if answer.status >= 400 else None)
        page.set_default_timeout(30_000)
        watch(page)
        page.goto(writing.url)
        page.get_by_label("Your question").wait_for()
        pages.append(page)
        return page

    yield open_one
    for page in pages:
        page.close()
    assert [one for one in strayed if not one.startswith(("data:", "blob:"))] == []


@pytest.fixture
def page(opened: Callable[..., Page]) -> Page:
    return opened()


def send(page: Page, question: str = QUESTION) -> None:
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")


def answered(page: Page) -> None:
    page.locator(".pc-acts").last.wait_for()
    page.wait_for_function("!document.querySelector('.pc-working, .pc-coming, #pc-ask textarea:disabled')")


def ask(page: Page, question: str = QUESTION) -> None:
    before = page.locator(".pc-acts").count()
    send(page, question)
    page.locator(".pc-acts").nth(before).wait_for()
    answered(page)


def test_sentences_come_one_by_one_and_what_is_being_checked_is_told_from_what_stands(
    page: Page, model: ScriptedModel
) -> None:
    second, rest = Event(), Event()
    model.script(f"{FIRST} [1] Relapses of ", second, "lupus nephritis were ", rest, "seen in two of the patients. [1]")
    send(page)
    checking = page.locator(".pc-checking")
    checking.wait_for()
    assert page.get_by_text(BY).is_visible()
    assert page.locator(".pc-coming .pc-wrote").first.inner_text().startswith(FIRST)
    assert page.locator(".pc-coming a.pc-cite").all_inner_texts() == ["[1]"]
    assert checking.inner_text() == "Checking: Relapses of"
    assert checking.locator("em").evaluate("words => getComputedStyle(words).fontStyle") == "italic"
    assert page.locator(".pc-card").count() == 0
    assert page.locator(".pc-acts").count() == 0
    second.set()
    page.get_by_text("Checking: Relapses of lupus nephritis were").wait_for()
    rest.set()
    answered(page)
    assert [one.rpartition(" ")[0].strip() for one in page.locator(".pc-wrote").all_inner_texts()] == [FIRST, SECOND]
    assert page.locator(".pc-card mark").all_inner_texts() == [FIRST, SECOND]
    assert page.locator(".pc-checking").count() == 0
    assert (
        "2 sentences written, 2 supported, 2 shown, 0 dropped; 812 + 96 tokens"
        in page.locator(".pc-counts").inner_text()
    )
    page.locator(".pc-answer a.pc-cite").last.click()
    assert page.locator(".pc-marked").get_attribute("id") == "source-1-2"


def test_what_no_quote_carries_is_struck_and_says_so_and_why(page: Page, model: ScriptedModel) -> None:
    model.script(f"{FIRST} [1] {WRONG} [1] {SECOND} [1]")
    ask(page)
    struck = page.locator(".pc-struck")
    assert struck.inner_text().splitlines() == [f"Not supported by the reviews: {WHY}.", WRONG]
    assert "line-through" in struck.locator("s").evaluate("words => getComputedStyle(words).textDecorationLine")
    assert struck.locator("a").count() == 0
    classes = page.locator(".pc-wrote").evaluate_all("all => all.map(one => one.classList.contains('pc-struck'))")
    assert classes == [False, True, False]


def test_a_models_words_look_like_no_quotes(page: Page, model: ScriptedModel) -> None:
    model.script(f"{FIRST} [1]")
    ask(page)
    page.get_by_label("in the reviews’ own words").check()
    ask(page)
    assert model.asked and len(model.asked) == 1
    written, quoted = page.locator(".pc-answer").all()
    assert "“" not in written.inner_text()
    assert f"“{FIRST}”" in quoted.inner_text()
    assert [one.locator("blockquote").count() for one in (written, quoted)] == [0, 1]
    assert [one.get_by_text(BY).count() for one in (written, quoted)] == [1, 0]
    fonts = [
        page.locator(words).evaluate("one => getComputedStyle(one).fontFamily") for words in (".pc-wrote", ".pc-said")
    ]
    assert fonts[0] != fonts[1]


def test_in_whose_words_to_answer_is_chosen_with_the_keyboard(page: Page, model: ScriptedModel) -> None:
    model.script(f"{FIRST} [1]")
    group = page.get_by_role("radiogroup", name="Answers")
    chosen = group.get_by_role("radio", checked=True)
    assert chosen.get_attribute("value") == "written"
    chosen.focus()
    page.keyboard.press("ArrowDown")
    assert group.get_by_role("radio", checked=True).get_attribute("value") == "quoted"
    ask(page)
    assert model.asked == []
    assert f"“{FIRST}”" in page.locator(".pc-answer").inner_text()


def test_stop_calls_the_model_off_and_leaves_the_question_in_the_box(page: Page, model: ScriptedModel) -> None:
    model.script(f"{FIRST} [1] Relapses of ", Event())
    send(page)
    page.locator(".pc-checking").wait_for()
    page.get_by_role("button", name="Stop").click()
    assert model.closed.wait(5)
    page.wait_for_function("!document.querySelector('#pc-ask textarea').disabled")
    assert page.get_by_label("Your question").input_value() == QUESTION
    assert page.locator(".pc-answer, .pc-question").count() == 0
    model.script(f"{SECOND} [1]")
    ask(page, LATER)  # the same again, and at once, would be taken for a double click
    assert page.locator(".pc-wrote").all_inner_texts()[0].startswith(SECOND)


def test_stop_is_heeded_before_the_first_word(page: Page, model: ScriptedModel) -> None:
    model.script(Event())
    send(page)
    page.locator(".pc-working").wait_for()
    assert model.begun.wait(30)
    page.get_by_role("button", name="Stop").click()
    assert model.closed.wait(5)
    page.wait_for_function("!document.querySelector('#pc-ask textarea').disabled")
    assert page.locator(".pc-working").count() == 0


def test_a_page_that_is_closed_calls_its_model_off(opened: Callable[..., Page], model: ScriptedModel) -> None:
    model.script(f"{FIRST} [1] Relapses of ", Event())
    page = opened()
    send(page)
    page.locator(".pc-checking").wait_for()
    page.close()
    assert model.closed.wait(20)


def test_a_provider_that_fails_leaves_what_stands_or_the_quotes(page: Page, model: ScriptedModel) -> None:
    model.script(f"{FIRST} [1] Relapses of ", ConnectionError("sk-secret"))
    ask(page)
    assert page.locator(".pc-wrote").count() == 1
    assert "What was written until then is shown." in page.locator(".pc-understood").inner_text()
    model.script(ConnectionError("sk-secret"))
    ask(page)
    last = page.locator(".pc-answer").last
    assert "The answer is in the reviews' own words." in last.inner_text()
    assert f"“{FIRST}”" in last.inner_text()
    assert last.get_by_text(BY).count() == 0
    assert "sk-secret" not in page.content()


def test_what_a_model_writes_is_shown_as_words(page: Page, model: ScriptedModel) -> None:
    go = Event()
    model.script(f"{FIRST} [1] Relapses {HOSTILE} of lupus ", go, f"in ninety. [1] {SECOND} [1]")
    send(page)
    page.locator(".pc-checking").wait_for()
    assert page.locator(".pc-coming :is(img, script, code, strong)").count() == 0
    go.set()
    answered(page)
    assert page.locator(".pc-answer :is(img, script, code, strong, .katex)").count() == 0
    assert page.locator(".pc-struck").count() == 1


def test_it_is_edited_asked_again_and_found_again_after_a_reload(page: Page, model: ScriptedModel) -> None:
    model.script(f"{FIRST} [1] {WRONG} [1]")
    ask(page)
    said = page.locator(".pc-answer").inner_text()
    reload(page)
    page.locator(".pc-answer").wait_for()
    assert page.locator(".pc-answer").inner_text() == said
    assert page.locator(".pc-card mark").all_inner_texts() == [FIRST]

    model.script(f"{SECOND} [1]")
    kept = page.evaluate("pincite.history.now.when")
    page.get_by_role("button", name="Ask again").click()
    page.wait_for_function("before => pincite.history.now.when > before && !pincite.busy()", arg=kept)
    answered(page)
    assert page.locator(".pc-wrote").all_inner_texts()[0].startswith(SECOND)
    assert page.locator(".pc-question").count() == 1

    page.get_by_role("button", name="Edit").click()
    page.get_by_role("button", name="Cancel").wait_for()
    ask_in_place = page.get_by_label("Your question")
    ask_in_place.fill(LATER)
    ask_in_place.press("Enter")
    page.wait_for_function(
        "words => document.querySelector('.pc-question')?.textContent === words && !pincite.busy()", arg=LATER
    )
    answered(page)
    assert page.locator(".pc-question").all_inner_texts() == [LATER]


def test_it_is_copied_rated_and_exported(
    opened: Callable[..., Page], model: ScriptedModel, assistant: Assistant
) -> None:
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    model.script(f"{FIRST} [1] {WRONG} [1]")
    ask(page)
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied, with its references.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert BY in copied
    assert f"[1] “{FIRST}”" in copied
    assert WRONG not in copied
    page.get_by_role("button", name="Not helpful").click()
    page.get_by_text("sent nowhere").wait_for()
    line = json.loads((assistant.settings.index / "feedback.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert line["written_by"] == NAME
    page.locator("#pc-export summary").click()
    with page.expect_download() as download:
        page.locator("#pc-export").get_by_role("button", name="Markdown").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert BY in text
    assert f"> {FIRST}" in text
    assert f"~~{WRONG}~~" in text


def test_what_to_ask_next_is_looked_for_without_the_model(page: Page, model: ScriptedModel) -> None:
    model.script(f"{FIRST} [1]")
    ask(page)
    page.wait_for_function("!document.querySelector('#pc-talk.pc-sent')")
    reload(page)  # once nothing is under way any more
    page.locator(".pc-answer").wait_for()
    assert len(model.asked) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_from_reading_it(opened: Callable[..., Page], model: ScriptedModel, scheme: str) -> None:
    go = Event()
    page = opened(color_scheme=scheme)
    model.script(f"{FIRST} [1] {WRONG} [1] Relapses of ", go, "lupus nephritis were seen in two of the patients. [1]")
    found = {"before a question": barriers(page)}
    send(page)
    page.locator(".pc-checking").wait_for()
    found["while it is written"] = barriers(page)
    busy = "document.querySelector('#pc-chat [role=log]').ariaBusy"
    assert page.evaluate(busy) == "true"  # it is read aloud when it is whole
    go.set()
    answered(page)
    assert page.evaluate(busy) == "false"
    found["an answer"] = barriers(page)
    assert {state: those for state, those in found.items() if those} == {}


def test_on_a_phone_it_fits_and_nothing_moves_while_it_is_written(
    opened: Callable[..., Page], model: ScriptedModel
) -> None:
    page = opened(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    form = "Math.round(document.querySelector('#pc-form').getBoundingClientRect().bottom)"
    assert page.evaluate(form) == 740
    page.evaluate(
        """() => {
            window.shifted = 0;
            new PerformanceObserver(list => {
                for (const entry of list.getEntries()) {
                    window.shifted += entry.hadRecentInput ? 0 : entry.value;
                }
            }).observe({ type: "layout-shift", buffered: false });
        }"""
    )
    more, rest = Event(), Event()
    model.script(f"{FIRST} [1] {WRONG} [1] Relapses of ", more, "lupus nephritis were ", rest, "seen in two. [1]")
    send(page)
    page.locator(".pc-checking").wait_for()
    more.set()
    page.get_by_text("Relapses of lupus nephritis were").last.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    rest.set()
    answered(page)
    assert page.evaluate(form) == 740
    assert page.evaluate("shifted") < 0.1
    choice = page.locator("#pc-voice")
    choice.scroll_into_view_if_needed()
    box = choice.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360


@pytest.mark.parametrize("early", [False, True])
def test_a_long_conversation_shows_what_is_being_written(page: Page, model: ScriptedModel, early: bool) -> None:
    model.script(f"{FIRST} [1] {SECOND} [1]")
    for _ in range(4):
        ask(page)
    if early:  # on a busy machine the page may be told that an answer has begun before the question is seen in it
        page.evaluate("""() => {
            const begun = pincite.begun;
            pincite.begun = () => {};
            addEventListener("keyup", () => begun.call(pincite), { once: true });
        }""")
    model.script(f"{FIRST} [1] Relapses of ", go := Event(), "lupus nephritis were seen in two of the patients. [1]")
    send(page)
    page.locator(".pc-checking").wait_for()
    page.wait_for_function(
        "document.querySelector('.pc-checking').getBoundingClientRect().bottom"
        " < document.querySelector('#pc-form').getBoundingClientRect().top"
    )
    go.set()
    answered(page)


def test_where_no_model_is_set_there_is_no_choice(open_page: Callable[..., Page]) -> None:
    assert open_page().locator("#pc-voice").count() == 0
