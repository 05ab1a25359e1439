"""The passages of a generation, kept in memory: each question looks up a hundred of them.

SQLite would be asked for them row by row, and lets go of the interpreter for each; where another thread wants it
meanwhile, every row then waits for the two to change places.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

import numpy as np

from index import seals
from index.rows import StoredPassage
from index.searcher import Ids

_ID, _FIRST, _LAST = 0, 2, 3  # columns


class Passages:
    """All passages of an index, each checked against its seal when it is asked for.

    Args:
        db: The index, open for reading.
        reach: How many passages, at most, a sentence can be part of.
    """

    def __init__(self, db: sqlite3.Connection, reach: int) -> None:
        columns = ", ".join((*seals.COLUMNS["passages"], "seal"))
        found = db.execute(f"SELECT {columns} FROM passages ORDER BY first, id").fetchall()
        try:
            self._rows = np.array(found, dtype=np.int64).reshape(-1, 5)
        except (TypeError, ValueError, OverflowError) as error:  # a number that became a text, or nothing
            raise seals.damaged("passages", "table") from error
        self._reach = reach
        self._sound = np.zeros(len(self._rows), dtype=bool)
        self._by_id = np.argsort(self._rows[:, _ID], kind="stable")

    def named(self, ids: Iterable[int]) -> list[StoredPassage]:
        """The passages named, in the order given.

        Raises:
            IndexDamagedError: One is gone, or not what was stored.
        """
        wanted = np.fromiter(ids, dtype=np.int64)
        after = np.searchsorted(self._rows[:, _ID], wanted, sorter=self._by_id)
        there = after < len(self._rows)
        there[there] = self._rows[self._by_id[after[there]], _ID] == wanted[there]
        if not there.all():
            raise seals.damaged("passages", int(wanted[there.argmin()]))
        return list(self._checked(self._by_id[after]))

    def holding(self, sentences: Iterable[int]) -> list[StoredPassage]:
        """The passages that some sentences are part of, each once, by id: several of one where passages overlap.

        Raises:
            IndexDamagedError: One is not what was stored, or a sentence is part of none.
        """
        asked = np.unique(np.fromiter(sentences, dtype=np.int64))
        # The passages that begin last before each sentence, shape (sentences, reach).
        places = np.searchsorted(self._rows[:, _FIRST], asked, side="right")[:, None] - 1 - np.arange(self._reach)
        held = places >= 0
        held[held] = self._rows[places[held], _LAST] >= np.broadcast_to(asked[:, None], held.shape)[held]
        if not held.any(axis=1).all():
            raise seals.damaged("passages", f"of sentences {asked.min()} to {asked.max()}")
        return sorted(self._checked(np.unique(places[held])), key=lambda one: one.id)

    def _checked(self, places: Ids) -> Iterator[StoredPassage]:
        for row, sound in zip(self._rows[places].tolist(), self._sound[places].tolist(), strict=True):
            if not sound:  # once: what is in memory stays as it is
                seals.checked("passages", tuple(row))
            yield StoredPassage(*row[:-1])
        self._sound[places] = True
