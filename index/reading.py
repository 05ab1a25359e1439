"""Reading files in other processes, side by side: a hang, a crash or a bomb costs that file alone."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Generic, TypeVar, cast

from index import packing, worker
from index.bibtex import Catalogue
from index.cores import cores
from index.deadlines import Deadlines
from index.documents import Document
from index.errors import PinciteError, ReadingFailedError, UnreadableFileError
from index.limits import Limits

_T = TypeVar("_T")
# Nothing else of the environment is the business of a process that reads strangers' files: keys least of all.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
_SIGNALS = {int(one): one.name for one in signal.Signals}
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Read(Generic[_T]):
    """What was made of a file, and the seconds it took."""

    value: _T
    seconds: float


class WorkerDiedError(ReadingFailedError):
    """A worker ended by itself, or the system ended it."""


class ReadingPool:
    """Worker processes that read files; started when the first file comes, ended when the pool is closed."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self.workers = self._limits.workers or cores()
        self._threads = ThreadPoolExecutor(self.workers, thread_name_prefix="reading")
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._deadlines = Deadlines()

    def document(self, name: str, data: bytes) -> Future[Read[Document]]:
        """Begin to read a document. The future raises UnreadableFileError, with one line, for what cannot be read."""

        def unpack(stored: bytes, layout: bytes) -> Document:
            return replace(packing.load(Document, stored), layout=layout)

        return self._threads.submit(self._read, worker.DOCUMENT, name, data, unpack)

    def catalogue(self, name: str, data: bytes) -> Future[Read[Catalogue]]:
        """Begin to read a file of bibliographic records; as `document`."""
        return self._threads.submit(
            self._read, worker.CATALOGUE, name, data, lambda stored, _: packing.load(Catalogue, stored)
        )

    def picture(self, name: str, data: bytes, number: int, width: int) -> Future[Read[bytes]]:
        """Begin to draw a page of a PDF, see `index.readers.pdf.picture`; as `document`."""
        asked = worker.PLACE.pack(number, width) + data
        return self._threads.submit(self._read, worker.PICTURE, name, asked, lambda drawn, _: drawn)

    def __enter__(self) -> ReadingPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._closed = True
            for one in self._all:
                one.kill()
        self._threads.shutdown(cancel_futures=True)
        for one in self._all:
            one.end()
        self._all.clear()
        self._deadlines.close()

    def _read(self, kind: bytes, name: str, data: bytes, unpack: Callable[[bytes, bytes], _T]) -> Read[_T]:
        started = time.perf_counter()
        try:
            stored, layout = self._ask(kind, name, data)
        except WorkerDiedError:  # for no reason of ours: the system may have been short of memory for a moment
            stored, layout = self._ask(kind, name, data)
        try:
            return Read(unpack(stored, layout), time.perf_counter() - started)
        except ValueError as error:  # numbers that are none, say, from a file that is broken in a new way
            raise UnreadableFileError(f"{name}: what is in it could not be made sense of.") from error

    def _ask(self, kind: bytes, name: str, data: bytes) -> tuple[bytes, bytes]:
        try:
            one = self._idle.get_nowait()
        except queue.Empty:
            one = self._start(name)
        try:
            return one.ask(kind, name, data)
        finally:
            if one.is_alive:
                self._idle.put(one)
            else:
                with self._lock:
                    self._all.discard(one)

    def _start(self, name: str) -> _Worker:
        with self._lock:
            if self._closed:
                raise PinciteError("Reading was stopped.")
            try:
                one = _Worker(self._limits, self._deadlines)
            except OSError as error:  # no memory for another process, or too many files open
                raise PinciteError(f"The process that reads files does not start: {error.strerror}.") from error
            self._all.add(one)
        one.wait_until_ready(name)
        return one


class _Worker:
    """One process, asked by one thread at a time."""

    def __init__(self, limits: Limits, deadlines: Deadlines) -> None:
        self._limits = limits
        self._deadlines = deadlines
        # Our own packages wherever Python runs from; nothing of the working folder is imported by chance.
        path = os.pathsep.join([str(_ROOT), *(entry for entry in sys.path if entry)])
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-B", "-m", "index.worker", str(limits.seconds), str(limits.megabytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={key: os.environ[key] for key in _PASSED_ON if key in os.environ}
            | {"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        self._to, self._from, self._says = (
            cast(BinaryIO, stream) for stream in (self._process.stdin, self._process.stdout, self._process.stderr)
        )
        self._expired = False
        self.is_alive = True

    def wait_until_ready(self, name: str) -> None:
        """Wait for the process to come up; `name` is the file it is to read.

        Raises:
            PinciteError: It does not.
            WorkerDiedError: The system ended it.
        """
        self._wait()
        ready = self._from.read(1)
        self._deadlines.clear(self)
        if ready != worker.READY:
            said = self._says.read().decode(errors="replace").strip().rpartition("\n")[2]
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            self.end()
            if self._process.returncode < 0:
                raise WorkerDiedError(f"{name}: {self._why_it_died()}")
            raise PinciteError(f"The process that reads files does not start: {said or 'it says no reason'}.")

    def ask(self, kind: bytes, name: str, data: bytes) -> tuple[bytes, bytes]:
        """Have a file read: the two parts of the answer.

        Raises:
            UnreadableFileError: It cannot be, or not within the limits.
        """
        self._wait()
        try:
            with suppress(BrokenPipeError):  # it may have said why before it went
                worker.send(self._to, kind, name.encode("utf-8", "surrogatepass"), data)
            while (answer := worker.exactly(self._from, 1)) == worker.ALIVE:
                self._wait()
            if answer == worker.DONE:
                return worker.receive(self._from), worker.receive(self._from)
            if answer == worker.REFUSED:
                raise UnreadableFileError(worker.receive(self._from).decode())
        except EOFError:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)  # how it died is told by its own end, not by ours
            self.end()
            kind_of_end = ReadingFailedError if self._expired else WorkerDiedError
            raise kind_of_end(f"{name}: {self._why_it_died()}") from None
        finally:
            self._deadlines.clear(self)
            if self._expired:  # in the moment it answered; the next file gets another process
                self.end()
        self.end()
        raise ReadingFailedError(
            f"{name}: reading it needs more than {self._limits.megabytes} MB of memory (setting read_megabytes)."
        )

    def kill(self) -> None:
        """End the process, whatever it is doing; for any thread."""
        self._process.kill()

    def end(self) -> None:
        """End the process and let go of its pipes; for the thread that asks it."""
        self.is_alive = False
        self.kill()
        self._process.wait()
        for stream in (self._to, self._from, self._says):
            with suppress(OSError):  # what could not be written any more
                stream.close()

    def _wait(self) -> None:
        self._deadlines.set(self, self._limits.seconds, self._expire)

    def _expire(self) -> None:
        self._expired = True
        self.kill()

    def _why_it_died(self) -> str:
        if self._expired:
            return f"reading it takes longer than {self._limits.seconds:g} seconds (setting read_seconds)."
        code = self._process.returncode
        how = _SIGNALS.get(-code, f"signal {-code}") if code < 0 else f"exit code {code}"
        return f"its reader crashed ({how}); the file may be damaged."
