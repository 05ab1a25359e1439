"""What tests find in the page of a document, as a browser would."""

from __future__ import annotations

from html.parser import HTMLParser


class _Reader(HTMLParser):
    """The words of a page, those of each marked place by themselves, and its titles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.marks: list[str] = []
        self.titles: list[str] = []
        self.levels: list[int] = []
        self.ids: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if "id" in found:
            self.ids.append(str(found["id"]))
        if tag == "mark" and str(found.get("id", "")).startswith("cited"):
            self.marks.append("")
        if tag[0] == "h" and tag[1:].isdigit():
            self.levels.append(int(tag[1:]))
            self.titles.append("")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" in self._open or "script" in self._open:
            return
        self.words.append(data)
        if "mark" in self._open:
            self.marks[-1] += data
        if self._open and self._open[-1][0] == "h" and self._open[-1][1:].isdigit():
            self.titles[-1] += data


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


def marked(page: str) -> list[str]:
    """The words of each marked place, exactly."""
    return _read(page).marks


def words(page: str) -> str:
    """All words, exactly."""
    return "".join(_read(page).words)


def shown(page: str) -> str:
    """All words, white space as one space."""
    return " ".join(words(page).split())


def titles(page: str) -> list[str]:
    """The headings."""
    return [" ".join(one.split()) for one in _read(page).titles]


def levels(page: str) -> list[int]:
    """How deep each heading is."""
    return _read(page).levels


def anchors(page: str) -> list[str]:
    """What can be jumped to."""
    return _read(page).ids
