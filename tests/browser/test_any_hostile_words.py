"""Whatever documents say, in whatever way it is put together: on the page it is words."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from asking import ask
from attacked_page import ALIVE, watched
from attacks import ALL, article, safe
from harm import Fuzzing, Tally
from index_helpers import write
from served import served
from tiny_embedder import TinyEmbedder

from rag import Assistant
from rag.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

QUESTION = "What does each review say about bumblebee colonies in winter?"
PIECES = (
    *(
        "<script>",
        "</script>",
        "<img src=gone onerror=canary()>",
        "<svg/onload=canary()>",
        "<svg><animate onbegin=canary()>",
    ),
    *(
        "<details open ontoggle=canary()>",
        "<iframe src=javascript:canary()>",
        "<object data=javascript:canary()>",
        "<!--",
    ),
    *(
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=gone onerror=canary()&gt;'>",
        "-->",
    ),
    *(
        "<noscript><p title='</noscript><img src=gone onerror=canary()>'>",
        "<base href=//evil.example>",
        "]]>",
        "<![CDATA[",
    ),
    *(
        "<meta http-equiv=refresh content='0;url=javascript:canary()'>",
        "<form action=javascript:canary()><button>",
        "</p>",
    ),
    *(
        "<style>@import'http://evil.example/a.css'</style>",
        "<link rel=stylesheet href=http://evil.example/a.css>",
        "<b>",
    ),
    *("<a href='jav&#x09;ascript:canary()'>link</a>", "<a href=data:text/html,<script>canary()</script>>", "</title>"),
    *(
        "</textarea>",
        "</style>",
        "<template>",
        "<slot>",
        "<x contenteditable autofocus onfocus=canary()>",
        "<plaintext>",
    ),
    *("&lt;img src=gone onerror=canary()&gt;", "&#60;img src=gone onerror=canary()&#62;", "\\u003cimg src=gone\\u003e"),
    *("%3Cimg src=gone onerror=canary()%3E", "{{constructor.constructor('canary()')()}}", "${canary()}", "#{canary()}"),
    *("[x](javascript:canary())", "![x](gone)", "![x](x' onerror='canary())", "`code`", "**loud**", "~~~", "$$x$$"),
    *("<http://evil.example>", "http://evil.example/x", "[[1]](#)", "[1]", "\\href{javascript:canary()}{x}", "<br>"),
    *(
        '" onmouseover=canary() x="',
        "' onfocus=canary() autofocus '",
        '"',
        "'",
        "`",
        "<",
        ">",
        "&",
        "\\",
        "/",
        "=",
        "/>",
    ),
    *(
        "\u202e",
        "\u2066",
        "\u2028",
        "\u00ad",
        "\ufeff",
        "\u200b",
        "\x85",
        "＜img src=gone onerror=canary()＞",
        "ʺ",
        "‹b›",
    ),
)


def put_together(chance: random.Random) -> str:
    """Some pieces, one after another or in one another, in letters of either case."""
    made = ""
    for piece in chance.choices(PIECES, k=chance.choice((1, 1, 2, 3, 6))):
        letters = "".join(chance.choice((one.lower(), one.upper())) for one in piece)
        at = chance.choice((0, len(made), chance.randrange(len(made) + 1)))
        made = f"{made[:at]}{letters if chance.random() < 0.2 else piece}{made[at:]}"
    return made


def shelf(chance: random.Random) -> dict[str, str]:
    """An article, a page of the web and a plain text, all of which attack, also by their names."""
    words = [put_together(chance) for _ in range(4)]
    name = re.sub(r"[/\0\x85\u2028]", "", put_together(chance)).strip(". ").encode()[:100].decode("utf-8", "ignore")
    page = "".join(
        f"<{tag}>{says}</{tag}>"
        for tag, says in (("h1", f"Of hives {safe(words[0])}"), ("p", f"Bumblebee colonies rest {words[1]} in winter."))
    )
    return {
        "bee.xml": article("Of bees", f"Bumblebee colonies sleep {safe(words[2])} in winter.").replace(
            safe(ALL), safe(words[3])
        ),
        f"{name}.html": f"<!doctype html><html><body><article>{page}</article></body></html>",
        f"nest {name}.txt": f"Of nests {words[0]}\n\nBumblebee colonies leave {words[1]} the nest in winter.\n",
    }


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    settings = Settings.model_validate({"reader": "none"})
    write(tmp_path / "seeds", {"bee.txt": "Bumblebee colonies sleep in winter."})
    with Assistant(tmp_path / "seeds", tmp_path / "index", embedder=TinyEmbedder(), settings=settings) as made:
        made.sync()
        yield made


def look_at_everything(page: Page, question: str) -> None:
    """Ask, compare, look at the shelf and at a document."""
    ask(page, QUESTION)
    ask(page, question)
    for more in page.locator("#pc-panel summary").all():
        more.click()
    page.get_by_role("tab", name="Compare").click()
    page.get_by_label("Question to each review").fill(QUESTION)
    page.get_by_label("Question to each review").press("Enter")
    page.locator(".pc-review").first.wait_for()
    page.locator("#pc-compared .pc-working").wait_for(state="detached")
    page.get_by_role("tab", name="Library").click()
    rows = page.locator(".pc-table tbody tr")
    rows.first.wait_for()
    for at in range(rows.count()):
        with page.context.expect_page() as opening:
            rows.nth(at).get_by_role("link").click()
        opening.value.wait_for_load_state()
        assert "Bumblebee" in opening.value.locator("article").inner_text()
        opening.value.mouse.move(400, 300)
        assert opening.value.evaluate(ALIVE) == []
        opening.value.close()


def test_whatever_documents_say_the_page_shows_words(
    browser: Browser, assistant: Assistant, fuzzing: Fuzzing, tally: Tally
) -> None:
    chance, shown, seeds = random.Random(41), 0, assistant.settings.seeds
    with served(assistant) as site:
        for _ in fuzzing(0.1):
            for old in seeds.iterdir():
                old.unlink()
            documents = shelf(chance)
            write(seeds, {name: text.encode() for name, text in documents.items()})
            report = assistant.sync()
            assert not report.skipped, (report.skipped, documents)
            found = watched(browser, site.url)
            look_at_everything(found.page, f"What do colonies cost {put_together(chance)}?")
            assert found.page.evaluate(ALIVE) == [], documents
            found.page.context.close()
            assert found.strayed == [], documents
            shown += len(documents)
    tally("documents of hostile words, shown", shown, 0)
