"""Which reviews to ask: those named, those of certain years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.errors import UsageError
from rag.assistant import Assistant


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice among the reviews on the shelf; an empty one is all of them.

    Args:
        names: Documents chosen by name; none for all.
        first_year: The earliest year of publication; None for no bound.
        last_year: The latest.
    """

    names: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None

    def documents(self, assistant: Assistant) -> list[str] | None:
        """The names of the documents to ask; None for all of them.

        Raises:
            UsageError: No review on the shelf fits, or one that was named has gone.
        """
        if not self.in_words():
            return None
        with assistant.snapshot() as snapshot:
            shelf = snapshot.bibliographies()
        if gone := [name for name in self.names if name not in shelf]:
            raise UsageError(f"No longer on the shelf: {', '.join(gone)}. Choose again which reviews to ask.")
        first, last = self.first_year, self.last_year
        found = [
            name
            for name in self.names or shelf
            if (first is None and last is None)
            or ((year := shelf[name].year) and (first or year) <= year <= (last or year))
        ]
        if not found:
            of = "of those chosen" if self.names else "on the shelf"
            raise UsageError(f"No review {of} is known to be {self._years()}. Choose other years.")
        return found

    def in_words(self) -> str:
        """What was asked, for the page to say; nothing where everything was."""
        count = f"{len(self.names)} review{'s' * (len(self.names) > 1)}" if self.names else ""
        years = self._years() if self.first_year is not None or self.last_year is not None else ""
        return " ".join(part for part in (count or (years and "reviews"), years) if part)

    def _years(self) -> str:
        first, last = self.first_year, self.last_year
        if first is not None and last is not None:
            return f"of {first}" if first == last else f"of {first} to {last}"
        return f"of {first} or later" if first is not None else f"of {last} or earlier"


def choice(names: Sequence[str] | None, first_year: str | None, last_year: str | None) -> Choice:
    """What the page's fields hold as a choice; years the wrong way round are turned.

    Raises:
        UsageError: A field holds no year.
    """
    first, last = _year(first_year), _year(last_year)
    if first is not None and last is not None:
        first, last = min(first, last), max(first, last)
    return Choice(tuple(names or ()), first, last)


def _year(typed: str | None) -> int | None:
    typed = (typed or "").strip()
    if not typed:
        return None
    if not (len(typed) == 4 and typed.isdecimal()):
        raise UsageError(f"“{typed}” is no year. Give four digits, or leave the field empty.")
    return int(typed)
