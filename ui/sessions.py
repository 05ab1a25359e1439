"""Who is signed in, and who has tried too often. Both live in memory, bounded, and end with the process."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

LASTS = 12 * 3600.0
"""Seconds after which one has to sign in again."""

_FREE = 5  # failures that cost no wait
_LONGEST_WAIT = 60.0  # seconds
_FORGOTTEN = 3600.0  # seconds after which failures no longer count
_MOST = 10_000  # sessions, and names and addresses whose failures are counted


@dataclass(frozen=True, slots=True)
class _Session:
    name: str
    hashed: str
    ends: float


class Sessions:
    """What a token stands for. Tokens are random; only digests of them are kept.

    Args:
        lasts: Seconds after which a session ends.
        now: The clock.
    """

    def __init__(self, lasts: float = LASTS, now: Callable[[], float] = time.monotonic) -> None:
        self._lasts = lasts
        self._now = now
        self._key = secrets.token_bytes(32)
        self._sessions: OrderedDict[bytes, _Session] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, name: str, hashed: str, token: str | None = None) -> str:
        """Begin a session for a name, whose password has this hash now; the token that stands for it."""
        token = secrets.token_urlsafe(32) if token is None else token
        with self._lock:
            self._sessions[self._digest(token)] = _Session(name, hashed, self._now() + self._lasts)
            while len(self._sessions) > _MOST:
                self._sessions.popitem(last=False)
        return token

    def name(self, token: str, hashed: Callable[[str], str]) -> str:
        """Whose session it is, "" if it is none, has ended, or the password has changed since.

        Args:
            token: As `begin` gave it.
            hashed: The hash of a name's password now, "" for an unknown name.
        """
        digest = self._digest(token)
        with self._lock:
            session = self._sessions.get(digest)
            if session is None:
                return ""
            if session.ends > self._now() and session.hashed and session.hashed == hashed(session.name):
                return session.name
            del self._sessions[digest]
            return ""

    def end(self, token: str) -> None:
        """End a session, if it is one."""
        with self._lock:
            self._sessions.pop(self._digest(token), None)

    def _digest(self, token: str) -> bytes:
        return hmac.digest(self._key, token.encode(errors="replace"), hashlib.sha256)


class Attempts:
    """Failures to sign in, by name and by address: after a few each doubles the wait for the next try.

    A name at an address from which it was once signed in waits for its own failures there alone, and neither for those
    at that name elsewhere nor for those of others at that address, which may be a proxy's: nobody can be shut out by a
    stranger.

    Args:
        now: The clock.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()
        self._familiar: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, name: str, address: str) -> float:
        """Seconds until this name may be tried again from this address."""
        with self._lock:
            return max((self._wait(key) for key in self._keys(name, address)), default=0.0)

    def failed(self, name: str, address: str) -> None:
        """Count a failure."""
        with self._lock:
            for key in self._keys(name, address):
                count, last = self._failures.pop(key, (0, 0.0))
                count = 0 if self._now() - last > _FORGOTTEN else count
                self._failures[key] = (count + 1, self._now())
            while len(self._failures) > _MOST:
                self._failures.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of this address, and know it for this name."""
        with self._lock:
            self._failures.pop(("from", address), None)
            self._failures.pop(_both(name, address), None)
            self._familiar[(name, address)] = None
            self._familiar.move_to_end((name, address))
            while len(self._familiar) > _MOST:
                self._familiar.popitem(last=False)

    def _keys(self, name: str, address: str) -> list[tuple[str, str]]:
        if (name, address) in self._familiar:
            return [_both(name, address)]
        return [("from", address), ("as", _digest(name))]

    def _wait(self, key: tuple[str, str]) -> float:
        count, last = self._failures.get(key, (0, 0.0))
        if count < _FREE:
            return 0.0
        wait = min(_LONGEST_WAIT, 2.0 ** (count - _FREE))
        return max(0.0, last + wait - self._now())


def _both(name: str, address: str) -> tuple[str, str]:
    return "both", _digest(f"{name}\n{address}")


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode(errors="replace")).hexdigest()
