"""A question put to every review separately: side by side on the page, and as a table in a file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

BLACHE, DAAMEN = "000_8514a590ca5ea574.txt", "004_4f99eab4ce307d20.txt"
HOSTILE = "<img src=x onerror=alert(1)> ${alert(2)} {{x}}"


def compare(page: Page, question: str) -> None:
    page.get_by_role("tab", name="Compare").click()
    box = page.get_by_label("Question to each review")
    box.fill(question)
    box.press("Enter")
    page.locator("#pc-compared .pc-question", has_text=question).wait_for()
    page.locator("#pc-compared .pc-working").wait_for(state="detached")


def words(text: str) -> str:
    return " ".join(text.split())


def test_each_review_answers_in_its_own_words(page: Page, site: Site) -> None:
    compare(page, "What is said about B cells?")
    columns = page.locator(".pc-review")
    assert columns.count() == 2
    for title, file in (("CAR T cells for treating", BLACHE), ("Potential and pitfalls", DAAMEN)):
        quotes = columns.filter(has_text=title).locator("blockquote").all_inner_texts()
        text = words((site.seeds / file).read_text(encoding="utf-8"))
        assert quotes
        assert all(words(quote).strip("“”") in text for quote in quotes)


def test_a_review_that_is_silent_says_so_and_comes_last(page: Page) -> None:
    compare(page, "What is the role of lymphodepletion?")
    says = [bool(one.count()) for one in [column.locator("blockquote") for column in page.locator(".pc-review").all()]]
    assert says == sorted(says, reverse=True)
    assert says[0]
    silent = page.locator(".pc-says-nothing")
    assert silent.count() == says.count(False) > 0
    assert "Does not say" in silent.first.inner_text()


def test_only_the_reviews_chosen_are_compared(page: Page) -> None:
    page.get_by_role("tab", name="Compare").click()
    page.get_by_label("Only these (the").click()
    page.get_by_role("option", name="Potential and pitfalls").click()
    page.keyboard.press("Escape")
    compare(page, "What is said about B cells?")
    assert page.locator(".pc-review h3").all_inner_texts()[0].startswith("Potential and pitfalls")
    assert page.locator(".pc-review").count() == 1
    assert "1 more document on the shelf was not asked." in page.locator("#pc-compared").inner_text()


def test_the_table_is_saved_as_a_file(page: Page) -> None:
    compare(page, "What is said about B cells?")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    assert download.value.suggested_filename == "pincite-comparison.csv"
    saved = download.value.path().read_bytes()
    assert saved.startswith(b"\xef\xbb\xbf")  # without it a spreadsheet takes the file for another encoding
    rows = list(csv.DictReader(io.StringIO(saved.decode("utf-8-sig"))))
    assert {row["document"] for row in rows} == {BLACHE, DAAMEN}


def test_a_question_is_shown_and_not_obeyed(page: Page) -> None:
    compare(page, HOSTILE)
    assert page.locator("#pc-compared .pc-question").inner_text() == HOSTILE
    assert page.locator("#pc-compared img, #pc-compared script").count() == 0


def test_a_comparison_can_be_stopped_and_what_came_so_far_stays(page: Page) -> None:
    page.get_by_role("tab", name="Compare").click()
    box = page.get_by_label("Question to each review")
    box.fill("Slowly: What is said about B cells?")
    box.press("Enter")
    page.locator(".pc-review").wait_for()
    page.locator("#pc-compare-stop").click()
    page.locator("#pc-compared .pc-working").wait_for(state="detached")
    assert "1 more document on the shelf was not asked." in page.locator("#pc-compared").inner_text()
    page.get_by_role("button", name="Save as CSV").wait_for()
    page.wait_for_timeout(5000)  # longer than the next review takes
    assert page.locator(".pc-review").count() == 1
    compare(page, "Which diseases were treated?")
    assert page.locator(".pc-review").count() == 2


def test_how_many_are_asked_where_none_is_chosen_can_be_told(page: Page) -> None:
    page.get_by_role("tab", name="Compare").click()
    page.get_by_label("How many, if none is chosen").click()
    assert page.get_by_role("option").count() == 3
    page.get_by_role("option", name="24 nearest").click()
    compare(page, "What is said about B cells?")
    assert page.locator(".pc-review").count() == 2


def test_a_retraction_stands_out_in_a_column(page: Page) -> None:
    compare(page, "What is said about B cells?")
    colours = page.evaluate("""() => {
        const label = document.createElement("span");
        label.className = "pc-label pc-label-retracted";
        document.querySelector(".pc-review header").append(label);
        const alarm = document.createElement("span");
        alarm.style.color = "var(--pc-alarm)";
        document.querySelector("#pc-compared").append(alarm);
        return [getComputedStyle(label).backgroundColor, getComputedStyle(alarm).color];
    }""")
    assert colours[0] == colours[1]
