"""The process that files are read in: bytes come in, a document (or a page's picture) or one line goes out.

It is given bytes and no paths, may write no file, has bounded memory, and ends itself when a file takes too long
and nobody is left to end it. What goes over the pipes is lengths, JSON and bytes: nothing that could run.
See `index.reading` for the other end.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import BinaryIO

from index.errors import UnreadableFileError

READY, ALIVE, DONE, REFUSED, MEMORY = b"+", b".", b"D", b"U", b"M"
DOCUMENT, CATALOGUE, PICTURE = b"d", b"c", b"p"
PLACE = struct.Struct(">II")
"""What stands before the bytes of a file that a picture is asked of: number of the page, width in pixels."""

_LENGTH = struct.Struct(">Q")
_GRACE = 10  # seconds after which a worker whose master is gone ends itself


def send(stream: BinaryIO, kind: bytes, *parts: bytes) -> None:
    """Write a message: one byte of kind, and parts, each with its length before it."""
    stream.write(kind)
    for part in parts:
        stream.write(_LENGTH.pack(len(part)))
        stream.write(part)
    stream.flush()


def receive(stream: BinaryIO) -> bytes:
    """Read one part of a message.

    Raises:
        EOFError: The other end has gone.
    """
    (length,) = _LENGTH.unpack(exactly(stream, _LENGTH.size))
    return exactly(stream, length)


def exactly(stream: BinaryIO, count: int) -> bytes:
    """Read `count` bytes.

    Raises:
        EOFError: There are fewer.
    """
    found = stream.read(count)
    if len(found) < count:
        raise EOFError
    return found


def main() -> None:
    """Serve until the master closes the pipe. Arguments: seconds a file, megabytes of memory."""
    seconds, megabytes = float(sys.argv[1]), int(sys.argv[2])
    answers = os.fdopen(os.dup(1), "wb")
    questions = sys.stdin.buffer
    _limit(megabytes)
    _warm()
    send(answers, READY)
    # Whatever a library prints goes nowhere, and least of all among the answers.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)

    def alive() -> None:
        """The file is long, not stuck: its time begins anew."""
        _alarm(seconds + _GRACE)
        send(answers, ALIVE)

    while kind := questions.read(1):
        _alarm(seconds + _GRACE)
        name = "?"
        try:
            name, data = receive(questions).decode("utf-8", "surrogatepass"), receive(questions)
            answer = _document(name, data, alive) if kind == DOCUMENT else _OTHERS[kind](name, data)
        except UnreadableFileError as error:
            send(answers, REFUSED, error.message.encode("utf-8", "replace"))
        except MemoryError:
            send(answers, MEMORY)
            return
        except Exception as error:  # noqa: BLE001 - a mistake of ours must not cost the other files
            said = f"{name}: could not be read ({type(error).__name__}: {error})."
            send(answers, REFUSED, " ".join(said.split()).encode("utf-8", "replace"))
        else:
            send(answers, DONE, *answer)
        _alarm(0)
        data = b""  # not held while waiting


def _document(name: str, data: bytes, alive: Callable[[], None]) -> tuple[bytes, bytes]:
    from index import packing, readers

    document = readers.read(name, data, alive)
    return packing.dump(replace(document, layout=b"")), document.layout


def _catalogue(name: str, data: bytes) -> tuple[bytes, bytes]:
    from index import bibtex, packing

    return packing.dump(bibtex.parse(name, data)), b""


def _picture(name: str, data: bytes) -> tuple[bytes, bytes]:
    from index.readers.pdf.picture import picture

    number, width = PLACE.unpack_from(data)
    return picture(name, data[PLACE.size :], number, width), b""


_OTHERS = {CATALOGUE: _catalogue, PICTURE: _picture}


def _warm() -> None:
    """Import what every file needs, so that its time is its own."""
    import index.packing
    import index.readers.text  # noqa: F401


def _limit(megabytes: int) -> None:
    try:
        import resource
        import signal
    except ImportError:  # not on every system; then the time limit, which the master keeps, is all there is
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the master ends its workers
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an error where a file is written, not an end
    memory = megabytes << 20
    limits = {
        resource.RLIMIT_DATA: memory,
        resource.RLIMIT_AS: 4 * memory,  # where the first counts little; libraries reserve more than they use
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for which, limit in limits.items():
        with suppress(ValueError, OSError):  # a system may refuse some
            resource.setrlimit(which, (limit, limit))


def _alarm(seconds: float) -> None:
    try:
        import signal

        signal.setitimer(signal.ITIMER_REAL, seconds)
    except (ImportError, AttributeError):
        return


if __name__ == "__main__":
    main()
