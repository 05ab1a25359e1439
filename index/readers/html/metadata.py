"""What a page's head says of the article: Highwire, Dublin Core, PRISM, schema.org and Open Graph tags, its titles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from lxml import etree

from index.bylines import bare, names
from index.citations import DOI, date_year
from index.readers.html.jsonld import described
from index.readers.html.tree import class_words, plain_name, words_in

_ALIASES = {"dcterms": "dc", "dc.terms": "dc"}
_YEAR = re.compile(r"(?<!\d)(1[6-9]\d\d|20\d\d)(?!\d)")
_DEGREES_AFTER = re.compile(r",\s*(?:M\.?D|Ph\.?D|MPH|MSc?|BSc?|MBBS|DPhil|RN|DO|PharmD|FRCP|MBChB|Dr|Prof)\b.*$")
_SUFFIX = re.compile(r"^(?:Jr|Sr|II|III|IV)\.?$", re.IGNORECASE)
_BYLINE = re.compile(r"\b(?:byline|by line|author|authors|author name|author names)\b")
_BY = re.compile(r"^(?:(?:posted|written|published|story|words)\s+)?by:?\s+|^authors?\s*:\s*", re.IGNORECASE)
_PUBLISHED = re.compile(r"\b(?:date published|published|pubdate|entry date|post date|posted on)\b")
_NO_PERSON = re.compile(r"https?://|www\.|@|^(?:admin|editor|staff|guest|anonymous|unknown)\b", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s+[|–—·•»:]\s+|\s+-\s+|\s*\|\s*")
_NEWS = frozenset({"NewsArticle", "BlogPosting", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle"})
_NOT_A_JOURNAL = re.compile(
    r"pubmed|\bPMC\b|europe pmc|researchgate|semantic scholar|academia\.edu|arxiv", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page states of its article, outside of the article.

    `place` is where in the journal it stands ("24(3):843-850"), `kinds` are the words for its type.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str = ""
    doi: str = ""
    place: str = ""
    kinds: tuple[str, ...] = ()
    is_scholarly: bool = False
    title_is_sure: bool = False


Tags = Mapping[str, Sequence[str]]


def metadata(root: etree._Element) -> Metadata:
    """Read a page's metadata."""
    tags = _tags(root)
    schema = described(root)
    scholarly = any(name.startswith(("citation_", "prism.", "bepress_citation_", "eprints.")) for name in tags)
    news = bool(_NEWS & set(schema.types)) or "article" in tags.get("og:type", ())
    title = _first(tags, "citation_title", "bepress_citation_title", "eprints.title", "dc.title") or schema.title
    return Metadata(
        title=title or _page_title(root, tags),
        authors=_authors(root, tags, schema.authors),
        year=_year(tags, schema.date) or _dated(root),
        journal=_first(tags, "citation_journal_title", "prism.publicationname", "bepress_citation_journal_title")
        or schema.journal
        or _first(tags, "citation_conference_title", "citation_inbook_title", "citation_book_title")
        or (_site(tags, schema.publisher) if news and not scholarly else ""),
        doi=_doi(tags, schema.doi),
        place=_place(tags),
        kinds=tuple(
            words
            for name in ("citation_article_type", "dc.type", "prism.section", "article:section", "citation_section",
                         "wkhealth_article_type", "dc.type.articletype", "prism.genre")
            for words in tags.get(name, ())
        )
        + schema.types,
        is_scholarly=scholarly,
        title_is_sure=bool(title),
    )  # fmt: skip


def plain_title(words: str) -> str:
    """A title without mark-up that was written out, and without entities that were written twice."""
    return " ".join(re.sub(r"</?(?:i|b|em|sub|sup|strong|span|p|title)\b[^<>]{0,100}>", "", unescape(words)).split())


def printed_title(root: etree._Element) -> str:
    """The page's title as a browser shows it."""
    node = root.find(".//head/title")
    if node is None:
        node = next(root.iter("title"), None)
    return " ".join("".join(node.itertext()).split()) if node is not None else ""


def without_site(title: str, headings: Sequence[str]) -> str:
    """A page's title without the site's name: what a heading confirms, or all but the last part."""
    parts = [part.strip() for part in _SEPARATOR.split(title) if part.strip()]
    for heading in headings:
        if heading and (heading in title or heading in parts):
            return heading
    if len(parts) > 1 and len(parts[0]) >= 3 and len(title) - len(title.rstrip()) == 0:
        longest = max(parts, key=len)
        at = title.index(longest)
        return longest if at else title[: title.rindex(parts[-1])].rstrip(" |–—·•»:-")
    return title


