"""The shelf that the documents of a public set make, indexed: what several speed scripts measure on."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag import Assistant
from rag.evaluation.sets import QuestionSet, read_set
from rag.evaluation.shelves import Shelf, shelf_for
from ui.console import progress_bar


@dataclass(frozen=True)
class PublicShelf:
    """Where it is, an assistant whose index is up to date, and the questions of the set."""

    shelf: Shelf
    assistant: Assistant
    found: QuestionSet

    def questions(self) -> list[str]:
        """The questions that can be answered, each once."""
        return list(dict.fromkeys(one.question for one in self.found.place(self.assistant) if one.answerable))


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that say which set it is, and where everything is kept."""
    parser.add_argument("--data", type=Path, required=True, help="The folder of the public sets.")
    parser.add_argument("--work", type=Path, required=True, help="Indexes are kept here.")
    parser.add_argument("--set", default="scifact", help="Whose documents make the shelf.")


@contextmanager
def public_shelf(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> Iterator[PublicShelf]:
    """The shelf that the options name; a set without documents ends the script."""
    found = read_set(chosen.data / chosen.set)
    if found.documents is None:
        parser.error(f"{chosen.set} has no documents of its own")
    shelf = shelf_for(chosen.set, found.documents, chosen.work)
    with Assistant(shelf.seeds, shelf.index) as assistant:
        with progress_bar() as progress:
            assistant.sync(progress=progress)
        yield PublicShelf(shelf, assistant, found)
