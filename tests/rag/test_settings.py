"""Settings: where they come from, which outranks which, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import UsageError
from rag.settings import load_settings


def test_defaults() -> None:
    settings = load_settings()
    assert (settings.seeds, settings.index) == (Path("seeds"), Path(".pincite"))
    assert settings.host == "127.0.0.1"


def test_arguments_outrank_the_environment_which_outranks_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("pincite.toml").write_text('max_sentences = 2\npassage_tokens = 100\nseeds = "shelf"\n')
    monkeypatch.setenv("PINCITE_PASSAGE_TOKENS", "200")
    monkeypatch.setenv("PINCITE_SEEDS", "elsewhere")
    settings = load_settings(seeds=Path("here"))
    assert (settings.seeds, settings.passage_tokens, settings.max_sentences) == (Path("here"), 200, 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("temprature = 1", r"Unknown setting 'temprature' in pincite\.toml"),
        ("passage_tokens = 5", r"'passage_tokens' in pincite\.toml: .*greater than or equal to 32.*5"),
        ("min_confidence = 1.5", r"'min_confidence'.*less than or equal to 1"),
        ("port = 'many'", r"'port'.*integer"),
        ("port = = 1", r"pincite\.toml cannot be read"),
        (f"port = {'[' * 5000}", r"pincite\.toml cannot be read: brackets in brackets"),
    ],
)
def test_a_bad_file_is_refused_by_key(content: str, said: str) -> None:
    Path("pincite.toml").write_text(content)
    with pytest.raises(UsageError, match=said):
        load_settings()


def test_an_unknown_variable_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_SEED", "x")
    with pytest.raises(UsageError, match=r"PINCITE_SEED\b.*seeds"):
        load_settings()


def test_a_bad_variable_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_MAX_SENTENCES", "0")
    with pytest.raises(UsageError, match="PINCITE_MAX_SENTENCES"):
        load_settings()


def test_only_what_decides_an_answer_changes_the_answer_hash() -> None:
    shape = {"passage_tokens": 256}
    plain = load_settings().answer_hash(shape, "a reader")
    assert load_settings(port=8000).answer_hash(shape, "a reader") == plain
    assert load_settings(max_sentences=1).answer_hash(shape, "a reader") != plain
    assert load_settings().answer_hash({"passage_tokens": 32}, "a reader") != plain
    assert load_settings().answer_hash(shape, "another reader") != plain
    assert load_settings().answer_hash(shape, "a reader", rounded=True) != plain


@pytest.mark.parametrize("key", ["seeds", "index"])
def test_a_folder_must_be_named(key: str) -> None:
    with pytest.raises(UsageError, match=f"{key}.*name a folder"):
        load_settings(**{key: ""})
