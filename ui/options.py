"""The options of the commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
Mcp = Annotated[bool, typer.Option("--mcp", help="Serve tools for other assistants too, at /mcp.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Question = Annotated[str, typer.Argument(help="In plain words, in quotation marks.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it here; the ending tells the format.")
]
Documents = Annotated[
    list[str] | None, typer.Option("--document", "-d", metavar="NAME", help="Ask only this document; may be repeated.")
]
