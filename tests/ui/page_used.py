"""The page used as a browser uses it, over HTTP: what is asked in its tabs, files put on the shelf."""

from __future__ import annotations

import json
from secrets import token_hex
from typing import Any

import httpx


def _happened(client: httpx.Client, element: str, event: str, data: list[Any], told: Any = None, nth: int = 0) -> str:
    """Have an event of the page happen; all that its server says of it, and the request's id after a blank."""
    config = client.get("/config").raise_for_status().json()
    of = {one["id"] for one in config["components"] if one["props"].get("elem_id") == element}
    found = [one["id"] for one in config["dependencies"] if any(t[0] in of and t[1] == event for t in one["targets"])]
    session = token_hex(6)
    sent = {"fn_index": found[nth], "session_hash": session, "data": data, "event_data": told}
    client.post("/gradio_api/queue/join", json=sent).raise_for_status()
    return client.get("/gradio_api/queue/data", params={"session_hash": session}).text


def asked_in_page(client: httpx.Client, question: str) -> str:
    return _happened(client, "pc-send", "click", [question, None, [], "", ""])


def compared_in_page(client: httpx.Client, question: str) -> str:
    return _happened(client, "pc-compare-send", "click", [question, [], 8])


def put_on_shelf(client: httpx.Client, name: str, text: str) -> str:
    paths = client.post("/gradio_api/upload", files={"files": (name, text.encode())}).raise_for_status().json()
    return _happened(client, "pc-tools", "submit", [None], {"act": "add", "files": [{"path": paths[0], "name": name}]})


def asked_by_program(client: httpx.Client, question: str, **headers: str) -> tuple[str, Any]:
    """The kind of event that a call of Gradio's API ends with, and its data."""
    made = client.post("/gradio_api/call/v2/answer", json={"question": question}, headers=headers)
    told = client.get(f"/gradio_api/call/answer/{made.raise_for_status().json()['event_id']}").text
    kind, _, data = told.partition("\n")
    return kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))
