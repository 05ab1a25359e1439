"""Title, authors, year, journal and DOI, from the document's own words only.

Every field comes with the spans that state it. Where the words are ambiguous the field stays empty: a
wrong attribution is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.blocks import ends_sentence, marker_end
from index.bylines import family_name, names
from index.citations import DOI, Stated, clean_doi, date_year, journal_line
from index.cleaning import reference_list
from index.documents import Bibliography, Block, Span
from index.heading_words import is_standard, plain
from index.title_page import (
    LABEL,
    PROSE,
    PUBLISHED,
    Front,
    byline_words,
    find_title,
    is_preliminary,
    shows_a_person,
    title_page,
)

_OWN_COPYRIGHT = re.compile(r"(?:copyright )?(?:©|\(c\))[^.]{0,60}?\b((?:19|20)\d\d)\b(?!\s*[-–])", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:comment|commentary|reply|erratum|correction|retraction|response) (?:on|to|for|of)\b", re.IGNORECASE
)
_OWNERS = re.compile(r"author|et al|licen[sc]ee|published by|on behalf of", re.IGNORECASE)


def bibliography(text: str, blocks: Sequence[Block], furniture: Sequence[Span]) -> Bibliography:
    """What the document states of itself."""
    dropped = {span.start for span in furniture}
    references = reference_list(text, blocks)
    own = [
        block
        for block in blocks
        if block.start not in dropped and not (references and references.start <= block.start < references.end)
    ]
    front = Front(text, own, title_page(text, own), sorted(dropped))
    front.found.update(find_title(front))
    title = front.found.get("title")
    _labelled(front)
    if title:
        _byline(front, title.spans[0])
        _bare_lines(front, title.spans[0])
    _end_matter(front)
    found = front.found
    authors = found["authors"].value if "authors" in found else ""
    return Bibliography(
        title=found["title"].value if "title" in found else "",
        authors=tuple(authors.split("\n")) if authors else (),
        year=int(found["year"].value) if "year" in found else None,
        journal=found["journal"].value if "journal" in found else "",
        doi=found["doi"].value if "doi" in found else "",
        stated={name: stated.spans for name, stated in found.items()},
    )


def short_attribution(bibliography: Bibliography, fallback: str) -> str:
    """ "Blache et al. (2023)"; without authors the shortened title, without that `fallback`."""
    families = [family_name(author) for author in bibliography.authors if author != "et al."]
    others = len(families) < len(bibliography.authors)
    if not families:
        title = bibliography.title
        if len(title) > 60:
            title = title[:60].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
        who = title or fallback
    elif len(families) == 1 and not others:
        who = families[0]
    elif len(families) == 2 and not others:
        who = f"{families[0]} and {families[1]}"
    else:
        who = f"{families[0]} et al."
    return f"{who} ({bibliography.year})" if bibliography.year else who


def _keep(front: Front, name: str, value: str, start: int, end: int) -> None:
    if value and name not in front.found:
        front.found[name] = Stated(value, (Span(start, end),))


def _labelled(front: Front) -> None:
    """Lines such as "Authors: ...", "Date: 2013-01-11", "DOI: ...", "Published: 12 March 2021"."""
    for block in front.page:
        words = front.words(block)
        match = LABEL.match(words[:40])
        label = plain(match.group(1)) if match else ""
        value = words[match.end() :] if match else ""
        if label in {"author", "authors"}:
            _keep(front, "authors", "\n".join(names(value)), block.start, block.end)
        elif label in {"date", "year", "publication date", "date of publication", "publication year"}:
            _keep_year(front, block, value)
        elif label in {"journal", "to appear in", "published in", "journal title"} and len(value) < 120:
            _keep(front, "journal", " ".join(re.sub(r"[\s,;(]*\d.*$", "", value).split()), block.start, block.end)


def _keep_year(front: Front, block: Block, words: str) -> None:
    year = date_year(words)
    if year is not None:
        _keep(front, "year", str(year), block.start, block.end)


def _byline(front: Front, title: Span) -> None:
    """The names under the title: one block, or a numbered list, before any paragraph."""
    if "authors" in front.found:
        return
    below = [block for block in front.page if block.start >= title.end]
    lowered = _lower_case_words(front.text)
    for i, block in enumerate(below[:6]):
        words = front.words(block)
        if block.kind == "item":
            _numbered_byline(front, below[i:])
            return
        if is_preliminary(words):
            continue
        end = block.end
        # A byline that goes on in the next line ends in a comma.
        for following in below[i + 1 : i + 6]:
            if not re.search(r"(?:[,;&]|\band)\s*$", front.text[block.start : end]):
                break
            end = following.end
        words = front.text[block.start : end]
        people = names(byline_words(words), lowered.__contains__)
        if people and (len(people) > 1 or shows_a_person(words)):
            _keep(front, "authors", "\n".join(people), block.start, end)
            return
        # What begins as a byline and cannot be read throughout would yield only some of the authors.
        if len(words) >= PROSE or is_standard(words) or ("," in words and names(words.split(",")[0])):
            return


def _numbered_byline(front: Front, items: Sequence[Block]) -> None:
    """ "1. A Name," "2. B Name": up to the item that is no name, or where the numbers begin again."""
    people: list[str] = []
    spans: list[Span] = []
    for block in items:
        words = front.words(block)
        if block.kind != "item" or (people and re.match(r"\(?1[.)]", words)):
            break
        found = names(words[marker_end(words) :])
        if len(found) != 1:
            break
        people += found
        spans.append(Span(block.start, block.end))
    if people:
        front.found["authors"] = Stated("\n".join(people), tuple(spans))


def _lower_case_words(text: str) -> frozenset[str]:
    # Not from addresses: an author's e-mail has the name in lower case.
    return _Lowered(re.findall(r"(?<![\w.@/-])[a-z]{3,}(?![\w@/-]|\.\w)", text[:400_000]))


class _Lowered(frozenset[str]):
    """Words the text uses in lower case; asked for a capitalised one."""

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and super().__contains__(word.lower())


def _bare_lines(front: Front, title: Span) -> None:
    """Unlabelled lines around the title: the journal's line, a date, a DOI, "Published online ..."."""
    for block in front.page:
        words = front.words(block)
        if len(words) > 200 or block.start == title.start:
            continue
        if (line := journal_line(words)) is not None:
            _keep(front, "journal", line[0], block.start, block.end)
            _keep(front, "year", line[1], block.start, block.end)
    for block in front.page:
        words = front.words(block)
        # Above a title stands the date of the visit as often as that of the article.
        if (
            block.start > title.start
            and len(words) <= 80
            and not ends_sentence(words)
            and re.match(r"(?:\d{4}[-/.]\d|\d{1,2} [A-Z]|[A-Z][a-z]{2,8}\.? (?:\d{1,2}, )?\d{4}$)", words)
        ):
            _keep_year(front, block, words)


