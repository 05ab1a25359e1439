"""The command line, run as a person runs it."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from index.errors import IndexUnavailableError
from index.lock import writer_lock
from ui import cli, health
from ui.cli import main

CLINICAL = "Which autoimmune diseases have first clinical results with CAR T cells?"


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def pincite(*words: str, cwd: Path | None = None) -> Done:
    """Run a command in this process, where the libraries are loaded already."""
    out, err = io.StringIO(), io.StringIO()
    before, arguments = Path.cwd(), sys.argv
    with redirect_stdout(out), redirect_stderr(err):
        try:
            os.chdir(cwd or before)
            sys.argv = ["pincite", *words]
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        finally:
            os.chdir(before)
            sys.argv = arguments
    return Done(code, out.getvalue(), err.getvalue())


def pincite_process(*words: str, cwd: Path) -> Done:
    """Run a command as a process of its own."""
    command = [sys.executable, "-c", "from ui.cli import main; main()", *words]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=120, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the two reviews in seeds/ and an index beside them."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(Path(__file__).parents[2] / "seeds", folder / "seeds")
    done = pincite("index", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def fresh(home: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to be harmed."""
    folder = tmp_path / "copy"
    shutil.copytree(home, folder)
    return folder


def test_help_lists_the_commands(tmp_path: Path) -> None:
    done = pincite_process("--help", cwd=tmp_path)
    assert done.returncode == 0
    for command in ("index", "ask", "compare", "search", "documents", "document", "ui", "status", "doctor"):
        assert command in done.stdout


def test_ask_as_json_has_the_promised_fields_and_exact_quotes(home: Path) -> None:
    done = pincite_process("ask", CLINICAL, "--json", cwd=home)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    answer: dict[str, Any] = json.loads(done.stdout)
    assert " ".join(answer) == (
        "question standalone_question text abstained reason confidence sentences citations nearest fingerprint seconds "
        "kind why notes written"
    )
    assert " ".join(answer["citations"][0]) == (
        "number document title authors year journal doi start end quote page section score labels cites rectangles"
    )
    assert " ".join(answer["fingerprint"]) == "index_generation corpus_hash model model_hash settings_hash version"
    for one in answer["citations"]:
        text = (home / "seeds" / one["document"]).read_bytes().decode()
        assert text[one["start"] : one["end"]] == one["quote"]
    assert any("myasthenia gravis" in one["quote"] and one["authors"][0] == "Blache, U." for one in answer["citations"])


def test_ask_prints_answer_and_sources(home: Path) -> None:
    done = pincite("ask", "What is always given before CAR-T constructs?", cwd=home)
    assert done.returncode == 0
    assert "lymphodepletion" in done.stdout
    assert "Daamen and Lipsky" in done.stdout
    assert "[1]" in done.stdout


@pytest.mark.parametrize("question", ["What is the capital of Australia?", "", "the of and"])
def test_abstaining_exits_with_3_and_a_reason(home: Path, question: str) -> None:
    done = pincite("ask", question, "--json", cwd=home)
    assert done.returncode == 3
    assert json.loads(done.stdout)["reason"]


def test_search_lists_passages(home: Path) -> None:
    done = pincite("search", "lymphodepletion", "-k", "2", "--json", cwd=home)
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert len(found) == 2
    assert "lymphodepletion" in found[0]["quote"]
    assert "lymphodepletion" in pincite("search", "lymphodepletion", cwd=home).stdout


def test_index_says_what_became_of_each_file(home: Path, tmp_path: Path) -> None:
    folder = fresh(home, tmp_path)
    seeds = folder / "seeds"
    first, second = sorted(seeds.iterdir())
    first.rename(seeds / "moved.txt")
    second.write_bytes(second.read_bytes() + b"\n\nOne more sentence about CARs was added to the end of this.\n")
    (seeds / "empty.txt").touch()
    done = pincite("index", "--json", cwd=folder)
    report = json.loads(done.stdout)
    assert report["renamed"] == [[first.name, "moved.txt"]]
    assert report["changed"] == [second.name]
    assert report["skipped"] == [["empty.txt", "empty.txt: the file is empty."]]
    assert report["embedded"] == 1
    again = pincite("index", cwd=folder)
    assert "2 unchanged" in again.stdout
    assert "0 sentences embedded" in again.stdout
    assert "empty.txt: the file is empty" in again.stdout


def test_index_shows_a_row_for_each_file_it_read(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds" / "sub"
    seeds.mkdir(parents=True)
    (seeds / "kidney.md").write_text("# The kidney in lupus nephritis\n\nThe kidney recovered. It stayed well.\n")
    (seeds / "old.doc").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600)
    (seeds / "library.bib").write_text("@article{a, title = {The kidney in lupus nephritis}, year = 2021}")
    done = pincite("index", cwd=tmp_path)
    assert done.returncode == 0
    (row,) = (line.split() for line in done.stdout.splitlines() if "sub/kidney.md" in line)
    assert row[:4] == ["added", "sub/kidney.md", "markdown", "3"]
    assert "sub/old.doc: a legacy Office file; save it as .docx." in " ".join(done.stdout.split())
    assert "sub/library.bib: 1 records, 1 of them about documents here" in " ".join(done.stdout.split())
    listed = json.loads(pincite("documents", "--json", cwd=tmp_path).stdout)
    assert [(one["document"], one["title"], one["year"]) for one in listed] == [
        ("sub/kidney.md", "The kidney in lupus nephritis", 2021)
    ]


