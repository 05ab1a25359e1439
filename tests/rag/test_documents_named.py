"""Documents that a caller names and that are not on the shelf."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_embedder import TinyEmbedder

from index.errors import UsageError
from rag import Assistant


def test_however_many_names_are_wrong_the_error_is_short(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "kidney.md").write_text("The kidney is inflamed in lupus.")
    with Assistant(tmp_path / "seeds", tmp_path / "index", embedder=TinyEmbedder()) as assistant:
        assistant.sync()
        with pytest.raises(UsageError) as many:
            assistant.answer("What is inflamed?", documents=[f"{at}.txt" for at in range(100_000)])
        assert str(many.value).startswith("Not on the shelf: 0.txt, 1.txt")
        assert "9.txt and 99,990 more. It holds: kidney.md." in str(many.value)
        for wrong in (["x" * 10_000], "x" * 10_000):
            with pytest.raises(UsageError) as long:
                assistant.answer("What is inflamed?", documents=wrong)
            assert len(str(long.value)) < 500