def _end_matter(front: Front) -> None:
    """Lines that name a date or a DOI wherever they stand, if they start with the label."""
    for block in front.blocks:
        if block.end - block.start > 200:
            continue
        words = front.words(block)
        if published := PUBLISHED.match(words):
            _keep_year(front, block, words[published.end() :][:40])
    dois: dict[str, Block] = {}
    in_front = {block.start for block in front.page}
    for block in front.blocks:
        words = front.words(block)[:400]
        labelled = re.match(r"\(?(?:doi\b|https?://(?:dx\.)?doi\.org/)", words, re.IGNORECASE)
        beside = (block.start in in_front or PUBLISHED.match(words)) and len(words) < 200
        if (labelled or beside) and not _OTHERS.search(words) and (match := DOI.search(words)):
            dois.setdefault(clean_doi(match.group()), block)
    if len(dois) == 1:
        doi, block = next(iter(dois.items()))
        _keep(front, "doi", doi, block.start, block.end)
    if "year" not in front.found:
        for block in front.blocks:
            words = front.words(block)[:300]
            if (match := _OWN_COPYRIGHT.match(words)) and _OWNERS.search(words):
                _keep(front, "year", match.group(1), block.start, block.end)


__all__ = ["bibliography", "family_name", "short_attribution"]
