"""A sentence that names the authors of the passage it cites, as they would say it themselves: "we"."""

from __future__ import annotations

import re
from dataclasses import replace

from index.bibliography import short_attribution
from index.documents import Bibliography

_SOURCE = r"[Tt]he\s(?:authors?|reviews?|articles?|papers?|study)(?!\sby\b)"
_SAYS = r"(?:reports?|states?|notes?|writes?|sa(?:y|ys|id)|explains?|mentions?|points?\sout|emphasi[sz]es?|describes?)"
_SAID = rf"(?:{_SAYS}|(?:report|stat|not|explain|mention|emphasi[sz]|describ)e?d|wrote|pointed\sout)"
_TELLS = r"(?:discuss|describ|mention|review|cover|address|summari[sz]|present|outlin|highlight|consider)(?:e|s|es|ed)?"


def as_its_authors_say(claim: str, bibliography: Bibliography) -> str:
    """A sentence without who says it, where that is true: "Smith et al. state that X" -> "X".

    Only the names of the document's own authors are taken so, as a review is cited; other names are left to be found
    in the quote. What they did or found, others may have done: that is left as it is.

    Args:
        claim: A sentence.
        bibliography: Of the document that it cites.
    """
    named = _named(bibliography)
    who = rf"(?:{named}|{_SOURCE})"
    told = re.match(
        rf"(?:[Aa]ccording\sto\s{who},\s|[Aa]s\s(?:{_SAID}\sby\s{who}|{who}\s{_SAID}),\s|{who}\s(?:also\s)?{_SAID}\sthat\s"
        rf"|[Ii]n\s(?:the\s)?(?:review|article|paper)\s(?:by|of)\s{named},\s)(?P<what>\S.*)",
        claim,
        re.DOTALL,
    )
    if told:
        return told["what"][0].upper() + told["what"][1:]
    return re.sub(
        rf"\A(?:[Tt]he\s(?:review|article|paper)\sby\s)?{named}(?=\s(?:also\s)?{_TELLS}\b)", "We", claim, count=1
    )


def _named(bibliography: Bibliography) -> str:
    """A pattern of how the authors may be named: "Blache et al.", "Blache and colleagues", with the right year."""
    if not bibliography.authors:
        return r"(?!)"
    named = short_attribution(replace(bibliography, year=None), "")
    first = re.escape(re.split(r" et al\.?\Z| and ", named)[0])
    year = rf"(?:\s\({bibliography.year}\))?" if bibliography.year else ""
    return rf"(?:{re.escape(named)}|{first}\s(?:et\sal\.?|and\s(?:colleagues|co-?workers|co-?authors))){year}"
