"""What the tests of the index share: prose to draw from, and what a reader sees of an index."""

from __future__ import annotations

import atexit
import os
import sqlite3
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from tiny_embedder import TinyEmbedder

from index import seals, store, vector_blocks
from index.opening import open_snapshot
from index.reading import ReadingPool
from index.settings import IndexSettings
from index.snapshot import Snapshot
from index.sync import ProgressCallback, SyncReport, sync

SETTINGS = IndexSettings(model="tiny", passage_tokens=32)
LONG_AGO = 1_500_000_000 * 10**9
QUESTIONS = ("Did the kidney relapse in lupus?", "cells of the liver", "remission was lasting", "Größe der Leber")

LIVER = "The liver was normal in all patients of the trial. No relapse of hepatitis occurred in twelve months."
KIDNEY = "Lupus nephritis was in remission after the infusion. The kidney recovered in five patients of eight."
HEART = "Myocarditis was seen once among the treated. The heart recovered without further treatment."


def write(folder: Path, texts: Mapping[str, str | bytes]) -> Path:
    """Write files below `folder`, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def aged(file: Path) -> None:
    """Give a file a time of change so old that its time and size tell whether it changed."""
    os.utime(file, ns=(LONG_AGO, LONG_AGO))


def to_third_format(index: Path) -> None:
    """Make an index one of the third format: each sentence has its own vector, in half precision."""
    db = sqlite3.connect(index / store.FILE, isolation_level=None)
    db.execute("ALTER TABLE sentences ADD COLUMN vector BLOB NOT NULL DEFAULT x''")
    dimension = store.get_meta(db, "shape")["dimension"]
    for first, block in db.execute("SELECT first, block FROM vectors").fetchall():
        for at, vector in enumerate(vector_blocks.unpack(block, dimension), first):
            db.execute("UPDATE sentences SET vector = ? WHERE id = ?", (vector.astype("<f2").tobytes(), at))
    for table in seals.COLUMNS:
        db.execute(f"ALTER TABLE {table} DROP COLUMN seal")
    db.executescript(
        "ALTER TABLE contents DROP COLUMN layout_seal; DROP TABLE vectors; DROP TABLE cells; DROP TABLE partition;"
        "PRAGMA user_version = 3;"
    )
    db.execute("UPDATE meta SET value = json_set(value, '$.format', '1.1') WHERE key = 'files'")
    db.close()
    (index / "vectors-1.faiss").write_bytes(b"as it was")


def run_sync(
    seeds: Path,
    index: Path,
    embedder: TinyEmbedder | None = None,
    *,
    settings: IndexSettings = SETTINGS,
    rebuild: bool = False,
    progress: ProgressCallback | None = None,
    notice: Callable[[str], None] | None = None,
) -> SyncReport:
    return sync(
        seeds,
        index,
        embedder or TinyEmbedder(),
        settings,
        rebuild=rebuild,
        progress=progress,
        pool=reading_pool(),
        notice=notice,
    )


@cache
def reading_pool() -> ReadingPool:
    """One pool for all the tests: starting its processes anew for each would take most of their time."""
    pool = ReadingPool()
    atexit.register(pool.__exit__, None, None, None)
    return pool


def view(index: Path) -> dict[str, Any]:
    """All that a reader sees of an index and that must not depend on how it came to be."""
    snapshot = open_snapshot(index)
    try:
        return view_of(snapshot)
    finally:
        snapshot.close()


def view_of(snapshot: Snapshot) -> dict[str, Any]:
    """The view of a snapshot that is open: documents, their sentences, and every search, without ids."""
    embedder = TinyEmbedder()
    sentences, passages = _labels(snapshot)
    searches = {}
    for question in QUESTIONS:
        words = question.lower().split()
        near = snapshot.searcher.nearest_sentences(embedder.embed_question(question), 10_000)
        searches[question] = (
            sorted((-round(hit.score, 4), sentences[hit.id]) for hit in near),
            sorted(
                (-round(hit.score, 4), passages[hit.id]) for hit in snapshot.searcher.matching_passages(words, 10_000)
            ),
            sorted(
                (-round(hit.score, 4), sentences[hit.id]) for hit in snapshot.searcher.matching_sentences(words, 10_000)
            ),
        )
    return {
        "corpus": snapshot.corpus_hash,
        "shape": snapshot.shape,
        "documents": {name: snapshot.document(name) for name in snapshot.names},
        "sentences": {name: snapshot.sentences_of(name) for name in snapshot.names},
        "skipped": snapshot.skipped(),
        "counts": snapshot.counts(),
        "passages": sorted(passages.values()),
        "searches": searches,
    }


def found(index: Path, word: str) -> set[str]:
    """The documents in which a search finds an index term."""
    snapshot = open_snapshot(index)
    try:
        hits = snapshot.searcher.matching_passages([word], 10_000)
        contents = [passage.content for passage in snapshot.passages(hit.id for hit in hits)]
        assert {snapshot.contents[snapshot.name_of(content)] for content in contents} == set(contents)
        return {name for name, content in snapshot.contents.items() if content in contents}
    finally:
        snapshot.close()


def _labels(snapshot: Snapshot) -> tuple[dict[int, tuple[str, int, int]], dict[int, tuple[str, int, int]]]:
    """Sentence and passage ids as places in documents."""
    sentences: dict[int, tuple[str, int, int]] = {}
    passages: dict[int, tuple[str, int, int]] = {}
    for content in set(snapshot.contents.values()):
        name = snapshot.name_of(content)
        ids = [int(at) for at in snapshot.sentence_ids([content])]
        spans = snapshot.spans(ids)
        for at in ids:
            sentences[at] = (name, spans[at].start, spans[at].end)
            for passage in snapshot.passages_holding([at]):
                passages[passage.id] = (name, spans[passage.first].start, spans[passage.last].end)
    return sentences, passages


_PIECES = (
    "The kidney recovered in five of eight patients.",
    "Smolen et al. saw no relapse (p < .05), e.g. in Fig. 2 of the trial",
    "Größe und Länge: naïve T-Zellen, μ ≤ 3 µm.",
    "e\u0301tude de l'e\u0301volution 👩🏽‍⚕️🧬",
    "العلاج بالخلايا التائية.",
    "המחקר נמשך שנה.",
    "治療は成功した。再発はなかった。",
    "한국어 문장은 여러 자모로 나뉜다.",
    "Download PDF",
    "Accept all cookies",
    "Share this article",
    "References",
    "1. Smith J, Doe A. A title of note. J Med. 2010;3:4-5.",
    "2. Roe B. Another title. Lancet 2011;4:5-6.",
    "- an item of a list",
    "## A heading",
    "x" * 300,
    "word " * 80,
)
_GAPS = (
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "\r\n\r\n",
    "\r",
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b\x0c",
    "\u00a0",
    "\u3000",
    "\t",
    "  ",
)


def texts() -> st.SearchStrategy[str]:
    """Any text a UTF-8 file may hold: arbitrary characters, and prose with every kind of line end and script."""
    anything = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
    piece = st.one_of(st.sampled_from(_PIECES), st.sampled_from(_PIECES), anything)
    return st.lists(st.tuples(piece, st.sampled_from(_GAPS)), min_size=1, max_size=14).map(
        lambda parts: "".join(words + gap for words, gap in parts)
    )
