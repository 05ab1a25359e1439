"""The command line. Nothing heavy is imported until a command needs it."""

from __future__ import annotations

import io
import signal
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from rag.exporting.formats import Format, TableFormat
from ui import backing
from ui.assistants import opened, synced
from ui.failing import ABSTAINED, ANSWERED, FAILED, WRONG_USE, fail, one_line_errors
from ui.options import (
    AuthFile,
    Documents,
    Host,
    Index,
    Json,
    Llm,
    LogFormat,
    LogLevel,
    LogQuestions,
    Mcp,
    Metrics,
    NoAuth,
    Output,
    Port,
    Question,
    ReadOnly,
    RootPath,
    Seeds,
    chosen,
)
from ui.writing import print_json

_INTERRUPTED = 130  # what typer returns when a command was interrupted

app = typer.Typer(
    name="pincite",
    help="Answers questions about a shelf of scientific reviews; every sentence cites the exact words it stands on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 answered, 3 the reviews do not say, 2 wrong use, 1 anything else.",
)


def main() -> None:
    """Run the command line; what goes wrong is one line on standard error."""
    # As Ctrl-C: what is under way ends in order, and the first process of a container would not hear it otherwise.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name may be what the terminal cannot show
    with one_line_errors():
        code = app(standalone_mode=False)
        if code == _INTERRUPTED:
            raise KeyboardInterrupt
        raise SystemExit(code if isinstance(code, int) else 0)


@app.command("index")
def index_command(
    seeds: Seeds = None,
    index: Index = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Start over: read and embed everything again.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on: do it again whenever a file changes.")] = False,
    as_json: Json = False,
) -> None:
    """Make the index agree with the seeds folder."""
    from ui.console import progress_bar
    from ui.tables import print_report

    with opened(seeds, index) as assistant:
        with progress_bar() as progress:
            report = assistant.sync(rebuild=rebuild, progress=progress)
            with assistant.snapshot():  # opens the search files, and mends them if they need it
                pass
        print_report(report, as_json)
        if watch:
            typer.echo(f"Watching {assistant.settings.seeds}; Ctrl-C ends it.", err=True)
            with suppress(KeyboardInterrupt), assistant.watch(lambda report: print_report(report, as_json)):
                Event().wait()


@app.command()
def ask(
    question: Question,
    seeds: Seeds = None,
    index: Index = None,
    document: Documents = None,
    llm: Llm = None,
    form: Annotated[Format | None, typer.Option("--format", help="Print it in this format.")] = None,
    output: Output = None,
    as_json: Json = False,
) -> None:
    """Answer a question, with citations, or say that the reviews do not."""
    form = chosen(Format, form, output, as_json)
    with synced(seeds, index, answers=True, llm=llm) as assistant:
        from ui.exporting import tell_answer
        from ui.watching import watched

        answer = watched(assistant, question, document or None)
    tell_answer(answer, form, output, as_json)
    raise typer.Exit(ABSTAINED if answer.abstained else ANSWERED)


@app.command()
def compare(
    question: Question,
    seeds: Seeds = None,
    index: Index = None,
    document: Documents = None,
    limit: Annotated[int, typer.Option(min=1, help="How many documents, where none are named.")] = 8,
    form: Annotated[TableFormat | None, typer.Option("--format", help="Print it in this format.")] = None,
    output: Output = None,
    as_json: Json = False,
) -> None:
    """Put a question to each review separately; those that answer come first."""
    form = chosen(TableFormat, form, output, as_json)
    with synced(seeds, index, answers=True) as assistant:
        from ui.exporting import tell_comparison

        comparison = assistant.compare(question, documents=document or None, limit=limit)
    tell_comparison(comparison, form, output, as_json)
    raise typer.Exit(ANSWERED if comparison.answered else ABSTAINED)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words to look for, in quotation marks.")],
    seeds: Seeds = None,
    index: Index = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 5,
    document: Documents = None,
    as_json: Json = False,
) -> None:
    """Find the passages nearest to a query."""
    if not query.strip():
        fail("Nothing was asked for: give words to look for.", WRONG_USE)
    with synced(seeds, index, answers=True) as assistant:
        from ui.console import print_passages

        found = assistant.search(query, k, documents=document or None)
    if as_json:
        print_json([citation.model_dump(mode="json") for citation in found])
    else:
        print_passages(found)


