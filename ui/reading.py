"""The web addresses under which whole documents are read: `document`, and `page` for a picture of a page."""

from __future__ import annotations

import asyncio
import logging

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from index.documents import Document, Rectangle
from index.errors import PinciteError
from index.readers.pdf.picture import MEDIA_TYPE
from index.snapshot import Snapshot
from rag.assistant import Assistant
from ui.document_page import Pages, document_page, policy, problem_page
from ui.links import Found, find, places
from ui.page_images import PageImages, Wanted, width

_DAY = 86_400
_log = logging.getLogger(__name__)


def routes(assistant: Assistant, images: PageImages | None = None) -> list[Route]:
    """The routes for an assistant's shelf.

    Args:
        assistant: Whose documents are shown: those of its index, under their exact names, and nothing else.
        images: What draws pages; its own if None.
    """
    reading = _Reading(assistant, images or PageImages(assistant))
    return [Route("/document", reading.document), Route("/page", reading.page)]


class _Reading:
    def __init__(self, assistant: Assistant, images: PageImages) -> None:
        self._assistant = assistant
        self._images = images

    async def document(self, request: Request) -> Response:
        """A document as a page."""
        headers = {"Content-Security-Policy": policy(), "Cache-Control": "private, no-cache"}
        status, page = await run_in_threadpool(self._document, request)
        return HTMLResponse(page, status, headers)

    async def page(self, request: Request) -> Response:
        """A picture of a page."""
        try:
            wanted = await run_in_threadpool(self._wanted, request)
            if wanted is None:
                return PlainTextResponse("There is no such page.", 404)
            tag = f'"{wanted.digest[:20]}-{wanted.number}-{wanted.width}"'
            # The address names the content, so what it leads to never changes.
            headers = {"ETag": tag, "Cache-Control": f"private, max-age={_DAY}, immutable"}
            if tag in request.headers.get("if-none-match", ""):
                return Response(status_code=304, headers=headers)
            drawn = await asyncio.wrap_future(self._images.draw(wanted))
        except PinciteError as error:
            return PlainTextResponse(str(error), 422)
        return Response(drawn, media_type=MEDIA_TYPE, headers=headers)

    def _document(self, request: Request) -> tuple[int, str]:
        try:
            with self._assistant.snapshot() as snapshot:
                return self._shown(snapshot, request)
        except PinciteError as error:
            return 503, problem_page("The shelf cannot be read now", str(error))
        except Exception:  # noqa: BLE001  whatever is wrong with one document, its page says so
            _log.exception("A document could not be shown")
            return 500, problem_page(
                "Something went wrong inside Pincite", "This document was not shown. The terminal says more."
            )

    def _shown(self, snapshot: Snapshot, request: Request) -> tuple[int, str]:
        query = request.query_params
        name = query.get("name", "")
        if name not in snapshot.contents:
            told = "It may have been renamed or removed since. Ask again, or look for it on the shelf."
            return 404, problem_page("This document is not on the shelf", told)
        document = snapshot.document(name)
        named = places(query.getlist("start"), query.getlist("end"), query.getlist("quote"))
        found = find(document.text, named, lambda: _starts(snapshot, document))
        if not document.pages or document.format != "pdf":
            return 200, document_page(document, found)
        digest = snapshot.digest(name)
        if problem := self._images.problem(name, digest):
            note = f"The pages of the PDF cannot be shown: {problem} To mend it: pincite index"
            return 200, document_page(document, found, notes=[note])
        return 200, document_page(document, found, Pages(digest, _rectangles(snapshot, name, found)))

    def _wanted(self, request: Request) -> Wanted | None:
        """The page that is asked for, if the shelf has it as it was when the address was made."""
        query = request.query_params
        name, number = query.get("name", ""), query.get("page", "")
        if not (number.isascii() and number.isdigit() and len(number) < 6):
            return None
        with self._assistant.snapshot() as snapshot:
            if name not in snapshot.contents or snapshot.document(name).format != "pdf":
                return None
            digest = snapshot.digest(name)
            known = {page.number for page in snapshot.document(name).pages}
        if int(number) not in known or query.get("content", digest) != digest:
            return None
        return Wanted(name, digest, int(number), width(query.get("width", "")))


def _rectangles(snapshot: Snapshot, name: str, found: Found) -> tuple[Rectangle, ...]:
    return tuple(one for span in found.spans for one in snapshot.rectangles(name, span))


def _starts(snapshot: Snapshot, document: Document) -> list[int]:
    """Where quotes begin: with a sentence, or with what the document states of itself."""
    stated = [span.start for spans in document.bibliography.stated.values() for span in spans]
    return [*stated, *(span.start for span in snapshot.sentences_of(document.name))]
