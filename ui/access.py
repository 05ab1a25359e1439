"""Who may use the page, and what is said on the command line about it. Imports nothing heavy."""

from __future__ import annotations

import ipaddress
import sys
from dataclasses import dataclass
from pathlib import Path

from index.errors import UsageError
from rag.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use the page, from where, and what is served.

    Args:
        auth_file: Names and hashed passwords; without one anybody may who reaches the page.
        no_auth: Whether that is wanted where other machines reach it.
        root_path: The path, or the whole URL, under which a reverse proxy serves the page.
        mcp: Whether tools for other assistants are served too.
        read_only: Whether nobody may put files on the shelf, take them off or have the index made anew.
        metrics: Whether counts of what happens are served too.
    """

    auth_file: Path | None = None
    no_auth: bool = False
    root_path: str = ""
    mcp: bool = False
    read_only: bool = False
    metrics: bool = False


def chosen_access(
    host: str | None,
    auth_file: Path | None,
    root_path: str | None,
    *,
    no_auth: bool,
    mcp: bool,
    read_only: bool,
    metrics: bool,
    log_format: str | None = None,
    log_level: str | None = None,
) -> tuple[Settings, Access]:
    """The settings as the command line has them, and the access that they give.

    Raises:
        UsageError: A setting is unknown or out of bounds, or the page would be open to everyone unasked.
    """
    logs = {"log_format": log_format, "log_level": log_level}
    settings = load_settings(host=host, auth_file=auth_file, root_path=root_path, **logs)
    if log_level and settings.log_format == "none" and not log_format:  # who names a level wants to read something
        settings = settings.model_copy(update={"log_format": "text"})
    access = Access(settings.auth_file, no_auth, settings.root_path, mcp, read_only, metrics)
    refuse_open_house(settings.host, access)
    return settings, access


def refuse_open_house(host: str, access: Access) -> None:
    """Nothing, where only this machine reaches the page, or only those who have a password, or it is wanted so.

    Raises:
        UsageError: Everyone who reaches this machine could use the page.
    """
    if access.auth_file and access.no_auth:
        raise UsageError(
            "With --no-auth nobody is asked for a password, and --auth-file names those who are: give one."
        )
    if not (access.auth_file or access.no_auth or local(host)):
        raise UsageError(
            f"On {host} everyone who reaches this machine could use the page. Give --auth-file FILE to ask for a "
            f"password (pincite password NAME --auth-file FILE writes it), or --no-auth if everyone may."
        )


def ask_password(name: str, auth_file: Path | None) -> str:
    """Ask for somebody's password, or read it from a pipe, and write it into the file; what was done, in words.

    Raises:
        UsageError: No file is named, or the name or password cannot be one.
    """
    import typer

    from ui.passwords import set_password

    file = load_settings(auth_file=auth_file).auth_file
    if file is None:
        raise UsageError("Name the file that the password goes into.", f"pincite password {name} --auth-file FILE")
    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        line = sys.stdin.readline()
        if not line:
            raise UsageError("No password was given: type it at a terminal (a container needs -it), or pipe it.")
        password = line.rstrip("\r\n")
    known = set_password(file, name, password)
    return f"{name} has {'another' if known else 'a'} password in {file}."


def local(host: str) -> bool:
    """Whether an address is this machine's own, which no other machine can reach."""
    try:
        return host.casefold() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
