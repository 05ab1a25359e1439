"""How the command line fails: one line that says what happened and what to do, and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from index.errors import PinciteError, UsageError

ANSWERED, FAILED, WRONG_USE, ABSTAINED = 0, 1, 2, 3


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Whatever goes wrong inside ends the process with one line on standard error and an exit code."""
    try:
        yield
    except UsageError as error:
        fail(str(error), WRONG_USE)
    except PinciteError as error:
        fail(str(error), FAILED)
    except (KeyboardInterrupt, typer.Abort):
        fail("Stopped. What was done is kept; the next run goes on from there.", FAILED)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, as `| head` does
        raise SystemExit(FAILED) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        fail(f"{where}{error.strerror or error}.", FAILED)
    except Exception as error:
        if hasattr(error, "format_message"):  # the command line was wrong: typer's own copy of click says how
            if said := error.format_message():  # nothing where it printed the help instead
                fail(said, WRONG_USE)
            raise SystemExit(WRONG_USE) from None
        if sys.flags.dev_mode:
            raise
        fail(f"Unexpected {type(error).__name__}: {error}. Run pincite doctor.", FAILED)


def fail(message: str, code: int) -> NoReturn:
    """End the process with one line on standard error."""
    typer.echo(f"pincite: {' '.join(message.split())}", err=True)
    raise SystemExit(code)
