"""What only a .bib file knows of a review is told, and never quoted as the review's own words."""

from __future__ import annotations

from pathlib import Path

from index_helpers import write

from index.embedding import SentenceTransformerEmbedder
from rag import Assistant

TEXT = (
    "How barnacles hold on\n\nBarnacles glue themselves to rocks with a cement made of proteins. It cures under water."
)
RECORD = "@article{ito, title={How barnacles hold on}, author={Ito, Haruka}, year={2020}, file={:barnacle.txt:text}}"


def test_a_year_from_the_bib_file_is_told_with_where_it_is_from(
    tmp_path: Path, model: SentenceTransformerEmbedder
) -> None:
    seeds = write(tmp_path / "seeds", {"barnacle.txt": TEXT, "library.bib": RECORD})
    with Assistant(seeds=seeds, index=tmp_path / "index", embedder=model) as assistant:
        answer = assistant.answer("When was the review published?")
        assert answer.abstained
        assert answer.citations == ()
        assert answer.reason.endswith("A .bib file on the shelf says: 2020.")
        (seeds / "library.bib").unlink()
        assistant.sync()
        assert ".bib" not in assistant.answer("When was the review published?").reason
