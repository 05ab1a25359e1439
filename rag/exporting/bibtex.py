"""BibTeX: an entry for each document cited. The quotes are in `annote`, which styles do not print."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bibtexparser import writer
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field

from rag.answers import Answer
from rag.exporting.characters import plain
from rag.exporting.cited import Work, note, title_of, works
from rag.exporting.names import Person, people

# BibTeX counts braces even where a backslash stands before them, so a lone one must be a command.
_LATEX = str.maketrans(
    {
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "\\": r"{\textbackslash}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        "$": r"\$",
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
    }
)
_LIGATURES = re.compile(r"([-`'])(?=\1)|([?!])(?=`)")  # "--" would be printed as a dash
_NO_DOI = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
_WARNINGS = ("retracted", "retraction", "expression of concern", "correction")
_CAPITAL = re.compile(r"[^\W\d_]")


def bibtex(answers: Sequence[Answer]) -> str:
    """The documents cited as BibTeX, in UTF-8."""
    form = writer.BibtexFormat()  # type: ignore[no-untyped-call]
    form.indent = "  "
    form.trailing_comma = True
    form.block_separator = "\n"
    # What bibtexparser would do on the way to its writer is done here: `latex` says why.
    return writer.write(Library([_entry(one) for one in works(answers)]), form)


def latex(text: str) -> str:
    """`text` so that LaTeX prints exactly these characters."""
    return _LIGATURES.sub(r"\g<0>{}", text.translate(_LATEX))


def _entry(work: Work) -> Entry:
    cited = work.cited
    journal = plain(cited.journal)
    warnings = [label for label in cited.labels if label in _WARNINGS]
    fields = {
        "author": _authors(cited.authors),
        "title": " ".join(_kept(word, at) for at, word in enumerate(title_of(cited).split())),
        "journal": latex(journal),
        "year": str(cited.year) if cited.year is not None else "",
        "doi": plain(cited.doi).translate(_NO_DOI),
        "note": latex(", ".join(warnings).capitalize()),
        "keywords": latex(", ".join(cited.labels)),
        "annote": "\n".join(latex(note(one)) for one in work.quotes),
    }
    kind = "article" if journal else "misc"
    return Entry(kind, work.key, [Field(key, f"{{{value}}}") for key, value in fields.items() if value])


def _kept(word: str, at: int) -> str:
    """A word of a title, in braces where a style that writes small letters would harm it: "{CAR}", "{B}"."""
    letters = _CAPITAL.findall(word)
    capitals = [letter for letter in letters if letter != letter.lower()]
    only_first = at == 0 and len(letters) > 1 and capitals == letters[:1]
    return f"{{{latex(word)}}}" if capitals and not only_first else latex(word)


def _authors(authors: Sequence[str]) -> str:
    named, others = people(authors)
    return " and ".join([*map(_author, named), *(["others"] if named and others else [])])


def _author(one: Person) -> str:
    if one.literal:
        return f"{{{latex(one.literal)}}}"
    return ", ".join(latex(part) for part in (one.family, one.suffix, one.given) if part)
