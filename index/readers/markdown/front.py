"""What stands above a Markdown text about it: YAML front matter, or Pandoc's title block."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

from index.citations import DOI, clean_doi
from index.readers.manuscript.parts import Part, Run
from index.readers.markdown.inline import value_runs

_YAML = re.compile(r"\s{0,20}---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_BLOCK = re.compile(r"(?:%[^\n]*\n(?:[ \t]+\S[^\n]*\n)*){1,3}")
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_NOTE = re.compile(r"\\?\*(?=[A-Z])|\^\[|\[\^|<br")  # what stands behind a name about its bearer
_LONGEST = 100_000


@dataclass(slots=True)
class Front:
    """The parts that the matter above the text makes, what it states, and where the text itself begins."""

    parts: list[Part] = field(default_factory=list)
    known: dict[str, object] = field(default_factory=dict)
    end: int = 0


def front_matter(text: str) -> Front:
    """What stands above the text; nothing where there is none or it cannot be read."""
    if (found := _YAML.match(text)) and len(found[1]) <= _LONGEST:
        try:
            stated = yaml.safe_load(found[1])
        except (yaml.YAMLError, ValueError, RecursionError, TypeError):
            return Front(end=found.end())
        if isinstance(stated, dict):
            return _from_yaml(stated, found.end())
    elif (found := _BLOCK.match(text)) and len(found[0]) <= _LONGEST:
        lines = re.findall(r"^%[ \t]*([^\n]*(?:\n[ \t]+\S[^\n]*)*)", found[0], re.MULTILINE)
        title, authors, date = ([" ".join(line.split()) for line in lines] + ["", "", ""])[:3]
        people = [person.strip() for person in re.split(r";", authors) if person.strip()]
        return _front(title, people, date, "", "", "", found.end())
    return Front()


def _from_yaml(stated: dict[object, object], end: int) -> Front:
    fields = {str(key).lower(): value for key, value in stated.items() if isinstance(key, str)}
    people = _people(fields.get("author") or fields.get("authors") or fields.get("byline"))
    journal = fields.get("journal") or fields.get("container-title") or ""
    if isinstance(journal, dict):
        journal = journal.get("title") or journal.get("name") or ""
    date = fields.get("date") or fields.get("published") or fields.get("year") or fields.get("issued") or ""
    doi = DOI.search(_words(fields.get("doi")))
    return _front(
        _words(fields.get("title")),
        people,
        _words(date),
        _words(journal),
        clean_doi(doi[0]) if doi else "",
        _words(fields.get("abstract") or fields.get("summary")),
        end,
    )


def _front(title: str, people: list[str], date: str, journal: str, doi: str, abstract: str, end: int) -> Front:
    made = Front(end=end)
    people = [name for person in people if (name := "".join(run.words for run in value_runs(_NOTE.split(person)[0])))]
    if title:
        made.parts.append(Part("title", value_runs(title)))
    if people:
        made.parts.append(Part("author", [Run(", ".join(people))]))
        made.known["authors"] = tuple(people)
    for field_, words in (("journal", journal), ("year", date), ("doi", doi)):
        year = _YEAR.search(words)
        if words and (field_ != "year" or year):
            made.parts.append(Part("front", [Run(words)], states=field_))
            made.known[field_] = int(year[0]) if field_ == "year" and year else words
    if abstract:
        made.parts += [Part("heading", [Run("Abstract")], level=2), Part("paragraph", value_runs(abstract))]
    return made


def _people(value: object) -> list[str]:
    if isinstance(value, str):
        split = re.split(r"\s*;\s*|\s+and\s+|\s*\n\s*", value)
        return [" ".join(person.split()) for person in split if person.strip()]
    if isinstance(value, dict):
        # One person, or people under their names or numbers.
        return _people([value]) if {"name", "family", "last", "given", "literal"} & value.keys() else _people([*value])
    found: list[str] = []
    for person in value if isinstance(value, list) else []:
        if isinstance(person, dict):
            name = person.get("name") or person.get("literal") or person.get("author")
            parts = name if isinstance(name, dict) else person
            if not isinstance(name, str):
                given = _words(parts.get("given") or parts.get("first") or parts.get("firstname"))
                family = _words(parts.get("family") or parts.get("last") or parts.get("lastname"))
                name = f"{given} {family}".strip()
            if not name and len(person) == 1:
                name = next(iter(person))  # "- Jane Doe: {institute: ...}"
            found.append(_words(name))
        else:
            found.append(_words(person))
    return [name for name in found if name]


def _words(value: object) -> str:
    """A plain value as words; lists and maps say nothing here."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return "" if value is None or isinstance(value, list | dict | bool) else " ".join(str(value).split())
