"""What a connection is given: time to say what it wants, time to take its answer, and a place among so many.

Of this uvicorn has no limits. Without them, whoever sends a letter a minute, or never reads what was sent, keeps a
place for as long as they like; and what Starlette puts in front of a page sees a request only when its head is there.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Literal

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTIONS = 400
"""Open at the same time; a page holds two or three. When all are taken, who has kept the server waiting longest goes;
if nobody does, whoever comes is told so (503)."""
HEAD_SECONDS = 20.0
"""For the head of a request."""
BODY_SECONDS, SLOWEST = 30.0, 2048
"""For its body; what takes longer has to come at so many bytes a second, counted anew each time."""
UNREAD_SECONDS = 60.0
"""In which what is sent is taken; what takes longer has to be taken at that pace."""
HEARD = 0.05
"""Seconds in which whoever comes is heard before it is seen whether there is a place."""
LOOKS = 0.5
"""Seconds between looks at how long a connection has kept the server waiting."""

_Awaited = Literal["a head", "a body", "a reader", ""]
_GOES: tuple[_Awaited, ...] = ("a head", "a body", "a reader")  # who goes first where there is no place
_UNANSWERED = (h11.IDLE, h11.SEND_RESPONSE)


def configured(application: ASGIApp, **options: Any) -> uvicorn.Config:
    """How the page is served.

    Args:
        application: What is served.
        options: Others of uvicorn's settings.
    """
    given = {"timeout_graceful_shutdown": 2, "access_log": False, **options}
    return uvicorn.Config(application, http=PatientProtocol, ws="none", **given)


class PatientProtocol(H11Protocol):
    """One connection, whose patience has an end.

    It is spent only while the server waits for the client. While an answer takes its time, or nothing happens in a
    stream, the client waits for the server.
    """

    _look: asyncio.TimerHandle | None = None
    _awaited: _Awaited = "a head"
    _since, _waited = 0.0, 0.0  # when that was seen first, and the seconds for which it was
    _done, _lay = 0, 0  # bytes that came since, and that lay unread then

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(0)  # so that nothing is added to what is not read yet
        self._since = self.loop.time()
        self._look = self.loop.call_later(LOOKS, self._have_a_look)
        if len(self.connections) > _places():
            self.loop.call_later(HEARD, self._make_room)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        self._done += len(data)
        super().data_received(data)

    def resume_writing(self) -> None:
        """All that was sent is taken."""
        self._awaited = ""
        super().resume_writing()

    def _should_upgrade(self) -> bool:
        return False  # nor need it be told to whoever runs the page that there are no websockets

    def _awaits(self) -> _Awaited:
        """What the server waits for."""
        if self.transport.get_write_buffer_size():
            return "a reader"
        if self.conn.their_state is h11.SEND_BODY and not self.flow.read_paused:
            return "a body"
        answered = self.cycle is None or self.cycle.response_complete
        return "a head" if answered and self.conn.their_state is h11.IDLE else ""

    def _have_a_look(self) -> None:
        self._look = self.loop.call_later(LOOKS, self._have_a_look)
        awaited, lies = self._awaits(), self.transport.get_write_buffer_size()
        if awaited != self._awaited:
            self._awaited, self._since, self._waited, self._done, self._lay = awaited, self.loop.time(), 0.0, 0, lies
            return
        self._waited += LOOKS  # and not by the clock: while the server had no time to look, it had none to listen
        if awaited == "a head" and self._waited > HEAD_SECONDS:
            self._break_off(heard=bool(self.conn.trailing_data[0]))
        elif awaited == "a body" and self._waited > BODY_SECONDS:
            if self._done < SLOWEST * BODY_SECONDS:
                self._break_off(heard=True)
            self._waited, self._done = 0.0, 0
        elif awaited == "a reader" and self._waited > UNREAD_SECONDS:
            if self._lay - lies < SLOWEST * UNREAD_SECONDS:
                self.transport.abort()
            self._waited, self._lay = 0.0, lies

    def _break_off(self, heard: bool) -> None:
        """Close it; say why to who has said something, and was answered nothing."""
        if heard and self.conn.our_state in _UNANSWERED:
            self.transport.write(_told("408 Request Timeout", "The request came too slowly.\n"))
        self.transport.close()

    def _make_room(self) -> None:
        """Have one go who keeps the server waiting, first who has asked for nothing yet; if nobody does, this one."""
        here = [one for one in self.connections if isinstance(one, PatientProtocol)]
        if len(here) <= _places():
            return
        # One that is closing stays until its last piece is read: it waits for nothing but its client.
        waited_for = [one for one in here if one is not self and one._awaits()]
        if waited_for:
            min(
                waited_for, key=lambda one: (not one.transport.is_closing(), _GOES.index(one._awaits()), one._since)
            ).transport.abort()
            return
        if self.transport.is_closing():
            self.transport.abort()
        elif self.conn.our_state in _UNANSWERED:
            said = _told("503 Service Unavailable", "Busy: too many are connected. Try again in a while.\n")
            self.transport.write(said)
        self.transport.close()


def _told(status: str, said: str) -> bytes:
    lines = (f"HTTP/1.1 {status}", "Content-Type: text/plain; charset=utf-8", f"Content-Length: {len(said)}")
    return "\r\n".join([*lines, "Connection: close", "", said]).encode()


def _places() -> int:
    """How many there are: no more than half of the files that the system lets a process open."""
    with suppress(ImportError):  # Windows has other limits
        import resource

        most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if 0 < most < 2 * CONNECTIONS:
            return max(32, most // 2)
    return CONNECTIONS
