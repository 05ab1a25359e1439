"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Seeds = Annotated[Path | None, typer.Option("--seeds", metavar="DIR", help="The folder of reviews. [seeds]")]
Index = Annotated[Path | None, typer.Option("--index", metavar="DIR", help="The folder of the index. [.pincite]")]
AuthFile = Annotated[
    Path | None, typer.Option("--auth-file", metavar="FILE", help="Names and hashed passwords. Without: no sign-in.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Question = Annotated[str, typer.Argument(help="In plain words, in quotation marks.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it here; the ending tells the format.")
]
Documents = Annotated[
    list[str] | None, typer.Option("--document", "-d", metavar="NAME", help="Ask only this document; may be repeated.")
]
