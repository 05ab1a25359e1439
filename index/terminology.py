"""What the shelf teaches about words: how many documents have each, and the abbreviations they define.

Kept beside the contents and in step with them by every sync, so that a document that comes, goes or changes costs
its own words and no more.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable

from index import store
from index.abbreviations import ABBREVIATIONS_VERSION, Definition, definitions_in, long_key, short_key
from index.analysis import ANALYSIS_VERSION
from index.vocabulary import VOCABULARY_VERSION, words_in

_VERSION = f"{ABBREVIATIONS_VERSION}.{VOCABULARY_VERSION}.{ANALYSIS_VERSION}"
_META = "terminology"


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether the words and definitions stored are what today's code finds."""
    return bool(store.get_meta(connection, _META) == _VERSION)


def learn(connection: sqlite3.Connection) -> None:
    """Bring words and definitions into step with the shelf, inside the caller's transaction.

    To be called before contents that left the shelf are removed: what they taught is taken off.
    """
    if not is_current(connection):
        for table in ("learned", "definitions", "words"):
            connection.execute(f"DELETE FROM {table}")
    gone = _ids(connection, "SELECT content FROM learned EXCEPT SELECT content FROM documents")
    come = _ids(connection, "SELECT content FROM documents EXCEPT SELECT content FROM learned")
    change: Counter[str] = Counter()
    for content in gone:
        change.subtract(words_in(_sentences(connection, content)))
        connection.execute("DELETE FROM definitions WHERE content = ?", (content,))
        connection.execute("DELETE FROM learned WHERE content = ?", (content,))
    for content in come:
        sentences = _sentences(connection, content)
        change.update(words_in(sentences))
        connection.executemany("INSERT INTO definitions VALUES (?, ?, ?, ?, ?)", _rows(content, sentences))
        connection.execute("INSERT INTO learned VALUES (?)", (content,))
    connection.executemany(
        "INSERT INTO words VALUES (?, ?) ON CONFLICT (word) DO UPDATE SET documents = documents + excluded.documents",
        sorted((word, count) for word, count in change.items() if count),
    )
    connection.execute("DELETE FROM words WHERE documents <= 0")
    store.put_meta(connection, _META, _VERSION)


def definitions(
    connection: sqlite3.Connection,
    shorts: Collection[str],
    longs: Collection[str],
    contents: Collection[int] | None = None,
) -> list[Definition]:
    """What the shelf defines of some short and long forms (keys), what most documents say first.

    Args:
        connection: The index.
        shorts: Keys of short forms.
        longs: Keys of long forms.
        contents: The contents that are asked; all on the shelf if None.
    """
    # "+": the keys are few, and looked up by their indexes; not the contents, one by one.
    among = "" if contents is None else "AND +content IN (SELECT value FROM json_each(:contents))"
    rows = connection.execute(
        # Lower case sorts last, and a singular first: the plainest way it is written.
        f"""SELECT min(short), max(long), count(*) FROM definitions
        WHERE (short_key IN (SELECT value FROM json_each(:shorts))
            OR long_key IN (SELECT value FROM json_each(:longs)))
            AND EXISTS (SELECT 1 FROM documents WHERE documents.content = definitions.content) {among}
        GROUP BY short_key, long_key ORDER BY count(*) DESC, max(long), min(short)""",
        {
            "shorts": json.dumps(list(shorts)),
            "longs": json.dumps(list(longs)),
            "contents": json.dumps(list(contents or ())),
        },
    )
    return [Definition(*row) for row in rows]


def words(connection: sqlite3.Connection, start: str, shortest: int, longest: int) -> list[tuple[str, int]]:
    """The words of the shelf that begin with `start` and are so long, with the number of documents that have each."""
    rows = connection.execute(
        "SELECT word, documents FROM words WHERE word >= ? AND word < ? AND length(word) BETWEEN ? AND ?",
        (start, start + "\U0010ffff", shortest, longest),
    )
    return [(str(word), int(count)) for word, count in rows]


def _ids(connection: sqlite3.Connection, query: str) -> list[int]:
    return sorted(int(content) for (content,) in connection.execute(query))


def _sentences(connection: sqlite3.Connection, content: int) -> list[str]:
    ((text,),) = connection.execute("SELECT text FROM contents WHERE id = ?", (content,))
    spans = connection.execute("SELECT start, end FROM sentences WHERE content = ? ORDER BY start", (content,))
    return [text[start:end] for start, end in spans]


def _rows(content: int, sentences: Iterable[str]) -> list[tuple[int, str, str, str, str]]:
    """The definitions of a document, each once, as first written."""
    found: dict[tuple[str, str], tuple[int, str, str, str, str]] = {}
    for sentence in sentences:
        for made in definitions_in(" ".join(sentence.split())):
            keys = short_key(made.short), long_key(made.long)
            found.setdefault(keys, (content, made.short, made.long, *keys))
    return list(found.values())
