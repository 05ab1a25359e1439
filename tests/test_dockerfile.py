"""The Dockerfile, as far as it can be looked at without building it."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from rag.settings import Settings, load_settings
from ui import cli

ROOT = Path(__file__).resolve().parents[1]


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return [(name, rest.strip()) for name, _, rest in (line.strip().partition(" ") for line in lines if line.strip())]


def argument(wanted: str) -> str:
    return [rest for name, rest in instructions() if name == wanted][-1]


def environment() -> dict[str, str]:
    words = [word for name, rest in instructions() if name == "ENV" for word in shlex.split(rest)]
    return dict(word.split("=", 1) for word in words)


def test_what_is_copied_is_there_and_not_left_out_of_the_build() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {source for name, rest in instructions() if name == "COPY" for source in rest.split()[:-1]}
    assert copied == kept
    assert all((ROOT / source).exists() for source in copied)
    assert {"index", "rag", "ui"} < copied


def test_everything_that_the_package_needs_to_be_built_is_copied() -> None:
    copied = {source for name, rest in instructions() if name == "COPY" for source in rest.split()[:-1]}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    named = set(re.findall(r'^(?:readme|license-files) = \[?"([^"]+)"', project, re.MULTILINE))
    assert {"README.md", "LICENSE"} == named
    assert named < copied


def test_the_image_runs_a_python_that_the_package_takes() -> None:
    assert argument("FROM") == "python:3.13-slim"
    needs = re.search(r'requires-python = ">=3\.(\d+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert needs
    assert int(needs.group(1)) <= 13


def test_all_but_torch_is_held_against_the_lists() -> None:
    installed = next(rest for name, rest in instructions() if name == "RUN" and "pip install" in rest)
    torch, others = installed.split("&& ")
    assert torch.split()[:5] == ["pip", "install", "--no-deps", "--index-url", "https://download.pytorch.org/whl/cpu"]
    found = re.search(r"sed -n '(s/.*/p)' (\S+)\)", torch)
    assert found
    command = ["sed", "-n", found[1], found[2]]
    pinned = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert pinned == "torch==2.13.0\n"
    lists = ["--requirement", "requirements/chat.txt", "--requirement", "requirements/mcp.txt"]
    assert others.split() == ["pip", "install", "--no-deps", "--require-hashes", *lists]


def test_it_does_not_run_as_root_and_writes_only_its_own() -> None:
    names = [name for name, _ in instructions()]
    assert argument("USER") == "pincite"
    assert names.index("USER") > max(at for at, name in enumerate(names) if name in {"RUN", "COPY"})
    created = next(rest for name, rest in instructions() if name == "RUN" and "useradd" in rest)
    assert created.endswith("chown pincite /seeds /index /auth")
    assert set(json.loads(argument("VOLUME"))) == {"/seeds", "/index", "/auth"}


def test_its_settings_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in environment().items():
        if key.startswith("PINCITE_"):
            assert key.removeprefix("PINCITE_").lower() in Settings.model_fields
            monkeypatch.setenv(key, value)
    found = load_settings()
    assert (str(found.seeds), str(found.index), found.host) == ("/seeds", "/index", "0.0.0.0")
    assert f"{found.port}" == argument("EXPOSE")
    assert f":{found.port}/health" in argument("HEALTHCHECK")


def test_it_asks_for_passwords_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert json.loads(argument("ENTRYPOINT")) == ["pincite"]
    assert json.loads(argument("CMD")) == ["ui", "--auth-file", "/auth/passwords"]
    monkeypatch.setenv("PINCITE_HOST", environment()["PINCITE_HOST"])
    monkeypatch.setattr(sys, "argv", ["pincite", "ui"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    assert "--no-auth" in capsys.readouterr().err


def test_the_health_check_is_python_that_compiles() -> None:
    command = json.loads(argument("HEALTHCHECK").partition("CMD ")[2])
    compile(command[2], "health", "exec")
