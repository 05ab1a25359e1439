"""Keeping the index in step with the seeds folder under a running page: one sync at a time, seen by every page."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from index.changes import Changes, look
from index.errors import IndexMissingError, PinciteError, ShelfTooLargeError
from index.report import Progress, SyncReport
from index.snapshot import begin_reading
from index.watch import StoppedError, Watcher
from rag.assistant import Assistant
from ui.observing import Observer, Sync, in_kind, sync_told

_FRESH = 3.0  # seconds for which what was seen of the seeds folder holds, for all pages
_SHARE = 0.05  # of the time, at most, goes into looking at it
_PATIENCE = 15.0  # seconds after which a change that the watcher should have taken in is told
_END = 30.0  # seconds that a step may take to its end when the page's server stops
_STILL = "The reviews are still being read; ask again when that is done."
_BUG = "Something went wrong inside Pincite, and the index was not updated. The terminal says more."
_log = logging.getLogger(__name__)


class StillReadingError(IndexMissingError):
    """There is no index yet, but the first is being made."""

    def __init__(self) -> None:
        super().__init__(_STILL)


@dataclass(slots=True, eq=False)
class Job:
    """A sync: where it is, and in the end its report or the problem in words; `first` if it makes the first index."""

    rebuild: bool = False
    first: bool = False
    begun: bool = False
    progress: Progress = field(default_factory=lambda: Progress("Looking at the files", 0, 0))
    waiting: str = ""
    report: SyncReport | None = None
    problem: str = ""
    then: list[Callable[[Job], object]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)


class Keeper:
    """Syncs an assistant's index, in threads of its own, and tells how far it is. Safe to use from many threads.

    Until it is closed nobody else does: whoever needs an index while there is none is told so, and does not wait.

    Args:
        assistant: Whose index it is.
        notice: Told, in words, what a person should know of a sync.
        observer: Told of each sync that has ended.
    """

    def __init__(
        self,
        assistant: Assistant,
        notice: Callable[[str], None] | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.assistant = assistant
        self.observer = observer or Observer()
        assistant.first_sync = self._refuse
        self._notice = notice
        self.watching = False
        self._lock = threading.Lock()
        self._turn = threading.Lock()  # held by the job that runs
        self._jobs: dict[Job, threading.Thread] = {}  # the one under way, and one that waits
        self._problem = ""
        self.refused = ""  # why the folder is not looked into, in words: it has more files than it may
        self._stop = threading.Event()
        self._looking = threading.Lock()
        self._seen = (0.0, Changes())  # until when it holds, and what was seen
        self._first = (0.0, Changes())  # since when just these changes are seen

    @property
    def job(self) -> Job | None:
        """The job under way, if there is one."""
        with self._lock:
            return next(iter(self._jobs), None)

    @property
    def problem(self) -> str:
        """Why the last job failed, in words; "" if it did not, or if that was put aside."""
        return self._problem

    @property
    def stopped(self) -> bool:
        """Whether syncs are broken off, because the page's server ends."""
        return self._stop.is_set()

    def begin(self, *, rebuild: bool = False, then: Callable[[Job], object] | None = None) -> Job:
        """Begin a sync, or line it up behind the one under way; however often it is asked for, one waits at most.

        The one under way serves only who asks for a rebuild during a rebuild: it may have looked at the files already.

        Args:
            rebuild: Start over.
            then: Called with the job when it is done.
        """
        with self._lock:
            job = next((job for job in self._jobs if not job.begun or (rebuild and job.rebuild)), None)
            if job is None:
                job = Job(first=self._has_none())
                self._jobs[job] = threading.Thread(target=self._run, args=(job,), name="syncing", daemon=True)
                self._jobs[job].start()
            job.rebuild |= rebuild
            job.then += [then] if then else []
        return job

    def follow(self, job: Job, every: float = 0.25) -> Iterator[None]:
        """Yields now and then until a job is done."""
        yield
        while not job.done.wait(every):
            yield

    def put_aside(self) -> None:
        """Speak no more of the last problem."""
        self._problem = ""

    def changes(self) -> Changes:
        """What a person should have a sync take in: while the folder is watched, only what lasts all the same.

        It is looked at once every few seconds, however many pages ask.
        """
        with self._looking:
            until, seen = self._seen
            now = time.monotonic()
            if now >= until:
                settings, self.refused = self.assistant.settings, ""
                try:
                    seen = look(settings.seeds, settings.index, settings.max_files)
                except ShelfTooLargeError as error:
                    self.refused, seen = str(error), Changes()
                except PinciteError as error:  # the page's header says what is wrong
                    _log.debug("The shelf cannot be looked at: %s", error)
                    seen = Changes()
                took = time.monotonic() - now
                self._seen = (now + took + max(_FRESH, took / _SHARE), seen)
            if seen != self._first[1]:
                self._first = (now, seen)
            return Changes() if self.watching and now < self._first[0] + _PATIENCE else seen

    @contextmanager
    def watch(self, notice: Callable[[str], None]) -> Iterator[None]:
        """Sync by itself whenever the seeds folder changes, for as long as it is open.

        Args:
            notice: Told, in words, of what goes wrong.
        """

        def wait(job: Job) -> None:
            while not job.done.wait(0.2):
                if self._stop.is_set():
                    raise StoppedError

        def changed() -> None:
            settings = self.assistant.settings
            while (job := self.job) is not None:  # what changed since it looked is seen only afterwards
                wait(job)
            if look(settings.seeds, settings.index, settings.max_files):
                job = self.begin()
                wait(job)
                if job.problem:
                    raise PinciteError(job.problem)

        settings = self.assistant.settings
        with Watcher(settings.seeds, changed, notice=notice, most=settings.max_files):
            self.watching = True
            try:
                yield
            finally:
                self.watching = False
                self._stop.set()

    def stop(self) -> None:
        """Have what is under way break off at its next step; the next sync goes on from there."""
        self._stop.set()

    def close(self) -> None:
        """Break off what is under way."""
        self.stop()
        self.assistant.first_sync = None
        with self._lock:
            threads = list(self._jobs.values())
        for thread in threads:
            thread.join(_END)

    def _refuse(self) -> None:
        """Tell whoever needs an index, while there is none, why; if nothing is known the assistant says so itself."""
        if self.job is not None:
            raise StillReadingError
        if self.problem:
            raise IndexMissingError(f"The reviews could not be read. {self.problem}")

    def _has_none(self) -> bool:
        """Whether there is no index yet."""
        try:
            begin_reading(self.assistant.settings.index)[0].close()
        except IndexMissingError:
            return True
        except PinciteError as error:  # the sync will say what is wrong
            _log.debug("The index cannot be opened: %s", error)
        return False

    def _run(self, job: Job) -> None:
        def tell(progress: Progress) -> None:
            if self._stop.is_set():
                raise StoppedError
            job.progress, job.waiting = progress, ""

        def wait(words: str) -> None:
            job.waiting = words
            if self._notice is not None:
                self._notice(words)

        with self._turn:
            started = time.perf_counter()
            failure: BaseException | None = None
            with self._lock:
                job.begun = True  # from here on nothing is asked of it any more
            try:
                job.report = self.assistant.sync(rebuild=job.rebuild, progress=tell, notice=wait)
                tell(Progress("Opening the index", 0, 0))
                with self.assistant.snapshot():  # so that the next question need not wait for it
                    pass
            except StoppedError as error:
                failure = error
                job.problem = "The page's server was stopped."
            except PinciteError as error:
                failure = error
                job.problem = str(error)
            except OSError as error:
                failure = error
                where = f"{error.filename}: " if error.filename else ""
                job.problem = f"{where}{error.strerror or error}."
            except Exception as error:  # noqa: BLE001  the page must stay usable, whatever a file did
                failure = error
                _log.exception("The index could not be updated")
                job.problem = _BUG
            finally:
                self._problem = job.problem
                self._seen = (0.0, Changes())
                with self._lock:
                    del self._jobs[job]
                self.observer.tell(_told(job, failure, time.perf_counter() - started))
                job.done.set()
                for then in job.then:
                    then(job)


def _told(job: Job, failure: BaseException | None, seconds: float) -> Sync:
    if isinstance(failure, StoppedError):
        return Sync("stopped", seconds, job.rebuild)
    if failure is not None:
        return Sync("failed", seconds, job.rebuild, error=type(failure).__name__, problem=in_kind(failure))
    return sync_told(job.report, job.rebuild) if job.report else Sync("stopped", seconds, job.rebuild)
