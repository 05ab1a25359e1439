"""How often title, authors, year and DOI are read right, wrong, or left empty.

    python benchmarks/bibliography.py --data DIR [--json FILE]

DIR holds folders with a `docs.jsonl` (one object a line: doc, title, authors, date, doi), the texts as
`docs/NAME.txt`, and questions with answer spans in `qas*.jsonl`; it may be one such folder itself. An answer
span that lies in furniture could never be cited, so those are counted too.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from index.bibliography import bibliography, family_name
from index.blocks import blocks
from index.cleaning import furniture
from index.documents import Bibliography, Span

FIELDS = ("title", "authors", "year", "doi")


def folded(words: str) -> str:
    """Letters and digits only, without accents and case."""
    return "".join(char for char in unicodedata.normalize("NFKD", words).casefold() if char.isalnum())


def verdict(field: str, gold: Any, read: Bibliography) -> str | None:
    """right, wrong or empty; None where the record does not say."""
    if field == "title":
        return None if not gold else _compared(folded(str(gold)), folded(read.title))
    if field == "authors":
        people = [part.strip() for part in str(gold).split(";")] if gold else []
        if not people:
            return None
        return _compared(
            " ".join(folded(family_name(person)) for person in people),
            " ".join(folded(family_name(person)) for person in read.authors),
        )
    if field == "year":
        match = re.match(r"(?:19|20)\d\d", str(gold or ""))
        return None if match is None else _compared(match.group(), str(read.year or ""))
    doi = re.search(r"10\.\d{4,9}/\S+", str(gold or ""))
    return None if doi is None else _compared(doi.group().lower(), read.doi.lower())


def _compared(gold: str, read: str) -> str:
    if not read:
        return "empty"
    return "right" if gold == read else "wrong"


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _measure(folder: Path) -> dict[str, Any]:
    counts = {field: Counter[str]() for field in FIELDS}
    wrong: list[str] = []
    dropped: dict[str, list[Span]] = {}
    for record in _records(folder / "docs.jsonl"):
        name = str(record["doc"]) if "doc" in record else Path(str(record.get("file", ""))).stem
        path = next((p for p in (folder / sub / f"{name}.txt" for sub in ("docs", "docs_txt")) if p.is_file()), None)
        if path is None:
            continue
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
        parts = blocks(text)
        dropped[name] = furniture(text, parts)
        read = bibliography(text, parts, dropped[name])
        gold = {
            "year": record.get("date") or record.get("year"),
            **{f: record.get(f) for f in ("title", "authors", "doi")},
        }
        for field in FIELDS:
            result = verdict(field, gold[field], read)
            # What the text itself never says cannot be read from it: an empty field is then right.
            counts[field][result or "unrecorded"] += 1
            if result == "wrong":
                wrong.append(f"{name} {field}: {gold[field]!r} read as {getattr(read, field)!r}")
    spans = lost = 0
    for path in sorted(folder.glob("qas*.jsonl")):
        for question in _records(path):
            for answer in question.get("answers", ()):
                start, end = int(answer["start"]), int(answer["start"]) + len(answer["text"])
                spans += 1
                lost += any(s.start < end and start < s.end for s in dropped.get(str(question["doc"]), ()))
    return {
        "documents": len(dropped),
        "fields": {field: dict(count) for field, count in counts.items()},
        "answer_spans": spans,
        "answer_spans_in_furniture": lost,
        "wrong": wrong,
    }


def main() -> None:
    """Print the table of every folder with records."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the evaluation sets")
    parser.add_argument("--json", type=Path, help="also write the counts there")
    options = parser.parse_args()
    data: Path = options.data
    folders = [data] if (data / "docs.jsonl").is_file() else sorted(path.parent for path in data.glob("*/docs.jsonl"))
    results: dict[str, Any] = {}
    for folder in folders:
        # A set of records without texts of its own measures nothing here.
        if not (folder / "docs").is_dir() and not (folder / "docs_txt").is_dir():
            continue
        result = _measure(folder)
        if not result["documents"]:
            continue
        results[folder.name] = result
        print(f"{folder.name}: {result['documents']} documents")
        print(f"  {'field':<10}{'right':>7}{'wrong':>7}{'empty':>7}{'unrecorded':>12}")
        for field in FIELDS:
            row = result["fields"][field]
            cells = "".join(f"{row.get(kind, 0):>7}" for kind in ("right", "wrong", "empty"))
            print(f"  {field:<10}{cells}{row.get('unrecorded', 0):>12}")
        print(f"  answer spans in furniture: {result['answer_spans_in_furniture']} of {result['answer_spans']}")
        for line in result["wrong"]:
            print(f"  wrong: {line[:300]}")
    if options.json:
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
