"""What is installed: to the version and to the bytes, and under which licences."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distribution, distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LISTS = ("torch", "chat", "mcp", "test", "cuda", "model")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def blocks(name: str) -> list[str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return re.findall(r"^[^\s#].*(?:\n .*)*", text, re.MULTILINE)


def pins(*names: str) -> dict[str, Requirement]:
    lines = [Requirement(block.split(" \\\n", 1)[0]) for name in names for block in blocks(name)]
    return {canonicalize_name(line.name): line for line in lines}


def wanted(*extras: str) -> list[Requirement]:
    lines = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    for extra in extras:
        lines += PROJECT["project"]["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("name", LISTS)
def test_of_everything_on_the_lists_the_bytes_are_known(name: str) -> None:
    for block in blocks(name):
        head, *hashes = block.split(" \\\n")
        assert re.fullmatch(r"[\w.-]+==[\w.]+( ; .+)?", head)
        assert hashes
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}", one) for one in hashes)


@pytest.mark.parametrize(
    ("lists", "extras"),
    [(("torch", "chat"), ()), (("torch", "chat", "mcp"), ("mcp",)), (("torch", "chat", "test"), ("test",))],
)
def test_the_lists_hold_all_that_is_wanted_and_what_that_wants(lists: tuple[str, ...], extras: tuple[str, ...]) -> None:
    pinned, left, seen = pins(*lists), wanted(*extras), set()
    assert {canonicalize_name(one.name) for one in left} <= pinned.keys()
    while left:
        one = left.pop()
        name = canonicalize_name(one.name)
        for extra in one.extras or {""}:
            if (one.marker and not one.marker.evaluate({"extra": ""})) or (name, extra) in seen:
                continue
            seen.add((name, extra))
            assert name in pinned, f"{one} is on no list: make lock"
            (pin,) = pinned[name].specifier
            assert one.specifier.contains(pin.version), f"{one} is not what the lists hold: make lock"
            more = [Requirement(line) for line in requires(name) or ()]
            left += [each for each in more if not each.marker or each.marker.evaluate({"extra": extra})]


def test_what_runs_here_is_what_the_lists_hold() -> None:
    for name, line in pins("torch", "chat", "test").items():
        if not line.marker or line.marker.evaluate():
            assert line.specifier.contains(distribution(name).version), f"{name} is not what the lists hold"


def test_nothing_that_pincite_needs_is_under_a_licence_that_reaches_over_a_network() -> None:
    needed = pins("torch", "chat", "mcp")
    for one in distributions():
        if canonicalize_name(one.name) in needed:
            told = [one.metadata.get("License-Expression"), *(one.metadata.get("License") or "").splitlines()[:1]]
            told += [line for line in one.metadata.get_all("Classifier") or () if line.startswith("License")]
            assert not re.search(r"\bAGPL|Affero", " ".join(filter(None, told))), one.name


def test_no_other_torch_can_come_along() -> None:
    (line,) = pins("torch").values()
    assert str(line) == "torch==2.13.0"
    assert "torch" not in pins("chat", "mcp", "test", "model")
