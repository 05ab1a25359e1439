"""Answers and comparisons as files, from the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy
from test_cli import CLINICAL, Done, home, pincite

__all__ = ["home"]

UNANSWERED = "What is the capital of Australia?"


def without_times(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "seconds"}


def test_ask_prints_in_each_format(home: Path) -> None:
    done = {form: pincite("ask", CLINICAL, "--format", form, cwd=home) for form in
            ("markdown", "bibtex", "ris", "csl-json", "json")}  # fmt: skip
    assert [one.returncode for one in done.values()] == [0] * 5
    assert [one.stderr for one in done.values()] == [""] * 5
    assert done["markdown"].stdout.startswith(f"# {CLINICAL}\n")
    assert bibtexparser.parse_string(done["bibtex"].stdout).entries[0].key == "blache2023car"
    assert rispy.loads(done["ris"].stdout)[0]["authors"][0] == "Blache, U."
    assert json.loads(done["csl-json"].stdout)[0]["issued"] == {"date-parts": [[2023]]}
    whole = json.loads(done["json"].stdout)["answers"][0]
    assert without_times(whole) == without_times(json.loads(pincite("ask", CLINICAL, "--json", cwd=home).stdout))


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("out.md", "# Which"),
        ("OUT.BIB", "@article{"),
        ("out.ris", "TY  - JOUR\n"),
        ("out.csl.json", '[\n  {\n    "type": "article-journal"'),
        ("out.json", '{\n  "format": "pincite-answers"'),
    ],
)
def test_the_ending_of_a_file_tells_the_format(home: Path, tmp_path: Path, name: str, begins: str) -> None:
    done = pincite("ask", CLINICAL, "-o", str(tmp_path / name), cwd=home)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"Wrote {tmp_path / name}.\n"
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_format_that_is_named_goes_before_the_ending(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "references.txt"
    assert pincite("ask", CLINICAL, "--format", "ris", "-o", str(file), cwd=home).returncode == 0
    assert file.read_text().startswith("TY  - JOUR")


def test_an_abstention_writes_what_there_is_and_says_why(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.bib"
    done = pincite("ask", UNANSWERED, "-o", str(file), cwd=home)
    assert done.returncode == 3
    assert file.read_text() == ""
    assert "The reviews do not answer this." in done.stderr
    printed = pincite("ask", UNANSWERED, "--format", "markdown", cwd=home)
    assert printed.returncode == 3
    assert "The reviews do not answer this." in printed.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["ask", "x", "-o", "out.docx"],
            "out.docx: its ending does not tell the format. Known are .md (markdown), .bib",
        ),
        (["compare", "x", "-o", "out"], "Known are .csv (csv), .md (markdown), .json (json)"),
        (["ask", "x", "--format", "word"], "word"),
        (["ask", "x", "--json", "--format", "ris"], "--json prints everything"),
        (["compare", "x", "--json", "-o", "x.csv"], "--json prints everything"),
        (["compare", "x", "--limit", "0"], "--limit"),
        (["compare", "x", "-d", "none.txt"], "none.txt"),
    ],
)
def test_wrong_use_of_formats_exits_with_2_and_writes_nothing(home: Path, words: list[str], said: str) -> None:
    before = sorted(home.iterdir())
    done = pincite(*words, cwd=home)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted(home.iterdir()) == before


def test_a_file_that_cannot_be_written_is_one_line(home: Path, tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    for name in ("folder.md", "nowhere/out.md"):
        done = pincite("ask", CLINICAL, "-o", str(tmp_path / name), cwd=home)
        assert done.returncode == 1
        assert name in done.stderr
        assert len(done.stderr.splitlines()) == 1


def one_space(done: Done) -> str:
    return " ".join(done.stdout.split())


def test_compare_shows_each_review_and_what_it_says(home: Path) -> None:
    done = pincite("compare", "What is always given before CAR-T constructs?", cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "lymphodepletion" in done.stdout
    assert "does not say" in done.stdout
    assert done.stdout.index("lymphodepletion") < done.stdout.index("does not say")
    assert done.stdout.count(".txt") >= 2


def test_compare_exits_as_ask_does(home: Path) -> None:
    silent = pincite("compare", UNANSWERED, cwd=home)
    assert (silent.returncode, silent.stdout.count("does not say")) == (3, 2)
    nothing = pincite("compare", "", cwd=home)
    assert (nothing.returncode, nothing.stdout) == (3, "Nothing was asked.\n")


def test_compare_asks_the_documents_named(home: Path) -> None:
    name = "004_4f99eab4ce307d20.txt"
    found = json.loads(pincite("compare", CLINICAL, "-d", name, "--json", cwd=home).stdout)
    assert [one["document"] for one in found["compared"]] == [name]
    assert found["not_asked"] == 1
    shown = pincite("compare", CLINICAL, "--limit", "1", cwd=home)
    assert "1 more document on the shelf was not asked." in one_space(shown)


def test_compare_leaves_as_a_table(home: Path, tmp_path: Path) -> None:
    question = "What is always given before CAR-T constructs?"
    file = tmp_path / "out.csv"
    assert pincite("compare", question, "-o", str(file), cwd=home).returncode == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")  # so that spreadsheets read UTF-8
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert ["lymphodepletion" in rows[0]["says"], rows[1]["says"]] == [True, "does not say"]
    assert pincite("compare", question, "--format", "csv", cwd=home).stdout == file.read_text(encoding="utf-8-sig")
    assert "| document | title |" in pincite("compare", question, "--format", "markdown", cwd=home).stdout
    assert json.loads(pincite("compare", question, "--format", "json", cwd=home).stdout)["version"] == 1
