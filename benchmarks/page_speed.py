"""How quick is the page? First paint, Enter to the first words of an answer, and twenty people at once.

The shelf is that of a public set (by default SciFact: some 5,000 abstracts, 10,000 passages), and the questions are
its claims, put as questions. The page is served by a process of its own, as `pincite ui` does, and used by a real
Chromium. The people ask through the API, each over a connection of its own, read for a while, and ask again; then all
in the same instant, ten times, because some take half as long again. They use plain HTTP, for `gradio_client` itself
would take more of the machine than the answers.

    python benchmarks/page_speed.py --data FOLDER --work DIR [--set NAME] [--json FILE]

Seconds depend on the machine and on what else runs; no two runs agree to the last digit.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx
from playwright.sync_api import Page, sync_playwright
from public_shelf import add_options, public_shelf

from rag.evaluation.shelves import Shelf

PEOPLE = 20
READS = 5.0  # seconds that a person reads an answer, on average
ASKS = 5  # questions each
INSTANTS = 10  # in which all ask
PAUSE = 1.0  # seconds before each of them
TIMED = 25
WARM_UP = 3
PORT = 18760

_SERVER = """
import sys
from rag import Assistant
from ui.serving import serve
assistant = Assistant(sys.argv[1], sys.argv[2])
serve(assistant, host="127.0.0.1", port=int(sys.argv[3]), announce=lambda line: print(line, flush=True))
"""
_SWITCHES = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --no-first-run"
# The time from the key to the first words of the answer, as the page itself sees it.
_WATCH = """() => new Promise(done => {
    const start = performance.now();
    const before = document.querySelectorAll(".pc-said, .pc-reason").length;
    const seen = new MutationObserver(() => {
        if (document.querySelectorAll(".pc-said, .pc-reason").length > before) {
            seen.disconnect();
            requestAnimationFrame(() => done(performance.now() - start));
        }
    });
    seen.observe(document.body, { childList: true, subtree: true });
    const box = document.querySelector("#pc-ask textarea");
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", bubbles: true, cancelable: true }));
    box.dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", code: "Enter", bubbles: true, cancelable: true }));
})"""


@contextmanager
def served(shelf: Shelf) -> Iterator[str]:
    """The page's address, while it is served."""
    command = [sys.executable, "-c", _SERVER, str(shelf.seeds), str(shelf.index), str(PORT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        line = ""
        while "http://" not in line:
            line = server.stdout.readline()
            if not line:
                sys.exit("The page did not start.")
        try:
            yield line.split()[-1]
        finally:
            server.send_signal(signal.SIGINT)


def page_times(url: str, questions: Sequence[str]) -> dict[str, Any]:
    """First paint in seconds, and from Enter to the first words in milliseconds, in one conversation after another."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_SWITCHES.split())
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.goto(url)
        page.get_by_label("Your question").wait_for()
        for question in questions[:WARM_UP]:
            _first_words(page, question)
        times = [_first_words(page, question) for question in questions[WARM_UP : WARM_UP + TIMED]]
        paints = [_first_paint(page) for _ in range(5)]
        browser.close()
    return {
        "first paint, s": round(statistics.median(paints) / 1000, 2),
        "Enter to first words, ms, p50": round(statistics.median(times)),
        "Enter to first words, ms, p95": round(_p95(times)),
        "questions": len(times),
    }


def _first_words(page: Page, question: str) -> float:
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_function("!document.querySelector('.pc-question')")
    page.wait_for_timeout(400)  # what was suggested before must not be counted
    page.get_by_label("Your question").fill(question)
    took = float(page.evaluate(_WATCH))
    page.wait_for_function("!document.querySelector('#pc-ask textarea').disabled")
    page.wait_for_timeout(1600)
    return took


def _first_paint(page: Page) -> float:
    page.reload()
    page.get_by_label("Your question").wait_for()
    paint = 'performance.getEntriesByName("first-contentful-paint")[0].startTime'
    took = float(page.evaluate(paint))
    page.wait_for_timeout(1500)
    return took


def crowd_times(url: str, questions: Sequence[str]) -> dict[str, Any]:
    """Seconds from question to answer for twenty people who read between, and for all of them in the same instant."""
    people = [httpx.Client(base_url=f"{url}/gradio_api/call", timeout=120) for _ in range(PEOPLE)]
    for one in people:
        _ask(one, questions[0])
    reading = _crowd(people, questions, ASKS, READS)
    at_once: list[float] = []
    for seed in range(INSTANTS):
        time.sleep(PAUSE)
        at_once += _crowd(people, questions, 1, 0.0, seed)
    return {
        f"{PEOPLE} people, {READS:.0f} s of reading": _summed_up(reading),
        f"{PEOPLE} people in one instant": _summed_up(at_once),
    }


def _ask(client: httpx.Client, question: str) -> None:
    """Ask as the API's documentation says: the question is sent, and its answer waited for as an event."""
    event = client.post("v2/answer", json={"question": question}).json()["event_id"]
    told = client.get(f"answer/{event}").text
    if "event: complete" not in told:
        sys.exit(f"No answer: {told[:200]}")


def _crowd(
    people: Sequence[httpx.Client], questions: Sequence[str], asks: int, reads: float, seed: int = 0
) -> list[float]:
    times: list[float] = []
    chance = random.Random(seed)
    plans = [[(chance.choice(questions), chance.expovariate(1 / reads) if reads else 0.0) for _ in range(asks)]
             for _ in people]  # fmt: skip

    def person(client: httpx.Client, plan: Sequence[tuple[str, float]]) -> None:
        for question, pause in plan:
            time.sleep(pause)
            began = time.perf_counter()
            _ask(client, question)
            times.append(time.perf_counter() - began)

    threads = [threading.Thread(target=person, args=pair) for pair in zip(people, plans, strict=True)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return times


def _summed_up(times: Sequence[float]) -> dict[str, float]:
    return {"p50": round(statistics.median(times), 2), "p95": round(_p95(times), 2), "answers": len(times)}


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--json", type=Path, help="Write the figures here.")
    chosen = parser.parse_args()
    with public_shelf(parser, chosen) as public:
        shelf, questions = public.shelf, public.questions()
        with public.assistant.snapshot() as snapshot:
            counts = snapshot.counts()
    random.Random(0).shuffle(questions)
    with served(shelf) as url:
        figures = {"shelf": counts, **page_times(url, questions), **crowd_times(url, questions)}
    for name, value in figures.items():
        print(f"{name:36s} {value}")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
