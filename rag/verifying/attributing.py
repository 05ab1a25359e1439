"""A sentence that names the authors of the passage it cites, as they would say it themselves: "we"."""

from __future__ import annotations

import re
from dataclasses import replace

from index.bibliography import short_attribution
from index.documents import Bibliography

_SOURCE = r"the\s(?:authors?|reviews?|articles?|papers?|study)(?!\sby\b)"
_SAYS = r"(?:reports?|states?|notes?|writes?|sa(?:y|ys|id)|explains?|mentions?|points?\sout|emphasi[sz]es?|describes?)"
_SAID = rf"(?:{_SAYS}|(?:report|stat|not|explain|mention|emphasi[sz]|describ)e?d|wrote|pointed\sout)"


def as_its_authors_say(claim: str, bibliography: Bibliography) -> str:
    """A sentence without who says it, where that is true: "Smith et al. state that X" -> "X".

    Only the names of the document's own authors are taken so; other names are left to be found in the quote.

    Args:
        claim: A sentence.
        bibliography: Of the document that it cites.
    """
    who = _who(bibliography)
    told = re.match(
        rf"(?:according\sto\s{who},\s|as\s(?:\w+\sby\s{who}|{who}\s{_SAID}),\s|{who}\s(?:also\s)?{_SAID}\sthat\s"
        rf"|in\s(?:the\s)?(?:review|article|paper|study)\s(?:by|of)\s{who},\s)(?P<what>\S.*)",
        claim,
        re.IGNORECASE | re.DOTALL,
    )
    if told:
        return told["what"][0].upper() + told["what"][1:]
    return re.sub(
        rf"\A(?:the\s(?:review|article|paper|study)\sby\s)?{who}(?=\s\w)", "We", claim, count=1, flags=re.IGNORECASE
    )


def _who(bibliography: Bibliography) -> str:
    """A pattern of how the authors may be named: "Blache et al.", "Blache and colleagues", "the authors"."""
    names = [_SOURCE]
    if bibliography.authors:
        named = short_attribution(replace(bibliography, year=None), "")
        first = re.split(r" et al\.?\Z| and ", named)[0]
        names += [re.escape(named), rf"{re.escape(first)}\s(?:et\sal\.?|and\s(?:colleagues|co-?workers|co-?authors))"]
    year = rf"(?:\s\({bibliography.year}\))?" if bibliography.year else ""
    return rf"(?:(?:{'|'.join(names)}){year})"
