"""The page of a whole document, and the pictures of its pages: what is on the shelf, and nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from index_helpers import write
from pdf_pages import Page, pdf
from PIL import Image
from reading_pages import marked, shown, titles
from starlette.applications import Starlette
from starlette.testclient import TestClient
from tiny_embedder import TinyEmbedder

from index.documents import Span
from index.limits import Limits
from index.originals import original
from rag import Assistant
from rag.answers import Citation, cite
from rag.settings import load_settings
from ui.links import document_link
from ui.page_images import PageImages
from ui.reading import routes

QUOTE = "The kidney recovered in five patients of eight."
REVIEW = f"Lupus nephritis\n\nLupus was in remission after the infusion. {QUOTE}\n\nNo relapse occurred in a year.\n"
LIMITS = Limits(seconds=20, megabytes=768, workers=1)
HOSTILE = "<img src=x onerror=alert(1)>\"'</title><script>alert(2)</script>.txt"


def shelf(folder: Path) -> Path:
    pages = pdf(
        Page()
        .words(60, 80, "Cells in lupus", 16)
        .words(60, 120, "Cells remove antibodies from the blood of patients."),
        Page().words(60, 120, "The effect lasts for years in most of them."),
    )
    return write(folder / "seeds", {"review.txt": REVIEW, "pages.pdf": pages, "a b/ü&.txt": REVIEW})


@contextmanager
def served(seeds: Path, index: Path) -> Iterator[tuple[Assistant, TestClient]]:
    """A shelf, and a browser without a window."""
    settings = load_settings(reader="none")
    with Assistant(seeds, index, embedder=TinyEmbedder(), settings=settings) as assistant:
        assistant.sync()
        images = PageImages(assistant, limits=LIMITS)
        with TestClient(Starlette(routes=routes(assistant, images))) as client:
            yield assistant, client
        images.close()


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Assistant, TestClient]]:
    """One shelf for the tests that change nothing."""
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "secret.pdf").write_bytes(b"%PDF-1.7 secret")
    with served(shelf(folder), folder / "index") as made:
        yield made


@pytest.fixture
def client(asked: tuple[Assistant, TestClient]) -> TestClient:
    return asked[1]


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return shelf(tmp_path)


@pytest.fixture
def own(seeds: Path, tmp_path: Path) -> Iterator[tuple[Assistant, TestClient]]:
    """A shelf whose folder `seeds` is to be changed at will."""
    with served(seeds, tmp_path / "index") as made:
        yield made


def citation(assistant: Assistant, name: str, quote: str) -> Citation:
    document = assistant.document(name)
    start = document.text.index(quote)
    return cite(document, Span(start, start + len(quote)), number=1, score=1.0)


@pytest.mark.parametrize("name", ["review.txt", "a b/ü&.txt"])
def test_a_citation_opens_its_document_at_its_words(asked: tuple[Assistant, TestClient], name: str) -> None:
    assistant, client = asked
    link = document_link(citation(assistant, name, QUOTE))
    assert urlsplit(link).path == "document" and urlsplit(link).fragment == "cited"

    page = client.get(f"/{link}")

    assert page.status_code == 200
    assert marked(page.text) == [QUOTE]
    assert page.text.count('<mark id="cited">') == 1
    assert all(line in shown(page.text) for line in ("Lupus nephritis", "No relapse occurred in a year."))


def test_several_places_are_marked_each_with_a_name_to_jump_to(asked: tuple[Assistant, TestClient]) -> None:
    assistant, client = asked
    quotes = ("Lupus was in remission", "No relapse occurred")
    query = [
        part
        for one in quotes
        for part in urlsplit(document_link(citation(assistant, "review.txt", one))).query.split("&")
    ]

    page = client.get(f"/document?{'&'.join(query[:4] + query[5:])}").text

    assert marked(page) == list(quotes)
    assert 'id="cited"' in page and 'id="cited-2"' in page


def test_without_a_place_the_document_opens_at_its_top_with_nothing_marked(client: TestClient) -> None:
    page = client.get("/document", params={"name": "review.txt"})
    assert page.status_code == 200 and "<mark" not in page.text and 'class="note"' not in page.text


def test_words_that_moved_are_marked_where_they_stand_now_and_it_is_said(
    own: tuple[Assistant, TestClient], seeds: Path
) -> None:
    assistant, client = own
    link = document_link(citation(assistant, "review.txt", QUOTE))
    write(seeds, {"review.txt": f"A new sentence was put before all others.\n\n{REVIEW}"})
    assistant.sync()

    page = client.get(f"/{link}").text

    assert marked(page) == [QUOTE]
    assert "has changed since this was quoted. The same words now stand here" in shown(page)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (REVIEW.replace("five", "six!"), "no longer in it"),
        (f"Again. {REVIEW}\n\n{QUOTE}\n", "in more than one place"),
    ],
)
def test_words_that_are_gone_or_not_alone_are_not_marked_elsewhere(
    own: tuple[Assistant, TestClient], seeds: Path, now: str, said: str
) -> None:
    assistant, client = own
    link = document_link(citation(assistant, "review.txt", QUOTE))
    write(seeds, {"review.txt": now})
    assistant.sync()
    page = client.get(f"/{link}").text
    assert marked(page) == [] and said in shown(page)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"start": "5", "end": "99999"}, "points past the words"),
        ({"start": "9", "end": "3"}, "points past the words"),
        ({"start": "-1", "end": "3"}, "This link is damaged"),
        ({"start": "x", "end": "3"}, "This link is damaged"),
        ({"start": "5"}, "This link is damaged"),
        ({"start": ["1"] * 30, "end": ["2"] * 30}, "This link is damaged"),
        ({"start": "٣", "end": "9" * 400}, "This link is damaged"),
    ],
)
def test_a_link_that_makes_no_sense_marks_nothing_and_says_so(
    client: TestClient, query: dict[str, object], said: str
) -> None:
    page = client.get(f"/document?{urlencode({'name': 'review.txt', **query}, doseq=True)}")
    assert page.status_code == 200
    assert marked(page.text) == [] and said in shown(page.text)


STRANGE = [
    "",
    "nothing.txt",
    "REVIEW.TXT",
    "./review.txt",
    "../seeds/review.txt",
    "../../etc/passwd",
    "/etc/passwd",
    "%2e%2e/review.txt",
    "..%2freview.txt",
    "review.txt\0",
    "review.txt/",
    "a b\\ü&.txt",
    "secret.pdf",
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize("what", ["document", "page"])
def test_what_is_not_on_the_shelf_is_not_found(client: TestClient, name: str, what: str) -> None:
    answer = client.get(f"/{what}?{urlencode({'name': name, 'page': 1})}")
    assert answer.status_code == 404
    assert "script>alert" not in answer.text and "secret" not in answer.text


def test_an_unknown_document_says_what_to_do(client: TestClient) -> None:
    page = client.get("/document?name=gone.txt").text
    assert "This document is not on the shelf" in titles(page)
    assert "Ask again" in shown(page) and 'href="./"' in page


@pytest.mark.skipif(os.name != "posix", reason="links are made as POSIX does")
def test_a_link_that_took_a_files_place_is_not_followed_out_of_the_shelf(
    own: tuple[Assistant, TestClient], seeds: Path, tmp_path: Path
) -> None:
    _, client = own
    outside = tmp_path / "outside.pdf"
    (seeds / "pages.pdf").rename(outside)
    (seeds / "pages.pdf").symlink_to(outside)
    assert client.get("/page?name=pages.pdf&page=1").status_code == 422
    page = client.get("/document?name=pages.pdf").text
    assert "pages of the PDF cannot be shown" in shown(page) and "<img" not in page


def test_a_page_is_a_picture_as_wide_as_asked_for_within_bounds(client: TestClient) -> None:
    sizes = {}
    for width in ("700", "99999", "-3", "1e9", ""):
        answer = client.get(f"/page?name=pages.pdf&page=2&width={width}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
        sizes[width] = Image.open(BytesIO(answer.content)).size
    assert sizes["700"] == (800, 1036)
    assert {sizes[width][0] for width in ("99999", "-3", "1e9", "")} == {2000}


def test_a_picture_is_kept_by_the_browser_and_asked_for_once(client: TestClient) -> None:
    first = client.get("/page?name=pages.pdf&page=1&width=400")
    assert first.headers["cache-control"].startswith("private")
    again = client.get("/page?name=pages.pdf&page=1&width=400", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("query", ["page=0", "page=3", "page=x", "page=", "page=1&content=other", "page=²"])
def test_a_page_that_is_not_there_is_not_found(client: TestClient, query: str) -> None:
    assert client.get(f"/page?name=pages.pdf&{query}").status_code == 404


def test_only_pdfs_have_pictures(client: TestClient) -> None:
    assert client.get("/page?name=review.txt&page=1").status_code == 404


def test_the_pages_of_a_pdf_stand_beside_its_text_with_boxes_over_the_words(
    asked: tuple[Assistant, TestClient],
) -> None:
    assistant, client = asked
    found = citation(assistant, "pages.pdf", "The effect lasts for years in most of them.")

    page = client.get(f"/{document_link(found)}").text

    images = re.findall(r'<img src="([^"]*)"', page)
    assert [parse_qs(urlsplit(one.replace("&amp;", "&")).query)["page"] for one in images] == [["1"], ["2"]]
    assert [client.get(f"/{one.replace('&amp;', '&')}").status_code for one in images] == [200, 200]
    (box,) = re.findall(r'class="box" style="left:(.*?)%;top:(.*?)%;width:(.*?)%;height:(.*?)%"', page)
    left, top, width, height = map(float, box)
    assert left == pytest.approx(100 * 60 / 612, abs=0.5) and top < 100 * 120 / 792 < top + height
    assert width == pytest.approx(100 * 43 * 6 / 612, abs=1)
    assert page.index('id="page-2"') < page.index('class="box"')


@pytest.mark.parametrize("change", ["changed", "removed"])
def test_of_a_pdf_that_is_another_file_now_the_text_is_shown_and_it_is_said(
    own: tuple[Assistant, TestClient], seeds: Path, change: str
) -> None:
    _, client = own
    address = "/page?name=pages.pdf&page=1"
    assert client.get(address).status_code == 200
    if change == "removed":
        (seeds / "pages.pdf").unlink()
    else:
        (seeds / "pages.pdf").write_bytes(pdf(Page().words(60, 80, "Something else altogether.")))
    page = client.get("/document?name=pages.pdf").text
    assert "Cells remove antibodies" in shown(page) and "<img" not in page
    assert "To mend it: pincite index" in shown(page)
    assert client.get(f"{address}&width=1000").status_code == 422


def test_a_retraction_is_not_overlooked(own: tuple[Assistant, TestClient], seeds: Path) -> None:
    assistant, client = own
    write(seeds, {"gone.txt": f"RETRACTED: Cells for all\n\nThis article has been retracted.\n\n{REVIEW}"})
    assistant.sync()
    page = client.get("/document?name=gone.txt").text
    assert '<p class="alarm">This article has been retracted.</p>' in page
    assert '<b class="alarm">retracted</b>' in page


def test_nothing_of_a_file_or_its_name_becomes_markup(own: tuple[Assistant, TestClient], seeds: Path) -> None:
    assistant, client = own
    write(seeds, {HOSTILE.replace("/", "∕"): f"{HOSTILE}\n\n{HOSTILE} is what this sentence says to the reader."})
    assistant.sync()
    answer = client.get(f"/document?{urlencode({'name': HOSTILE.replace('/', '∕')})}")
    assert answer.status_code == 200
    assert "<img" not in answer.text and answer.text.count("<script") == 1
    assert "script-src 'sha256-" in answer.headers["content-security-policy"]
    assert "alert(2)" in shown(answer.text)


def test_pictures_are_let_go_of_when_they_are_too_many(asked: tuple[Assistant, TestClient]) -> None:
    assistant, _ = asked
    images = PageImages(assistant, kept=1, limits=LIMITS)
    with TestClient(Starlette(routes=routes(assistant, images))) as client:
        sizes = [len(client.get(f"/page?name=pages.pdf&page={number}").content) for number in (1, 2, 1, 2)]
    assert sizes[:2] == sizes[2:] and images.held == sizes[1]
    images.close()


@pytest.mark.parametrize(("most", "reads"), [(200 << 20, 3), (1, 6)])
def test_a_file_is_read_once_for_all_its_pages_while_it_is_the_same_and_there_is_room(
    own: tuple[Assistant, TestClient], seeds: Path, monkeypatch: pytest.MonkeyPatch, most: int, reads: int
) -> None:
    assistant, client = own
    read: list[str] = []

    def noted(folder: Path, name: str, *more: Any) -> bytes:
        read.append(name)
        return original(folder, name, *more)

    monkeypatch.setattr("ui.page_images.original", noted)
    monkeypatch.setattr("ui.page_images._OPEN_BYTES", most)
    page = pdf(Page().words(60, 80, "The same words on every page."))
    write(seeds, {"second.pdf": page, "third.pdf": page + b"\n"})
    assistant.sync()
    for name, number, width in (
        ("pages.pdf", 1, 400),
        ("pages.pdf", 2, 400),
        ("pages.pdf", 1, 600),
        ("second.pdf", 1, 400),
        ("third.pdf", 1, 400),
        ("third.pdf", 1, 600),
    ):
        assert client.get(f"/page?name={name}&page={number}&width={width}").status_code == 200
    assert len(read) == reads
    assert client.get("/page?name=pages.pdf&page=2&width=800").status_code == 200  # two are kept
    assert len(read) == reads + 1
    (seeds / "pages.pdf").unlink()
    assert client.get("/page?name=pages.pdf&page=2&width=1000").status_code == 422