def test_documents_lists_the_shelf(home: Path) -> None:
    done = pincite("documents", cwd=home)
    assert done.returncode == 0
    assert "CAR T cells for treating" in " ".join(done.stdout.split())
    assert "2 documents." in done.stdout
    listed = json.loads(pincite("documents", "--json", cwd=home).stdout)
    assert " ".join(listed[0]) == ("document title authors year journal doi labels format pages passages sentences")
    assert [one["format"] for one in listed] == ["text", "text"]
    assert listed[0]["authors"][0] == "Blache, U."


def test_document_shows_one(home: Path) -> None:
    name = sorted(path.name for path in (home / "seeds").iterdir())[0]
    done = pincite("document", name, cwd=home)
    assert done.returncode == 0
    assert "RMD Open" in done.stdout
    text = (home / "seeds" / name).read_bytes().decode()
    assert " ".join(text.split()) in " ".join(done.stdout.split())
    found = json.loads(pincite("document", name, "--json", cwd=home).stdout)
    assert (found["document"], found["text"]) == (name, text)
    assert {"bibliography", "sections", "references", "mentions", "pages"} <= set(found)


def test_a_document_that_is_not_there_is_wrong_use(home: Path) -> None:
    done = pincite("document", "000_8514a590ca5ea57.txt", cwd=home)
    assert done.returncode == 2
    assert "000_8514a590ca5ea574.txt" in done.stderr


def test_rebuild_embeds_everything_again(home: Path, tmp_path: Path) -> None:
    report = json.loads(pincite("index", "--rebuild", "--json", cwd=fresh(home, tmp_path)).stdout)
    assert report["embedded"] > 20


def test_status_tells_what_waits(home: Path, tmp_path: Path) -> None:
    folder = fresh(home, tmp_path)
    (folder / "seeds" / "new.txt").write_text("A new one.")
    found = json.loads(pincite("status", "--json", cwd=folder).stdout)
    assert found["up_to_date"] is False
    assert "new: new.txt" in found["waiting"]
    assert len(found["documents"]) == 2
    assert json.loads(pincite("status", "--json", "--index", "none", cwd=folder).stdout)["generation"] is None


def test_doctor_is_content_with_a_sound_index(home: Path) -> None:
    done = pincite("doctor", cwd=home)
    assert done.returncode == 0, done.stdout
    assert "FAIL" not in done.stdout


@pytest.mark.parametrize(
    ("harm", "mend"),
    [
        (lambda folder: shutil.rmtree(next(folder.glob(".pincite/lexical-*"))), "pincite index"),
        (
            lambda folder: (folder / ".pincite" / "index.sqlite").write_bytes(b"garbage" * 1000),
            "pincite index --rebuild",
        ),
        (lambda folder: shutil.rmtree(folder / ".pincite"), "pincite index"),
        (lambda folder: (folder / "seeds" / "new.txt").write_text("New."), "pincite index"),
    ],
    ids=["search files gone", "database damaged", "index gone", "seeds changed"],
)
def test_doctor_names_what_mends_and_it_does(home: Path, tmp_path: Path, harm: Any, mend: str) -> None:
    folder = fresh(home, tmp_path)
    harm(folder)
    checks = json.loads(pincite("doctor", "--json", cwd=folder).stdout)
    failed = [one for one in checks if not one["ok"]]
    assert [one["mend"] for one in failed] == [mend]
    assert pincite(*mend.split()[1:], cwd=folder).returncode == 0
    assert pincite("doctor", cwd=folder).returncode == 0


def test_damage_is_mended_on_the_way_with_a_line_that_says_so(home: Path, tmp_path: Path) -> None:
    folder = fresh(home, tmp_path)
    next(folder.glob(".pincite/lexical-*/*/*.term")).write_bytes(b"broken")
    done = pincite("ask", CLINICAL, cwd=folder)
    assert done.returncode == 0
    assert "written again from index.sqlite, nothing was embedded" in done.stderr
    assert "written again" not in pincite("ask", CLINICAL, cwd=folder).stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["ask", "x", "--seeds", "nowhere"], 2, "no seeds folder nowhere"),
        (["ask", "x", "--document", "none.txt"], 2, "none.txt"),
        (["search", " "], 2, "Nothing was asked for"),
        (["ask"], 2, "Missing argument"),
        (["ask", "x", "--frob"], 2, "No such option"),
        (["search", "x", "-k", "0"], 2, "-k"),
        (["frobnicate"], 2, "No such command"),
    ],
)
def test_wrong_use_exits_with_2_and_says_why(home: Path, words: list[str], code: int, said: str) -> None:
    done = pincite(*words, cwd=home)
    assert done.returncode == code
    assert said in done.stderr
    assert done.stderr.startswith("pincite: ")
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_damaged_database_is_one_line_with_the_mending_command(home: Path, tmp_path: Path) -> None:
    folder = fresh(home, tmp_path)
    (folder / ".pincite" / "index.sqlite").write_bytes(b"garbage" * 1000)
    done = pincite("ask", CLINICAL, cwd=folder)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "pincite index --rebuild" in done.stderr


