"""Files made to do harm, on a shelf with good ones: each ends in its text or in one line, and harms nothing."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from index_helpers import HEART, KIDNEY, LIVER, SETTINGS, run_sync, write
from tiny_embedder import TinyEmbedder

from index.limits import Limits
from index.opening import open_snapshot
from index.sync import sync

SECRET = "the-secret-word-of-another-file"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: bytes, times: int = 1) -> bytes:
    """A Word file whose text is `body`, again and again."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("[Content_Types].xml", "<Types/>")
        with container.open("word/document.xml", "w") as part:
            part.write(f'<w:document xmlns:w="{W}"><w:body>'.encode())
            for _ in range(times):
                part.write(body)
            part.write(b"</w:body></w:document>")
    return held.getvalue()


def laughs() -> str:
    entities = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol">{entities}]><article><body><p>&j;</p></body></article>'


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str | bytes]:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    outside = secret.as_uri()
    return {
        "kidney.txt": KIDNEY,
        "bomb.docx": docx(b"<w:p><w:r><w:t>" + b"A" * 1_000_000 + b"</w:t></w:r></w:p>", 300),
        "deep.html": "<html><body>" + "<div>" * 50_000 + HEART + "</div>" * 50_000,
        "entities.xml": f'<!DOCTYPE article [<!ENTITY x SYSTEM "{outside}">]>'
        f"<article><body><p>{HEART} &x;</p></body></article>",
        "include.xml": f"<article xmlns:i='http://www.w3.org/2001/XInclude'><body><p>{HEART}</p>"
        f"<i:include href='{outside}' parse='text'/></body></article>",
        "frame.html": f"<html><body><p>{HEART}</p><iframe src='{outside}'></iframe>"
        f"<object data='{outside}'/></body></html>",
        "image.md": f"# Hearts\n\n{HEART}\n\n![]({outside})\n\n{{% include {outside} %}}\n",
        "laughs.xml": laughs(),
        "loop.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF",
        "page.pdf": f"<!doctype html><html><body><article><p>{LIVER}</p></article></body></html>",
        "nul.txt": f"{LIVER}\0\0 {HEART}",
        "line.txt": "a" * 2_000_000,
    }


def test_each_ends_in_its_text_or_in_one_line(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    seeds = write(tmp_path / "seeds", files)
    report = sync(seeds, tmp_path / "index", TinyEmbedder(), SETTINGS, limits=Limits(seconds=60))
    skipped = dict(report.skipped)
    assert {"kidney.txt", "entities.xml", "include.xml", "frame.html", "image.md", "page.pdf", "nul.txt"} <= set(
        report.added
    )
    assert {"bomb.docx", "loop.pdf"} <= set(skipped)
    assert set(report.added) | set(skipped) == set(files)
    for name, reason in skipped.items():
        assert reason.startswith(f"{name}: ")
        assert "\n" not in reason
        assert "crash" not in reason
    snapshot = open_snapshot(tmp_path / "index")
    try:
        texts = {name: snapshot.document(name).text for name in snapshot.names}
    finally:
        snapshot.close()
    assert not [name for name, text in texts.items() if SECRET in text]
    assert "\0" not in texts["nul.txt"]
    assert LIVER in texts["page.pdf"]
    assert all(HEART in texts[name] for name in ("entities.xml", "include.xml", "frame.html", "image.md"))


def test_a_file_that_was_refused_is_not_read_again_until_it_changes(
    tmp_path: Path, files: dict[str, str | bytes]
) -> None:
    seeds = write(tmp_path / "seeds", {name: files[name] for name in ("kidney.txt", "loop.pdf")})
    first = run_sync(seeds, tmp_path / "index")
    assert [name for name, _ in first.skipped] == ["loop.pdf"]
    again = run_sync(seeds, tmp_path / "index")
    assert (again.skipped, again.generation, again.read) == (first.skipped, 1, [])
    write(seeds, {"loop.pdf": HEART})
    assert run_sync(seeds, tmp_path / "index").added == ["loop.pdf"]