def _tags(root: etree._Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for node in root.iter("meta"):
        name = (node.get("name") or node.get("property") or node.get("itemprop") or "").strip().lower()
        content = " ".join((node.get("content") or "").split())
        if not name or not content:
            continue
        name = name.replace("dcterms.", "dc.").replace("dc_", "dc.").replace("citation.", "citation_")
        # What a reference's own description holds is not the page's.
        if node.get("itemprop") and _inside_entry(node):
            continue
        found[name].append(content)
    return found


def _inside_entry(node: etree._Element) -> bool:
    return any(parent.get("itemprop") in {"citation", "comment"} for parent in node.iterancestors())


def _first(tags: Tags, *names_: str) -> str:
    return next((plain_title(tags[name][0]) for name in names_ if tags.get(name)), "")


def _authors(root: etree._Element, tags: Tags, schema: Sequence[str]) -> tuple[str, ...]:
    for name in ("citation_author", "citation_authors", "bepress_citation_author", "eprints.creators_name",
                 "dc.creator", "dc.contributor", "dc.creator.personalname"):  # fmt: skip
        if tags.get(name):
            return _people(tags[name])
    if people := _people(schema):
        return people
    for name in ("author", "article:author", "parsely-author", "sailthru.author", "byl"):
        found = [person for words in tags.get(name, ()) for person in names(re.sub(r"^by\s+", "", words, flags=re.I))]
        if found:
            return tuple(dict.fromkeys(found))
    return _byline(root)


def _byline(root: etree._Element) -> tuple[str, ...]:
    """The authors that a page marks as such, where it marks one byline."""
    for node in root.iter("a", "span", "p", "div", "address", "meta"):
        if node.get("rel") == "author" or node.get("itemprop") == "author" or _BYLINE.search(class_words(node)):
            words = words_in(node)
            found = names(_BY.sub("", words)) if 4 < len(words) < 200 else ()
            if found and all(" " in name for name in found):
                return found
    return ()


def _dated(root: etree._Element) -> int | None:
    """The year of the date that a page marks as that of its publication."""
    for node in root.iter("time", "abbr", "span"):
        date = node.get("datetime") or node.get("content") or ""
        signs = f"{class_words(node)} {plain_name(node.get('itemprop') or '')}"
        if date and ("pubdate" in node.attrib or _PUBLISHED.search(signs)) and (year := _year_in(date)):
            return year
    return None


def _people(stated: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for words in stated:
        parts = re.split(r"\s*;\s*", words) if ";" in words else [words]
        if len(parts) == 1 and words.count(",") > 1 and not _SUFFIX.match(words.rpartition(",")[2].strip()):
            parts = list(names(words)) or parts
        found += [name for part in parts if (name := given_first(part))]
    return tuple(dict.fromkeys(found))


def given_first(name: str) -> str:
    """ "Wang, Shirley V" as "Shirley V Wang", without degrees; "" for what names nobody."""
    name = _DEGREES_AFTER.sub("", " ".join(name.split())).strip(" ,;")
    if not name or _NO_PERSON.search(name) or len(name) > 120:
        return ""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if len(parts) == 3 and _SUFFIX.match(parts[2]):
        return f"{parts[1]} {parts[0]} {parts[2]}"
    if len(parts) == 2:
        return f"{parts[0]} {parts[1]}" if _SUFFIX.match(parts[1]) else f"{parts[1]} {parts[0]}"
    return bare(name) or name


def _year(tags: Tags, schema: str) -> int | None:
    for name in ("citation_publication_date", "citation_date", "citation_year", "prism.publicationdate",
                 "bepress_citation_date", "citation_cover_date", "dc.date", "dc.date.issued", "dc.issued",
                 "citation_online_date", "citation_pub_date", "eprints.date", "prism.coverdate",
                 "article:published_time", "datepublished", "date", "dcterms.created", "pubdate"):  # fmt: skip
        for words in tags.get(name, ()):
            if year := _year_in(words):
                return year
    return _year_in(schema)


def _year_in(words: str) -> int | None:
    if year := date_year(words):
        return year
    found = _YEAR.search(words)
    return int(found[1]) if found else None


def _place(tags: Tags) -> str:
    volume, issue = _first(tags, "citation_volume", "prism.volume"), _first(tags, "citation_issue", "prism.number")
    first, last = (
        _first(tags, "citation_firstpage", "prism.startingpage"),
        _first(tags, "citation_lastpage", "prism.endingpage"),
    )
    pages = first + (f"-{last}" if first and last and last != first else "")
    return volume + (f"({issue})" if volume and issue else "") + (f":{pages}" if volume and pages else "")


def _doi(tags: Tags, schema: str) -> str:
    for name in ("citation_doi", "prism.doi", "bepress_citation_doi", "dc.identifier", "dc.identifier.doi", "doi",
                 "eprints.doi", "dc.source", "citation_id", "evt-doipage"):  # fmt: skip
        for words in tags.get(name, ()):
            if found := clean_doi(words):
                return found
    return clean_doi(schema)


def clean_doi(words: str) -> str:
    """The DOI in `words`, or ""."""
    bare_ = re.sub(r"^\s*(?:info:|urn:)?doi[:/]\s*", "", words, flags=re.IGNORECASE)
    found = DOI.search(bare_)
    return found.group().rstrip(".,;)") if found else ""


def _site(tags: Tags, publisher: str) -> str:
    name = _first(tags, "og:site_name") or publisher
    return "" if _NOT_A_JOURNAL.search(name) else name


def _page_title(root: etree._Element, tags: Tags) -> str:
    headings = [words_in(node) for node in root.iter("h1")]
    own = _first(tags, "og:title", "twitter:title") or printed_title(root)
    return plain_title(without_site(own, [heading for heading in headings if len(heading) > 3]))
