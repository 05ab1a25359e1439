"""The rooms of the house: what may import what, and what nobody may do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("index", "rag", "ui")
SOURCES = sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.py"))

# What only `.[benchmark]` and `.[plot]` install.
OPTIONAL = {
    "txtai",
    "langchain_community",
    "langchain_huggingface",
    "langchain_text_splitters",
    "matplotlib",
    "pysbd",
    "sentencex",
}

ASSETS = sorted(file for room in ROOMS for ending in ("css", "js") for file in (ROOT / room).rglob(f"*.{ending}"))


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def imported(tree: ast.AST) -> Iterator[str]:
    """The modules a source names in imports, those inside functions and `import_module` calls too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
        elif isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"}:
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def called(node: ast.Call) -> str:
    """The last name of what a call calls: `loads` of `pickle.loads(...)`."""
    return (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id
        if isinstance(node.func, ast.Name)
        else ""
    )


def offences(source: str) -> list[str]:
    """Calls and imports that nobody may make."""
    tree = ast.parse(source)
    found = [
        module
        for module in imported(tree)
        if module.split(".")[0]
        in {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib", "langchain_community"}
    ]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec"}:
            found.append(node.func.id)
        for keyword in node.keywords:
            allowed = isinstance(keyword.value, ast.Constant) and not keyword.value.value
            if (
                keyword.arg in {"trust_remote_code", "allow_dangerous_deserialization", "allow_pickle", "shell"}
                and not allowed
            ):
                found.append(keyword.arg)
    return found


def tops(file: Path) -> set[str]:
    return {module.split(".")[0] for module in imported(ast.parse(file.read_text(encoding="utf-8")))}


def test_the_rooms_hold_sources() -> None:
    assert {file.relative_to(ROOT).parts[0] for file in SOURCES} == set(ROOMS)


@pytest.mark.parametrize(("room", "barred"), [("index", {"rag", "ui"}), ("rag", {"ui"})])
def test_a_lower_room_imports_no_higher_one(room: str, barred: set[str]) -> None:
    assert {
        name(file) for file in (ROOT / room).rglob("*.py") if tops(file) & (barred | {"tests", "benchmarks"})
    } == set()


def test_the_product_imports_by_full_name() -> None:
    modules = {name(file): [*imported(ast.parse(file.read_text(encoding="utf-8")))] for file in SOURCES}
    assert {file for file, found in modules.items() if any(module.startswith(".") for module in found)} == set()


@pytest.mark.parametrize(
    ("source", "offence"),
    [
        ("import pickle", "pickle"),
        ("def f():\n    from langchain_community.vectorstores import FAISS", "langchain_community.vectorstores"),
        ("import_module('dill')", "dill"),
        ("eval('1')", "eval"),
        ("load(trust_remote_code=True)", "trust_remote_code"),
        ("load(trust_remote_code=chosen)", "trust_remote_code"),
        ("np.load(file, allow_pickle=True)", "allow_pickle"),
    ],
)
def test_an_offence_is_seen(source: str, offence: str) -> None:
    assert offences(source) == [offence]


def test_what_is_no_offence_passes() -> None:
    assert offences("import json\nload(trust_remote_code=False)\nmodel.eval()\nre.compile('eval(')") == []


def test_nothing_runs_code_that_data_brings() -> None:
    assert {name(file): found for file in SOURCES if (found := offences(file.read_text(encoding="utf-8")))} == {}


def test_every_file_can_be_read_at_a_sitting() -> None:
    lengths = {name(file): len(file.read_text(encoding="utf-8").splitlines()) for file in [*SOURCES, *ASSETS]}
    assert {file: length for file, length in lengths.items() if length >= 300} == {}


@pytest.mark.parametrize("script", sorted((ROOT / "benchmarks").glob("*.py")), ids=name)
def test_what_a_benchmark_imports_of_the_project_is_there(script: Path) -> None:
    siblings = {file.stem for file in script.parent.glob("*.py")}
    for module in imported(ast.parse(script.read_text(encoding="utf-8"))):
        here = ROOT.joinpath(*module.split("."))
        known = module in siblings or here.is_dir() or here.with_suffix(".py").is_file()
        assert known or find_spec(module.split(".")[0]) or module.split(".")[0] in OPTIONAL, module
        assert known or module.split(".")[0] not in ROOMS, module