@app.command()
def documents(seeds: Seeds = None, index: Index = None, as_json: Json = False) -> None:
    """List the documents on the shelf."""
    from ui.tables import listed_json, print_documents

    with synced(seeds, index) as assistant:
        listed = assistant.documents()
    if as_json:
        print_json([listed_json(one) for one in listed])
    else:
        print_documents(listed)


@app.command()
def document(
    name: Annotated[str, typer.Argument(help="The document's path in the seeds folder, or the end of it.")],
    seeds: Seeds = None,
    index: Index = None,
    as_json: Json = False,
) -> None:
    """Show one document: what is known of it, its sections, and the text that Pincite reads."""
    from ui.tables import document_json, print_document

    with synced(seeds, index) as assistant:
        found = assistant.document(name)
    if as_json:
        print_json(document_json(found))
    else:
        print_document(found)


@app.command()
def ui(
    seeds: Seeds = None,
    index: Index = None,
    host: Host = None,
    port: Port = None,
    auth_file: AuthFile = None,
    no_auth: NoAuth = False,
    root_path: RootPath = None,
    mcp: Mcp = False,
    read_only: ReadOnly = False,
    llm: Llm = None,
    watch: Annotated[bool, typer.Option("--watch", help="Bring it up to date again whenever a file changes.")] = False,
    metrics: Metrics = False,
    log_format: LogFormat = None,
    log_level: LogLevel = None,
    log_questions: LogQuestions = False,
) -> None:
    """Open the chat page, and bring the index up to date behind it."""
    from ui.access import chosen_access

    chosen_ones = {"no_auth": no_auth, "mcp": mcp, "read_only": read_only, "metrics": metrics}
    settings, access = chosen_access(
        host, auth_file, root_path, log_format=log_format, log_level=log_level, **chosen_ones
    )
    from ui.logs import logging_as

    with (
        logging_as(settings, log_questions) as logs,
        opened(seeds, index, llm, logs.notice if logs else None) as assistant,
    ):
        from ui.serving import serve
        from ui.tables import print_report

        if assistant.writer:
            assistant.writer.open()
        serve(
            assistant,
            host=settings.host,
            port=port or settings.port,
            announce=logs.announce if logs else typer.echo,
            access=access,
            watch=watch,
            synced=None if logs else lambda report: print_report(report, as_json=False),
            logs=logs,
        )


@app.command()
def password(name: Annotated[str, typer.Argument(help="Who it is for.")], auth_file: AuthFile = None) -> None:
    """Set somebody's password for the page; asks for it, or reads it from a pipe."""
    from ui.access import ask_password

    typer.echo(ask_password(name, auth_file))


@app.command()
def status(seeds: Seeds = None, index: Index = None, as_json: Json = False) -> None:
    """Say what is on the shelf, and whether the index agrees with the seeds folder."""
    from ui.health import shelf_status
    from ui.tables import print_status

    with opened(seeds, index) as assistant:
        found = shelf_status(assistant)
    if as_json:
        print_json(found)
    else:
        print_status(found)


@app.command()
def doctor(seeds: Seeds = None, index: Index = None, as_json: Json = False) -> None:
    """Check everything; each failed check prints the command that mends it."""
    from ui.console import print_checks
    from ui.health import examine

    with opened(seeds, index) as assistant:
        checks = examine(assistant)
    if as_json:
        print_json([{"check": one.name, "ok": one.ok, "found": one.found, "mend": one.mend} for one in checks])
    else:
        print_checks(checks)
    raise typer.Exit(0 if all(one.ok for one in checks) else FAILED)


app.command()(backing.backup)
app.command()(backing.restore)


@app.command("eval")
def eval_command(
    questions: Annotated[
        Path, typer.Argument(metavar="FILE|FOLDER", help="Questions as JSON lines, or a folder of them and documents.")
    ],
    seeds: Seeds = None,
    index: Index = None,
    work: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep the index of a FOLDER here, for a quicker second run.")
    ] = None,
    k: Annotated[int, typer.Option("-k", "--k", min=1, max=100, help="How many passages are looked at.")] = 10,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask this many, drawn with a fixed seed.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the figures here.")] = None,
    plot_file: Annotated[Path | None, typer.Option("--plot", metavar="FILE", help="Draw them here.")] = None,
) -> None:
    """Score a shelf on questions whose answers are known (docs/evaluation.md)."""
    from ui.evaluating import evaluate, print_evaluation

    kept = {"work": work, "json_file": json_file, "plot_file": plot_file}
    scored = evaluate(questions, synced, seeds=seeds, index=index, k=k, limit=limit, **kept)
    print_evaluation(scored)
