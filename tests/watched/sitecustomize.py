"""Loaded by each Python process of a test that has this on its path: notes what could carry something out or let it in.

A process that may write no files, as those do that read documents, cannot note it, and what it was about to do fails.
The notes lie beside this file, which is copied to a folder of the test's own; a line of JSON for each.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

_NOTES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "notes")  # noqa: PTH100, PTH118, PTH120 - light
_NET = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"}
_NET |= {"socket.gethostbyname", "socket.gethostbyaddr", "urllib.Request", "http.client.connect", "ftplib.connect"}
_NOTED = _NET | {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "pty.spawn"}
_NOTED |= {"pickle.find_class", "webbrowser.open", "os.startfile"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        path, _, flags = arguments
        if not isinstance(path, str) or not flags & _WRITES or path in {_NOTES, os.devnull}:
            return
        told: list[Any] = [os.path.abspath(path)]  # noqa: PTH100
    elif event in _NOTED:
        told = [one if isinstance(one, (str, int, list, tuple)) else repr(one) for one in arguments]
    else:
        return
    line = json.dumps([event, told], default=repr) + "\n"
    at = os.open(_NOTES, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(at, line.encode())
    finally:
        os.close(at)


sys.modules["matplotlib"] = None  # type: ignore[assignment]  # not installed with Pincite; where it is, Gradio loads it
sys.addaudithook(_note)
