"""A process of its own for the tests: it syncs, reads, backs up or holds the lock, and may kill itself on the way.

python crash_child.py '{"act": "sync", "seeds": ..., "index": ..., "kill": ["Stored", 1]}'
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import index  # noqa: F401  (before tests/ is on the path, which has a folder of that name)

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from index_helpers import SETTINGS
from tiny_embedder import TinyEmbedder

from index.backups import copying
from index.backups.restoring import restore
from index.backups.taking import take
from index.errors import IndexLockedError, PinciteError
from index.ingest import Ingest
from index.lock import writer_lock
from index.opening import open_snapshot
from index.sync import Progress, sync


def main(order: dict[str, Any]) -> None:
    acts = {"sync": run_sync, "churn": churn, "read": read, "hold": hold, "serve": serve}
    acts.get(order["act"], move)(order)


def say(words: str) -> None:
    sys.stdout.write(words + "\n")  # in one piece, as two processes may speak
    sys.stdout.flush()


def dying(order: dict[str, Any]) -> Callable[[Progress], None]:
    """Begin to be killed or starved as ordered; what tells of the progress, and kills at a step."""
    step, left = order.get("kill", ("", 0))

    def progress(at: Progress) -> None:
        nonlocal left
        if at.step == step:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    if order.get("powerless"):
        obey_permissions()
    if room := order.get("room"):  # no file may grow beyond this many bytes, as on a disk that is full
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    if (files := order.get("files")) is not None:  # so many more may be opened than are open
        used = max(int(one) for one in os.listdir("/proc/self/fd"))  # noqa: PTH208
        resource.setrlimit(resource.RLIMIT_NOFILE, (used + 1 + files, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    if (memory := order.get("memory")) is not None:  # so many bytes more than it has
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))
    say("ready")
    # The system ends the process then, wherever it is; nothing of Python's runs any more.
    signal.setitimer(signal.ITIMER_REAL, order.get("seconds to live", 0))
    return progress


def obey_permissions() -> None:
    """Be refused by the permissions of files as anyone is, although the user be root."""
    libc = ctypes.CDLL(None)
    header, rights = struct.pack("II", 0x20080522, 0), ctypes.create_string_buffer(24)
    libc.capget(header, rights)
    effective, *others = struct.unpack("6I", rights.raw)
    libc.capset(header, struct.pack("6I", effective & ~0b110, *others))  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


def run_sync(order: dict[str, Any]) -> None:
    Ingest.BATCH = 2  # small, so that there are many moments to be killed at
    progress = dying(order)
    try:
        report = sync(
            Path(order["seeds"]),
            Path(order["index"]),
            TinyEmbedder(),
            SETTINGS,
            progress=progress,
            wait=order.get("wait", 60.0),
            rebuild=order.get("rebuild", False),
            notice=say,
        )
    except IndexLockedError as error:
        say(str(error))
        sys.exit(3)
    except PinciteError as error:
        say(str(error))
        sys.exit(4)
    say(json.dumps({"generation": report.generation, "embedded": report.embedded}))


def churn(order: dict[str, Any]) -> None:
    """Sync again and again, each time after a change, until told to stop; a file says which generation it is of."""
    generation = 1
    for _ in iter(sys.stdin.readline, ""):
        (Path(order["seeds"]) / "turn.txt").write_text(f"This is turn {generation + 1}. The turn was taken.")
        generation = sync(Path(order["seeds"]), Path(order["index"]), TinyEmbedder(), SETTINGS).generation
        say(str(generation))


def move(order: dict[str, Any]) -> None:
    """Take a backup, or put one back."""
    copying.PAGES = 2  # so that there are many moments here too
    progress = dying(order)
    act = take if order["act"] == "backup" else restore
    try:
        act(Path(order["file"]), Path(order["index"]), Path(order["seeds"]), force=True, progress=progress)
    except PinciteError as error:
        say(str(error))
        sys.exit(4)


def read(order: dict[str, Any]) -> None:
    """Open the index until told to stop, and say each time what is seen."""
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), stop.set()), daemon=True).start()
    say("ready")
    while True:
        last = stop.is_set()
        snapshot = open_snapshot(Path(order["index"]))
        text = snapshot.document("kidney.txt").text
        spans = snapshot.sentences_of("kidney.txt")
        near = snapshot.searcher.nearest_sentences(TinyEmbedder().embed_question(spans[1].of(text)), 1)[0]
        hits = snapshot.searcher.matching_passages([text.split()[12].lower()], 50)
        say(
            json.dumps(
                {
                    "generation": snapshot.generation,
                    "text": text,
                    "found": near.score > 0.999
                    and snapshot.contents["kidney.txt"]
                    in {passage.content for passage in snapshot.passages(hit.id for hit in hits)},
                }
            )
        )
        snapshot.close()
        if last:
            return


def hold(order: dict[str, Any]) -> None:
    with writer_lock(Path(order["index"]), 0):
        say("held")
        sys.stdin.readline()


def serve(_: dict[str, Any]) -> None:
    """Carry out each order that comes in a process of its own, which starts at once as all is imported already."""
    for line in sys.stdin:
        process = os.fork()
        if not process:
            try:
                main(json.loads(line))
                os._exit(0)
            except SystemExit as ended:
                os._exit(int(ended.code or 0))
            except BaseException:  # noqa: BLE001 - told here, for nothing of Python's runs any more
                traceback.print_exc()
                sys.stderr.flush()
            finally:
                os._exit(1)
        say(f"ended {os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])}")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
