"""A comparison on the page as it comes, and as a file: without a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from tiny_embedder import TinyEmbedder

from rag import Assistant
from rag.exporting import TableFormat
from ui import acting
from ui.comparing import _steps

QUESTION = "What is inflamed in lupus?"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("many")
    (folder / "seeds").mkdir()
    for at in range(26):
        text = f"# Organ {at} in lupus\n\nOrgan {at} is inflamed in lupus in one of three patients.\n"
        (folder / "seeds" / f"{at:02}.md").write_text(text)
    with Assistant(folder / "seeds", folder / "index", embedder=TinyEmbedder()) as made:
        made.sync()
        yield made
    shutil.rmtree(folder)


def test_columns_appear_one_after_the_other(many: Assistant) -> None:
    pages = [page for _, page in _steps(many, QUESTION, [], 16)]
    assert [page.count("<article") for page in pages] == [*range(1, 17), 16]
    assert ["pc-working" in page for page in pages] == [True] * 16 + [False]
    assert ["10 more documents on the shelf were not asked." in page for page in pages] == [False] * 16 + [True]


def test_more_reviews_than_fit_beside_each_other_are_refused_in_words(many: Assistant) -> None:
    names = [one.name for one in many.documents()]
    ((comparison, page),) = _steps(many, QUESTION, names[:25], 8)
    assert comparison is None
    assert "Up to 24 reviews are compared at once; 25 are chosen." in page
    *_, (comparison, page) = _steps(many, QUESTION, names[:24], 8)
    assert comparison
    assert len(comparison.compared) == page.count("<article") == 24


@pytest.mark.parametrize("form", TableFormat)
def test_only_a_table_for_spreadsheets_begins_with_a_mark_of_its_encoding(form: TableFormat) -> None:
    sent = acting.file("pincite-comparison", form, "Müller")
    assert sent["text"].encode() == "Müller".encode(form.encoding)
    assert sent["name"] == f"pincite-comparison{form.extension}"
