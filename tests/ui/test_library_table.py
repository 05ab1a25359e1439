"""The shelf as a table: searched, sorted, a page at a time, and every word of it only a word."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_helpers import write
from tiny_embedder import TinyEmbedder

from index.documents import Bibliography
from index.snapshot import Listed
from rag import Assistant
from rag.settings import Settings
from ui import shelf_table
from ui.shelf_table import ROWS, ShelfTable, View


def listed(name: str, title: str = "", passages: int = 1, **said: Any) -> Listed:
    return Listed(name, said.pop("format", "text"), Bibliography(title=title, **said), 0, passages, 3)


SHELF = [
    listed("b.txt", "Zebrafish", year=2001, authors=("Müller, A",), passages=9),
    listed("a.txt", "apples of the eye", year=2020, journal="Eye", labels=("retracted",)),
    listed("c.pdf", "Ärzte", format="pdf", passages=10),
    listed("d.txt"),
]


class Parsed(HTMLParser):
    """The rows of a table as the words in their cells, and every tag and attribute there is."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(key, value or "") for key, value in attrs]
        if tag == "tr":
            self.rows.append([])
        if tag in {"th", "td"}:
            self.rows[-1].append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"th", "td"}:
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data

    @property
    def names(self) -> list[str]:
        return [row[8] for row in self.rows[1:]]


def table_of(shelf: list[Listed], monkeypatch: pytest.MonkeyPatch) -> ShelfTable:
    table = ShelfTable(cast(Assistant, SimpleNamespace()))
    rows = [shelf_table._row(one) for one in shelf]
    monkeypatch.setattr(table, "_read", lambda: (rows, []))
    return table


def names(shelf: list[Listed], view: View, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return Parsed(table_of(shelf, monkeypatch).show(view)).names


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("title", ["a.txt", "c.pdf", "b.txt", "d.txt"]),  # "Ärzte" is sorted as "arzte"; no title comes last
        ("year", ["b.txt", "a.txt", "c.pdf", "d.txt"]),
        ("name", ["a.txt", "b.txt", "c.pdf", "d.txt"]),
        ("passages", ["a.txt", "d.txt", "b.txt", "c.pdf"]),  # as numbers
        ("journal", ["a.txt", "b.txt", "c.pdf", "d.txt"]),
    ],
)
def test_sorted_by_each_column(column: str, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert names(SHELF, View(column=column), monkeypatch) == expected


def test_the_other_way_round_what_is_not_stated_still_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    view = View.wished({"column": "year", "descending": True})
    assert names(SHELF, view, monkeypatch) == ["a.txt", "b.txt", "c.pdf", "d.txt"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("muller", ["b.txt"]),
        ("MÜLLER zebra", ["b.txt"]),
        ("eye retracted 2020", ["a.txt"]),
        ("pdf", ["c.pdf"]),
        ("zebra apples", []),
        ("  ", ["a.txt", "c.pdf", "b.txt", "d.txt"]),
    ],
)
def test_a_search_looks_in_all_columns_for_all_words(
    words: str, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert names(SHELF, View.wished({"words": words}), monkeypatch) == expected


def test_pages_hold_fifty_rows_and_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = [listed(f"{at:04}.txt", f"Title {at}") for at in range(2 * ROWS + 1)]
    view = {"column": "name"}
    seen: list[str] = []
    for page in range(3):
        found = names(shelf, View.wished({**view, "page": page}), monkeypatch)
        assert len(found) <= ROWS
        seen += found
    assert seen == [one.name for one in shelf]
    html = table_of(shelf, monkeypatch).show(View.wished({**view, "page": 99}))  # the last there is
    assert "Page 3 of 3" in html
    assert re.search(r'data-page="3" disabled', html)


def test_a_table_is_a_table_to_a_screen_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    html = table_of(SHELF, monkeypatch).show(View(column="year", descending=True))
    assert len(re.findall(r'<th role="columnheader" scope="col" aria-sort="descending"', html)) == 1
    assert len(re.findall(r'<th role="rowheader" scope="row"', html)) == len(SHELF)
    assert 'aria-label="Remove a.txt"' in html
    assert "<caption>" in html


wishes = st.dictionaries(
    st.sampled_from(["words", "column", "descending", "page", "number", "act"]),
    st.none() | st.booleans() | st.integers() | st.text(max_size=300) | st.lists(st.integers()) | st.floats(),
)


@given(wishes)
def test_whatever_is_asked_for_is_a_view(wish: dict[str, Any]) -> None:
    view = View.wished(wish)
    assert view.page >= 0
    assert 0 <= view.number <= 2**53
    assert view.descending == (wish.get("descending") is True)
    assert view.column in {"title", "authors", "year", "journal", "labels", "format", "pages", "passages", "name"}
    assert len(view.words) <= 200


nasty = st.text(max_size=40) | st.sampled_from(
    [
        "<img src=x onerror=canary()>",
        '" onmouseover="canary()',
        "'><script>canary()</script>",
        "[x](javascript:canary())",
        "${canary()} {{canary()}} $x$ `y`",
        "javascript:canary()",
        "</table></div>",
        "../..%2f&name=other#x",
    ]
)


@given(title=nasty, author=nasty, journal=nasty, label=nasty, name=nasty.filter(bool), format_=nasty)
def test_whatever_a_document_says_is_shown_as_words(
    title: str, author: str, journal: str, label: str, name: str, format_: str
) -> None:
    said = {"authors": (author,), "journal": journal, "labels": (label,), "format": format_}
    with pytest.MonkeyPatch.context() as patch:
        html = table_of([listed(name, title, **said)], patch).show(View())
    plain = Parsed(html)
    assert plain.tags <= {"p", "table", "caption", "thead", "tbody", "tr", "th", "td", "button", "span", "a"}
    assert not any(key.startswith("on") for key, _ in plain.attributes)
    links = [value for key, value in plain.attributes if key == "href"]
    assert len(links) == 1
    assert re.fullmatch(r"document\?name=[\w.~%-]*", links[0], re.ASCII)
    assert not any(sign in html for sign in ("${", "{{", "`"))
    assert plain.names == [name.replace("\0", "\ufffd")]
    assert plain.rows[1][2:4] == ["", " ".join(journal.replace("\0", "\ufffd").split())]


def test_two_thousand_documents_are_shown_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = [listed(f"{at:04}.txt", f"Title {at} of many {at % 7}", year=1990 + at % 30) for at in range(2000)]
    table = table_of(shelf, monkeypatch)
    began = time.process_time()
    html = table.show(View(words="many 3", column="year"))
    assert time.process_time() - began < 0.5
    assert len(html) < 100_000


def test_the_shelf_is_read_anew_when_it_is_another(tmp_path: Path) -> None:
    seeds = write(tmp_path / "seeds", {"a.md": "# Of kidneys\n\nThey recover.", "bad.png": b"\x89PNG\r\n"})
    settings = Settings.model_validate({"reader": "none"})
    with Assistant(seeds, tmp_path / "index", embedder=TinyEmbedder(), settings=settings) as assistant:
        assistant.sync()
        table = ShelfTable(assistant)
        first = table.show(View())
        assert "Of kidneys" in first
        assert "1 file in the seeds folder is not read" in first
        write(seeds, {"b.md": "# Of livers\n\nThey do, too."})
        (seeds / "bad.png").unlink()
        assistant.sync()
        second = table.show(View())
        assert "Of livers" in second
        assert "not read" not in second
        for name in ("a.md", "b.md"):
            (seeds / name).unlink()
        assistant.sync()
        assert table.show(View()) == '<div class="pc-bare"></div>'
