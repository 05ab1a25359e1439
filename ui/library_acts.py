"""What is done in the Library, step by step, as what the page shows after each: without a page."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from index.errors import PinciteError, ShelfTooLargeError, UsageError
from index.shelf import scan
from ui import shelf_report
from ui.keeping import Keeper, StillReadingError
from ui.observing import Upload
from ui.shelf_table import ShelfTable, View
from ui.shelving import Arrival, receive, remove

Part = Literal["strip", "report", "table", "generation"]
Shown = dict[Part, Any]
"""The parts of the page that are other than before: three of them HTML, and the generation that they are of."""

_NONE, _READING = -1, -2  # generations of an index that cannot be opened, and of the first while it is made
_FILES = 1000  # taken in one go
_FOLLOWED = 8  # syncs that pages wait for; fewer than the actions that may be under way, so that others find room
_LATER = "The line over the tabs says how far the index is."
_FIRST = '<p class="pc-none">The reviews are being read for the first time, and are listed here when that is done.</p>'
_BUG = "Something went wrong inside Pincite. The terminal says more."
_log = logging.getLogger(__name__)


class Library:
    """What can be done with a shelf in the page.

    Args:
        keeper: Who syncs its index.
        editing: Whether the shelf may be changed; else it is only shown, without what concerns its owner alone.
    """

    def __init__(self, keeper: Keeper, *, editing: bool = True) -> None:
        self.keeper = keeper
        self.editing = editing
        self._shelf = ShelfTable(keeper.assistant, editing=editing)
        self._following = threading.BoundedSemaphore(_FOLLOWED)
        self._receiving = threading.Lock()
        self._arrived: OrderedDict[str, Arrival] = OrderedDict()  # the last uploads, by their paths

    def table(self, view: View) -> str:
        """The table, or why there is none."""
        try:
            return self._shelf.show(view)
        except StillReadingError:
            return _FIRST
        except PinciteError as error:
            return shelf_report.problem(str(error))

    def refresh(self, view: View) -> Shown:
        """Everything as it is now."""
        return {
            "strip": self._strip(),
            "table": self.table(view),
            "generation": self._generation(),
        }

    def look(self, strip: str, generation: int, view: View) -> Shown:
        """What is other now than a page shows it."""
        found: Shown = {}
        if (words := self._strip()) != strip:
            found["strip"] = words
        if (newest := self._generation()) != generation:
            found |= {"generation": newest, "table": self.table(view)}
        return found

    def act(self, wish: dict[str, Any], view: View, uploads: Collection[str] = ()) -> Iterator[Shown]:
        """Do what was asked for in a page; what goes wrong is shown in words.

        Args:
            wish: From the page, and so anything: {"act": ...} with what that needs.
            view: What the page shows of the table.
            uploads: Paths of the files that were uploaded; no other file is taken.
        """
        try:
            yield from self._steps(wish, view, uploads)
        except PinciteError as error:
            yield {"report": shelf_report.problem(str(error)), **self.refresh(view)}
        except Exception:  # noqa: BLE001  the page must stay usable, whatever one action did
            _log.exception("An action on the shelf failed")
            yield {"report": shelf_report.problem(_BUG)}

    def _steps(self, wish: dict[str, Any], view: View, uploads: Collection[str]) -> Iterator[Shown]:
        what = wish.get("act")
        if not self.editing:
            raise UsageError("The shelf is read only: nothing can be changed in the page.")
        if what == "dismiss":
            self.keeper.put_aside()
            yield {"strip": self._strip()}
        elif what == "clear":
            yield {"report": ""}
        elif what in {"update", "rebuild"}:
            yield from self._sync(view, rebuild=what == "rebuild")
        elif what == "remove":
            name = str(wish.get("name"))
            to = remove(self.keeper.assistant, name)
            yield from self._sync(view, before=f"{name} was taken off the shelf. It is kept as {to}.")
        elif what == "add":
            files = wish.get("files")
            arrivals = self._all_received(files[:_FILES] if isinstance(files, list) else [], uploads)
            for one in arrivals:
                self.keeper.observer.tell(Upload(one.became))
            if any(one.became == "added" for one in arrivals):
                yield from self._sync(view, arrivals)
            elif arrivals:
                yield {"report": shelf_report.done(None, arrivals)}

    def _all_received(self, files: Sequence[Any], uploads: Collection[str]) -> list[Arrival]:
        settings, arrivals = self.keeper.assistant.settings, []
        try:
            room = settings.max_files - len(scan(settings.seeds, settings.max_files))
        except ShelfTooLargeError:
            room = 0
        except UsageError:  # no folder: that is what is said of each file
            room = len(files)
        for one in files:
            arrivals.append(self._received(one, uploads, room > 0))
            room -= arrivals[-1].became == "added"
        return arrivals

    def _received(self, one: Any, uploads: Collection[str], room: bool) -> Arrival:
        path, name = (str(one.get(key, "")) for key in ("path", "name")) if isinstance(one, dict) else ("", "")
        lost = Arrival(name, "refused", f"{name}: it did not arrive; drop it once more.")
        if path not in uploads:
            return lost
        settings = self.keeper.assistant.settings
        with self._receiving:
            # An upload's path is made of its name and content, so whoever uploads the same at once has the same path.
            if not Path(path).exists():
                before = self._arrived.get(path, lost)
                if before.became == "refused":
                    return before
                return Arrival(before.name, "known") if (settings.seeds / before.name).exists() else lost
            arrival = self._arrived[path] = receive(settings, Path(path), name, room)
            self._arrived.move_to_end(path)
            if len(self._arrived) > _FILES:
                self._arrived.popitem(last=False)
            return arrival

    def _sync(
        self, view: View, arrivals: list[Arrival] | None = None, *, rebuild: bool = False, before: str = ""
    ) -> Iterator[Shown]:
        job = self.keeper.begin(rebuild=rebuild)
        if not self._following.acquire(blocking=False):
            yield {
                "report": shelf_report.done(None, arrivals or (), f"{before} {_LATER}".strip()),
                **self.refresh(view),
            }
            return
        try:
            shown = ""
            for _ in self.keeper.follow(job):
                if (line := self._strip()) != shown:
                    shown = line
                    yield {"strip": line}
        finally:
            self._following.release()
        # What failed is said by the strip, which offers another try.
        said = shelf_report.done(job.report, arrivals or (), before) if job.report or arrivals or before else ""
        yield {"report": said, **self.refresh(view)}

    def _strip(self) -> str:
        return shelf_report.strip(self.keeper, editing=self.editing)

    def _generation(self) -> int:
        try:
            with self.keeper.assistant.snapshot() as snapshot:
                return snapshot.generation
        except StillReadingError:
            return _READING
        except PinciteError:
            return _NONE
