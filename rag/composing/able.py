"""Whether a sentence could answer a question at all, however well it fits."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.documents import Document, Span
from index.references.belonging import mentions_of
from rag.composing.definitions import lists_abbreviations
from rag.searching.candidates import Choice
from rag.understanding.bibliographic import could_tell_who_paid
from rag.understanding.instructions import to_an_assistant
from rag.understanding.kinds import Kind
from rag.understanding.question import Question

_KEYWORDS = re.compile(r"\W*(?:key\s?words?|index(?:ing)? terms?)(?: and phrases)?\s*[:.—–-]", re.IGNORECASE)
# "'Induced neuropathy' OR 'toxicity' AND [..." is put to a database.
_SEARCHES = re.compile(r"(?:['\"”’)\]*]\s+(?:OR|AND|NOT)\s+['\"“‘(\[].*?){2}", re.DOTALL)
_NUMBER = re.compile(
    r"(?<![\w-])\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|half|twice"
    r"|none|no one|majority|minority|all)\b",
    re.IGNORECASE,
)

_ASKS_WHEN = re.compile(r"^\W*(?:and |but )?when (?:did|was|were|has|have)\b", re.IGNORECASE)
_TIME = re.compile(
    r"""(?<![\w-])\d|\b(?:1[5-9]|20)\d\d\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn
    |winter|century|decades?|years?|months?|weeks?|days?|hours?|minutes?|ago|after|afterwards|before|prior|during|following
    |followed|since|until|once|when|while|upon|early|earlier|late|later|recent\w*|soon|immediately|initially|subsequent\w*
    |twice|daily|weekly|always|never|birth|childhood|adulthood|night|morning|war|time)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def able_to_answer(question: Question, choice: Choice) -> bool:
    """Whether a sentence could answer at all.

    The title or byline could not, nor keywords, nor a question, nor what is said to an assistant, nor how the
    literature was searched; a list of abbreviations only where a meaning is asked for; a quantity needs a number, and
    a question of when something was a word of time.
    """
    if not states_something(choice.document, choice.span):
        return False
    if not could_tell_who_paid(question, choice.document, choice.span):
        return False
    if _ASKS_WHEN.search(question.text) and not _TIME.search(_without_marks(choice)):
        return False
    if question.kind is not Kind.DEFINITION and lists_abbreviations(choice.words):
        return False
    return not question.wants_quantity or bool(_NUMBER.search(_without_marks(choice)))


def states_something(document: Document, span: Span) -> bool:
    """Whether a sentence of a document could answer anything: it is no title, byline, keywords, question, search."""
    if any(one.start < span.end and span.start < one.end for one in _front_matter(document)):
        return False
    words = span.of(document.text)
    asks = words.rstrip().endswith("?")
    return not (asks or to_an_assistant(words) or _SEARCHES.search(words) or _KEYWORDS.match(words))


def _without_marks(choice: Choice) -> str:
    """A sentence without the numbers that point to references."""
    words, start = choice.words, choice.span.start
    for mark in reversed(mentions_of(choice.document, choice.span)):
        if mark.end <= choice.span.end:
            words = words[: mark.start - start] + " " * (mark.end - mark.start) + words[mark.end - start :]
    return words


def _front_matter(document: Document) -> Iterable[Span]:
    return (span for spans in document.bibliography.stated.values() for span in spans)
