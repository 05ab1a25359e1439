"""The options of the commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeVar

import typer

from index.errors import UsageError
from rag.exporting.formats import Format, TableFormat

F = TypeVar("F", Format, TableFormat)

Seeds = Annotated[Path | None, typer.Option("--seeds", metavar="DIR", help="The folder of reviews. [seeds]")]
Index = Annotated[Path | None, typer.Option("--index", metavar="DIR", help="The folder of the index. [.pincite]")]
AuthFile = Annotated[
    Path | None, typer.Option("--auth-file", metavar="FILE", help="Names and hashed passwords. Without: no sign-in.")
]
Host = Annotated[str | None, typer.Option(help="The address to listen on. [127.0.0.1]")]
Port = Annotated[int | None, typer.Option(min=1, max=65535, help="The next free one if taken. [7860]")]
NoAuth = Annotated[bool, typer.Option("--no-auth", help="Let everyone in who reaches the page.")]
RootPath = Annotated[str | None, typer.Option(metavar="PATH|URL", help="Where a reverse proxy serves the page.")]
ReadOnly = Annotated[
    bool, typer.Option("--read-only", help="Let nobody change the shelf in the page: no upload, removal, rebuild.")
]
Llm = Annotated[
    str | None,
    typer.Option(
        "--llm", metavar="PROVIDER:MODEL", help="A language model that writes the answers; none: quotes alone. [none]"
    ),
]
Mcp = Annotated[bool, typer.Option("--mcp", help="Serve tools for other assistants too, at /mcp.")]
Metrics = Annotated[bool, typer.Option("--metrics", help="Serve counts of what happens, for Prometheus, at /metrics.")]
LogFormat = Annotated[
    str | None, typer.Option(metavar="text|json", help="Log what happens on standard error; none: not at all. [none]")
]
LogLevel = Annotated[str | None, typer.Option(metavar="LEVEL", help="debug, info, warning or error. [info]")]
LogQuestions = Annotated[bool, typer.Option("--log-questions", help="Log the words of questions, too.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Question = Annotated[str, typer.Argument(help="In plain words, in quotation marks.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it here; the ending tells the format.")
]
Documents = Annotated[
    list[str] | None, typer.Option("--document", "-d", metavar="NAME", help="Ask only this document; may be repeated.")
]


def chosen(forms: type[F], form: F | None, output: Path | None, as_json: bool) -> F | None:
    """The format that is named, or told by the name of the file; None for what a terminal shows.

    Raises:
        UsageError: The name does not tell it, or --json is given as well.
    """
    if as_json and (form is not None or output is not None):
        raise UsageError("--json prints everything as JSON; leave it out where --format or --output is given.")
    if form is not None or output is None:
        return form
    # ".csl.json" before ".json".
    for one in sorted(forms, key=lambda one: -len(one.extension)):
        if output.name.lower().endswith(one.extension):
            return one
    known = ", ".join(f"{one.extension} ({one})" for one in forms)
    raise UsageError(f"{output}: its ending does not tell the format. Known are {known}; or name one with --format.")
