"""Names of people and groups in JATS, in front matter and in references."""

from __future__ import annotations

import re

from index.readers.markup.source import Element

_NO_AUTHOR = re.compile(
    r"edit|review|refere|translat|non-byline|collaborator|member|investigator|advis|illustrat|compil|transcri|"
    r"assignee|inventor|assistant|guest|sponsor|curator|interview|annotat|contact",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:[JS]r|[IV]{1,4}|[1-9](?:st|nd|rd|th)|[Ff]ilho|[Nn]eto|[Jj]únior|[Ss]obrinho)\.?")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ON_BEHALF = re.compile(r"^(?:(?:and )?(?:for|on behalf of) (?:the )?)(?=\w)", re.IGNORECASE)
_SPACE_BEFORE_SIGN = re.compile(r" (?=[,;.])")


def flat(element: Element | None, without: tuple[str, ...] = ()) -> str:
    """All words in an element on one line, but those in elements named in `without`."""
    if element is None:
        return ""
    if not len(element):
        return " ".join((element.text or "").split())
    if not without:
        return " ".join("".join(element.itertext()).split())
    parts = [element.text or ""]
    for child in element:
        if child.tag not in without:
            parts.append(flat(child, without))
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def is_author(contributor: Element) -> bool:
    """Whether a contributor is an author: not an editor, a reviewer, a member of a group that is one."""
    if contributor.tag != "contrib":
        return False
    group = contributor.getparent()
    kinds = (contributor.get("contrib-type") or "", (group.get("content-type") or "") if group is not None else "")
    return not any(_NO_AUTHOR.search(kind) for kind in kinds)


def full_name(contributor: Element) -> str:
    """ "Given Surname", a group's name, or "" where there is none."""
    for part in contributor:
        if part.tag in ("name", "string-name", "name-alternatives"):
            if found := _person(part):
                return found
        elif part.tag in ("collab", "collab-alternatives", "collab-name", "collab-name-alternatives"):
            own = part if part.tag in ("collab", "collab-name") else next(iter(part), part)
            if found := group_name(own):
                return found
        elif part.tag == "anonymous":
            return "Anonymous"
    return ""


def group_name(collab: Element) -> str:
    """The name of a group, without the people listed in it and the marks after it."""
    words = flat(collab, ("contrib-group", "xref", "fn", "aff", "address", "email"))
    return _ON_BEHALF.sub("", _SPACE_BEFORE_SIGN.sub("", words)).strip(" ,;:*")


def family_name(name: Element) -> str:
    """A person's family name, or what there is of the name."""
    return flat(name.find("surname"), ("xref", "fn")) or flat(name.find("given-names")) or flat(name)


def _person(name: Element) -> str:
    if name.tag == "name-alternatives":
        own = [part for part in name if part.tag in ("name", "string-name")]
        latin = [part for part in own if not _CJK.search(flat(part))]
        return _person((latin or own)[0]) if own else ""
    surname, given = flat(name.find("surname"), ("xref", "fn")), flat(name.find("given-names"), ("xref", "fn"))
    if not surname and not given:
        return flat(name, ("xref", "fn", "degrees", "prefix"))
    suffix = flat(name.find("suffix"))
    parts = [surname, given] if _CJK.search(surname) else [given, surname]
    if _SUFFIX.fullmatch(suffix):
        parts.append(suffix)
    return " ".join(part for part in parts if part)
