"""A .bib file on the shelf supplies and corrects what the documents say of themselves; nothing is embedded for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from index_helpers import HEART, KIDNEY, LIVER, found, run_sync, write
from tiny_embedder import TinyEmbedder

from index.documents import Bibliography
from index.opening import open_snapshot

RECORDS = r"""
@article{smith2021,
  title = {The kidney in lupus},
  author = {Smith, Anna and M{\"u}ller, Bernd},
  journal = {Annals of Kidneys},
  year = {2021},
  doi = {10.1234/kidney.5},
  file = {Full Text:files/7/kidney.txt:text/plain}
}
@article{other, title = {Something that is not on the shelf}, author = {Roe, C.}, year = 1999}
"""


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return write(tmp_path / "seeds", {"kidney.txt": KIDNEY, "liver.txt": LIVER, "library.bib": RECORDS})


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def said(index: Path, name: str) -> Bibliography:
    snapshot = open_snapshot(index)
    try:
        assert snapshot.bibliographies()[name] == snapshot.document(name).bibliography
        return snapshot.document(name).bibliography
    finally:
        snapshot.close()


def test_records_supply_what_the_document_does_not_say(seeds: Path, index: Path) -> None:
    report = run_sync(seeds, index)
    assert (report.added, report.skipped) == (["kidney.txt", "liver.txt"], [])
    assert [(one.name, one.records, one.matched) for one in report.catalogues] == [("library.bib", 2, 1)]
    about = said(index, "kidney.txt")
    assert about.title == "The kidney in lupus"
    assert about.authors == ("Anna Smith", "Bernd Müller")
    assert (about.year, about.journal, about.doi) == (2021, "Annals of Kidneys", "10.1234/kidney.5")
    assert about.stated == {}  # the document does not state it, so no words of it may be quoted for it
    assert said(index, "liver.txt") == Bibliography()


def test_the_bib_file_is_no_document(seeds: Path, index: Path) -> None:
    run_sync(seeds, index)
    assert found(index, "annals") == set()
    snapshot = open_snapshot(index)
    try:
        assert snapshot.names == ["kidney.txt", "liver.txt"]
    finally:
        snapshot.close()


def test_a_corrected_record_makes_a_new_generation_and_embeds_nothing(
    seeds: Path, index: Path, tiny: TinyEmbedder
) -> None:
    first = run_sync(seeds, index)
    write(seeds, {"library.bib": RECORDS.replace("2021", "2022")})
    report = run_sync(seeds, index, tiny)
    assert (report.generation, report.embedded, tiny.embedded) == (first.generation + 1, 0, [])
    assert report.unchanged == ["kidney.txt", "liver.txt"]
    assert said(index, "kidney.txt").year == 2022


def test_a_record_finds_a_document_that_comes_later(seeds: Path, index: Path) -> None:
    write(seeds, {"library.bib": RECORDS.replace("kidney.txt", "heart.txt")})
    run_sync(seeds, index)
    write(seeds, {"heart.txt": HEART})
    run_sync(seeds, index)
    assert said(index, "heart.txt").title == "The kidney in lupus"
    assert said(index, "kidney.txt") == Bibliography()


def test_without_the_bib_file_the_document_speaks_for_itself_again(seeds: Path, index: Path) -> None:
    run_sync(seeds, index)
    (seeds / "library.bib").unlink()
    report = run_sync(seeds, index)
    assert (report.generation, report.catalogues) == (2, [])
    assert said(index, "kidney.txt") == Bibliography()


def test_an_unchanged_shelf_keeps_its_generation(seeds: Path, index: Path) -> None:
    assert run_sync(seeds, index).generation == run_sync(seeds, index).generation == 1


def test_a_broken_entry_costs_itself_alone(seeds: Path, index: Path) -> None:
    write(seeds, {"library.bib": "@article{broken, title = {never closed\n\n" + RECORDS})
    report = run_sync(seeds, index)
    (one,) = report.catalogues
    assert one.matched == 1
    assert one.problems
    assert said(index, "kidney.txt").year == 2021


def test_equal_files_are_one_work(seeds: Path, index: Path) -> None:
    write(seeds, {"copy.txt": KIDNEY})
    run_sync(seeds, index)
    assert said(index, "copy.txt") == said(index, "kidney.txt")
    assert said(index, "copy.txt").year == 2021


def test_a_bib_file_that_another_version_read_is_read_again(
    seeds: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_sync(seeds, index)
    monkeypatch.setattr("index.catalogues.VERSION", 1_000)
    report = run_sync(seeds, index)
    assert [one.matched for one in report.catalogues] == [1]
    assert run_sync(seeds, index).generation == report.generation
