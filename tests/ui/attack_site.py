"""A page that is attacked: secrets lie all around it, and requests are sent to it as they are written."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from served import SEEDS, Served, served
from tiny_embedder import TinyEmbedder

from rag import Assistant
from rag.settings import load_settings
from ui.access import Access

SECRET = "planted-4711-nobody-may-read-this"
PASSWD = b"root:x:0"


@dataclass(frozen=True)
class Attacked:
    """The page, and the files of the machine that nobody may have."""

    site: Served
    secrets: tuple[Path, ...]
    uploads: Path

    def raw(self, request: str | bytes, seconds: float = 30.0) -> bytes:
        """What is answered to the very bytes of a request; a connection that is not closed is waited for so long."""
        sent = request.encode("latin-1") if isinstance(request, str) else request
        with socket.create_connection(("127.0.0.1", self.site.port), timeout=seconds) as line:
            line.sendall(sent)
            return answer(line)

    def get(self, target: str, headers: str = "") -> bytes:
        """What is answered to a target, which nothing between makes tidy."""
        lines = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{self.site.port}\r\nConnection: close\r\n{headers}\r\n"
        return self.raw(lines)

    def well(self) -> bool:
        """Whether others are still answered."""
        return bool(self.site.get("/health").json()["status"] == "ok")


def answer(line: socket.socket) -> bytes:
    """All that comes until the connection is closed."""
    found = b""
    try:
        while more := line.recv(65536):
            found += more
    except (TimeoutError, ConnectionError):
        pass
    return found


def status(found: bytes) -> int:
    """The status of an answer."""
    return int(found.split(b" ", 2)[1])


def leaks(found: bytes | str) -> bool:
    """Whether an answer holds what it must not."""
    data = found.encode() if isinstance(found, str) else found
    return SECRET.encode() in data or PASSWD in data or b"SQLite format 3" in data


@contextmanager
def attacked(home: Path, access: Access | None = None) -> Iterator[Attacked]:
    """The two reviews served from a home with secrets: beside the shelf, on it, in the index, among the uploads."""
    seeds, uploads = home / "seeds", home / "uploads"
    shutil.copytree(SEEDS, seeds)
    secrets = [home / "secret.txt", home / ".ssh" / "id_ed25519", home / "pincite.toml", home / "passwords"]
    for secret in secrets:
        secret.parent.mkdir(exist_ok=True)
        secret.write_text(f"# {SECRET}\n")
    uploads.mkdir()
    (uploads / "link.txt").symlink_to(secrets[0])
    (uploads / "folder").symlink_to(home)
    (seeds / "link").symlink_to(secrets[0])
    (seeds / "notes.dat").write_bytes(b"\x89PNG\r\n\x1a\n" + SECRET.encode())  # lies on the shelf, and is no document
    settings = load_settings(seeds=seeds, index=home / "index", reader="none", max_file_megabytes=1)
    with Assistant(settings=settings, embedder=TinyEmbedder()) as assistant:
        assistant.sync()
        with served(assistant, access or Access(mcp=True)) as site:
            others = (home / "index" / "index.sqlite", seeds / "notes.dat", uploads / "link.txt", Path("/etc/passwd"))
            yield Attacked(site, (*secrets, *others), uploads)
