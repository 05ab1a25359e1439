"""Whether sentences and references that one form of an article has are found in another: for `reading.py`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reading_furniture import sentences
from reading_match import Haystack
from reading_truth import Twin

from index.documents import Document
from index.sentences import sentence_spans

NEAR = 0.95

# "BODY.METHODS:", also glued to a figure's number; a heading's reference stands behind the colon ("TABLE :1)").
# "Click here for file" is the archive's link to a supplement, no words of the article.
_LABEL = re.compile(r"^TITLE:|^(?:ABSTRACT|BODY)\b|[0-9]BODY\.|^Click here for (?:additional data )?file")


@dataclass
class Found:
    """Sentences looked for, and those found in the text and among the sentences that are searched."""

    file: str
    sentences: int = 0
    in_text: int = 0
    in_searched: int = 0
    misses: list[str] = field(default_factory=list)
    not_in_xml: int = 0
    """Misses that the XML file does not have either, as plain words."""

    @property
    def share(self) -> float:
        """The share found in the text."""
        return self.in_text / self.sentences if self.sentences else 1.0

    def result(self) -> dict[str, Any]:
        """The counts and misses, for JSON."""
        return {
            "file": self.file,
            "sentences": self.sentences,
            "in_text": self.in_text,
            "in_searched": self.in_searched,
            "not_in_xml": self.not_in_xml,
            "share": round(self.share, 4),
            "misses": self.misses,
        }


def readable(document: Document) -> str:
    """The document's text without its furniture."""
    made, at = [], 0
    for span in sorted(document.furniture, key=lambda span: span.start):
        made.append(document.text[at : span.start])
        at = max(at, span.end)
    return " ".join([*made, document.text[at:]])


def look(file: str, wanted: list[str], document: Document, xml: Haystack | None = None) -> Found:
    """Look for sentences in a document."""
    text, searched = Haystack(readable(document)), Haystack(" ".join(sentences(document)))
    found = Found(file, len(wanted))
    for words in wanted:
        in_text = text.best(words, NEAR) >= NEAR
        in_searched = searched.best(words, NEAR) >= NEAR
        found.in_text += in_text
        found.in_searched += in_searched
        if in_text and in_searched:
            continue
        own = not in_text and xml is not None and xml.best(words, NEAR) < NEAR
        found.not_in_xml += own
        note = "not in the XML: " if own else "in the text, not searched: " if in_text else ""
        found.misses.append(note + words)
    return found


def plain_sentences(path: Path) -> list[str]:
    """The sentences of a plain text of evidence_inference, without its own labels ("BODY.METHODS:")."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.strip()
        if not _LABEL.search(words):
            found += [span.of(words) for span in sentence_spans(words)]
    return [words for words in found if sum(map(str.isalpha, words)) > 3]


def references(file: str, document: Document, twin: Twin) -> dict[str, Any]:
    """How the reference list and the places that point to it compare with the XML's own."""
    read = Counter(at for mention in document.mentions for at in mention.references)
    wanted = Counter(twin.pointers)
    misled = []
    for mention in document.mentions:
        words = document.text[mention.start : mention.end].strip("[]() .,")
        # A lone number in brackets points to the entry of that number, in lists that are numbered.
        if words.isdigit() and int(words) < 1000 and len(mention.references) == 1:
            entry = document.references[mention.references[0]]
            label = entry.label.strip("[]() .")
            if (label or str(mention.references[0] + 1)) != words and (not label or label.isdigit()):
                misled.append(f"{words} -> {document.text[entry.start : entry.end][:60]!r}")
    return {
        "file": file,
        "references": len(document.references),
        "references_xml": twin.references,
        "pointers": read.total(),
        "pointers_xml": len(twin.pointers),
        # A range points to entries that the XML does not name, so there may be more of them.
        "resolved": sum(min(count, read[twin.keys.index(key)]) for key, count in wanted.items() if key in twin.keys)
        if len(document.references) == twin.references
        else 0,
        "resolved_xml": len(twin.pointers),
        "misled": misled,
    }