def test_an_unknown_setting_is_one_line(home: Path, tmp_path: Path) -> None:
    folder = fresh(home, tmp_path)
    (folder / "pincite.toml").write_text("colour = 'red'\n")
    done = pincite("status", cwd=folder)
    assert done.returncode == 2
    assert "colour" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_empty_seeds_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    assert "no reviews in the seeds folder" in pincite("index", cwd=tmp_path).stdout
    done = pincite("ask", CLINICAL, cwd=tmp_path)
    assert done.returncode == 3
    assert "shelf is empty" in done.stdout


def test_no_command_prints_the_help(tmp_path: Path) -> None:
    done = pincite(cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "")
    assert "Usage" in done.stdout


def test_an_interrupted_command_says_so_in_one_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "opened", interrupt)
    done = pincite("status", cwd=home)
    assert done.returncode == 1
    assert done.stderr == "pincite: Stopped. What was done is kept; the next run goes on from there.\n"


def test_while_another_process_writes_the_index_as_it_is_answers(home: Path, tmp_path: Path) -> None:
    folder = fresh(home, tmp_path)
    (folder / "seeds" / "new.txt").write_text("A new one.")
    with writer_lock(folder / ".pincite", 0):
        done = pincite("ask", CLINICAL, cwd=folder)
    assert done.returncode == 0
    assert "[1]" in done.stdout
    assert len(done.stderr.splitlines()) == 1
    assert "is being written by process" in done.stderr
    assert "from the index as it is (generation 1)" in done.stderr


def test_where_nothing_may_be_written_the_index_as_it_is_answers(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise IndexUnavailableError("The index cannot be written: Read-only file system.")

    monkeypatch.setattr("index.sync.sync", refuse)
    done = pincite("search", "lymphodepletion", cwd=home)
    assert done.returncode == 0
    assert "lymphodepletion" in done.stdout
    assert len(done.stderr.splitlines()) == 1
    assert "Read-only file system. What follows is from the index as it is" in done.stderr
    assert pincite("search", "x", "--index", str(tmp_path / "none"), cwd=home).returncode == 1


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="names are Unicode there")
def test_a_name_that_is_no_unicode_is_skipped_and_nothing_waits(home: Path, tmp_path: Path) -> None:
    folder = fresh(home, tmp_path)
    with open(os.fsencode(folder / "seeds") + b"/bad\xff.txt", "wb") as stream:  # noqa: PTH123
        stream.write(b"x")
    assert "bad\\udcff.txt: the name is not Unicode" in pincite("index", cwd=folder).stdout
    found = json.loads(pincite("status", "--json", cwd=folder).stdout)
    assert found["up_to_date"] is True
    assert pincite("doctor", cwd=folder).returncode == 0


def test_a_terminal_that_cannot_show_a_letter_is_no_error(home: Path, tmp_path: Path) -> None:
    folder = fresh(home, tmp_path)
    (folder / "seeds" / "größe.pdf").write_text("x")
    command = [sys.executable, "-c", "from ui.cli import main; main()", "status"]
    surroundings = os.environ | {"PYTHONIOENCODING": "ascii:strict"}
    done = subprocess.run(command, capture_output=True, cwd=folder, env=surroundings, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert b"gr" in done.stdout


def test_nothing_is_drawn_where_there_is_no_terminal(home: Path, tmp_path: Path) -> None:
    folder = fresh(home, tmp_path)
    (folder / "seeds" / "new.txt").write_text("An entirely new sentence about the moon is in this one.")
    assert pincite("index", cwd=folder).stderr == ""


def test_doctor_and_status_name_an_index_that_the_system_refuses(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fresh(home, tmp_path)
    (folder / ".pincite" / "index.sqlite").unlink()
    (folder / ".pincite" / "index.sqlite").mkdir()
    done = pincite("status", cwd=folder)
    assert done.returncode == 1
    assert "index.sqlite cannot be read or written now: unable to open database file" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    done = pincite("doctor", cwd=folder)
    assert done.returncode == 1
    assert done.stderr == ""
    assert "FAIL  Index:" in done.stdout


def test_doctor_looks_again_when_a_sync_has_removed_the_files(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fresh(home, tmp_path)
    begin, begun = health.begin_reading, []

    def overtaken(index: Path) -> Any:
        made = begin(index)
        begun.append(made[1])
        if len(begun) == 1:
            (folder / "seeds" / "new.txt").write_text("A new one.")
            assert pincite("index", cwd=folder).returncode == 0
        return made

    monkeypatch.setattr(health, "begin_reading", overtaken)
    assert pincite("doctor", cwd=folder).returncode == 0
    assert begun == [1, 2]


def test_files_that_vanish_weigh_nothing(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"four")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    assert health._bytes(tmp_path) == 4
    assert health._bytes(tmp_path / "nowhere") == 0
