"""How well files of all formats are read.

    python benchmarks/reading.py --data DIR [--only PART ...] [--json FILE] [--sentences FILE]

DIR holds `docs` (files, `manifest.jsonl`, `adversarial_generate.py`) and `evidence_inference` (articles as JATS and
as plain text). Needs rapidfuzz (the extra `benchmark`). The parts:

- endings: each file of the manifest, and each that the generator makes, is read as a sync reads it. It must end as
  the manifest expects (`reading_endings.py` says what counts), within time and memory; nothing outside is read.
- fields: title, first author, year, journal, DOI against the manifest and the records of evidence_inference. Case,
  spaces and punctuation are aside; given names may be initials.
- furniture: of 40 sentences drawn from each HTML and PDF file, those that are not the article's. An article with an
  XML twin (a file of the same base name) tells by itself; of others telltale words are counted, and --sentences
  writes them down for a person to judge.
- twins: the sentences of an XML's body, crudely extracted here, that are found in the article's other forms; and
  its references.
- plain: the sentences of evidence_inference's plain texts that are found in what is read of the JATS.
- speed: reading alone, two processes side by side.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from reading_endings import fault, made, outside
from reading_fidelity import Found, look, plain_sentences, references
from reading_fields import FIELDS, Fields, share
from reading_furniture import draw
from reading_match import Haystack
from reading_shelf import Shelf
from reading_speed import speed
from reading_truth import records, twin

from index import readers
from index.documents import Document
from index.errors import UnreadableFileError

PARTS = ("endings", "fields", "furniture", "twins", "plain", "speed")
SEED = 7
_PAGES = ("pdf", "html")


def endings(shelf: Shelf, seeds: list[Path]) -> dict[str, Any]:
    """How each file ended."""
    results: dict[str, Any] = {}
    named = {file: fault(outcome, shelf.records[file]) for file, outcome in shelf.outcomes.items()}
    with tempfile.TemporaryDirectory() as folder:
        generated = made(Path(folder), shelf.docs / "adversarial_generate.py", seeds)
    groups = {
        "manifest": [(outcome, named[file]) for file, outcome in shelf.outcomes.items()],
        "generated": generated,
    }
    for group, outcomes in groups.items():
        right = sum(not wrong for _, wrong in outcomes)
        slowest = max(outcomes, key=lambda pair: pair[0].seconds)[0]
        largest = max(outcomes, key=lambda pair: pair[0].peak_mb)[0]
        print(f"endings, {group}: {right} of {len(outcomes)} right; slowest {slowest.seconds:.1f} s ({slowest.name}), "
              f"most memory {largest.peak_mb:.0f} MB ({largest.name})")  # fmt: skip
        for outcome, wrong in outcomes:
            if wrong:
                print(f"  wrong: {outcome.name}: {wrong}")
        results[group] = {
            "files": len(outcomes),
            "right": right,
            "each": [
                {
                    "file": outcome.name,
                    "ended": outcome.kind,
                    "format": outcome.format,
                    "message": outcome.message,
                    "seconds": round(outcome.seconds, 2),
                    "peak_mb": round(outcome.peak_mb),
                    "fault": wrong,
                }
                for outcome, wrong in outcomes
            ],
        }
    leaks = outside()
    print(f"  from outside the folder: {'; '.join(leaks) or 'nothing'}")
    return {**results, "outside": leaks}


def fields(shelf: Shelf, trials: Path) -> dict[str, Any]:
    """Titles, authors and the rest."""
    groups = {"docs": Fields(), "evidence_inference": Fields()}
    for file, record in shelf.records.items():
        groups["docs"].add(file, record, shelf.outcomes[file].document)
    for record in records(trials / "docs.jsonl"):
        path = trials / "docs_jats" / f"{record['doc']}.nxml"
        if path.is_file():
            groups["evidence_inference"].add(path.name, record, _document(path))
    for group, found in groups.items():
        print(f"fields, {group}\n  {'field':<14}{'right':>7}{'wrong':>7}{'empty':>7}{'share':>8}")
        for name in FIELDS:
            counts = found.counts[name]
            if (part := share(counts)) is not None:
                cells = "".join(f"{counts[kind]:>7}" for kind in ("right", "wrong", "empty"))
                print(f"  {name:<14}{cells}{part:>8.3f}")
        for line in found.not_right:
            print(f"  {line[:300]}")
    return {group: found.result() for group, found in groups.items()}


def furniture(shelf: Shelf, written: Path | None) -> dict[str, Any]:
    """Sentences that are not the article's."""
    stacks = {stem: Haystack(found.everything, plain=True) for stem, (_, found) in shelf.twins.items()}
    drawn = [
        sentence
        for file, document in shelf.documents.items()
        if document.format in _PAGES
        for sentence in draw(file, document, SEED, stacks.get(Path(file).stem))
    ]
    results: dict[str, Any] = {"not_the_articles": [vars(one) for one in drawn if not one.article]}
    for by in ("twin", "signs"):
        for format_ in _PAGES:
            own = [s for s in drawn if s.by == by and shelf.documents[s.file].format == format_]
            wrong = [s for s in own if not s.article]
            if own:
                part, entries = len(wrong) / len(own), sum(s.entry for s in own)
                print(f"furniture, {format_}, judged by {by}: {len(wrong)} of {len(own)} ({part:.3f})")
                print(f"  of reference lists, which are the article's but should not be searched: {entries}")
            for s in wrong:
                print(f"  {s.file}: {s.words[:200]!r}")
            results[f"{format_}_{by}"] = {
                "drawn": len(own),
                "not_the_articles": len(wrong),
                "entries": sum(s.entry for s in own),
            }
    if written:
        lines = (f"{s.by}\t{'own' if s.article else 'NOT'}\t{s.file}\t{' '.join(s.words.split())}\n" for s in drawn)
        written.write_text("".join(lines), encoding="utf-8")
    return results


def twins(shelf: Shelf) -> dict[str, Any]:
    """What an article's other forms have of its XML."""
    found: dict[str, list[Found]] = defaultdict(list)
    lists = []
    for file, outcome in shelf.outcomes.items():
        if Path(file).stem not in shelf.twins:
            continue
        xml, truth = shelf.twins[Path(file).stem]
        form = "xml" if file == xml else outcome.format or Path(file).suffix[1:]
        if outcome.document is None:  # nothing is found in what is not read
            found[form].append(Found(file, len(truth.body), misses=[f"not read: {outcome.message}"]))
            continue
        found[form].append(look(file, truth.body, outcome.document))
        lists.append(references(file, outcome.document, truth))
    results: dict[str, Any] = {"references": lists}
    for format_, each in sorted(found.items()):
        total, had = sum(one.sentences for one in each), sum(one.in_text for one in each)
        searched = sum(one.in_searched for one in each)
        print(
            f"twins, {format_}: {had} of {total} sentences found ({had / total:.4f}; searched {searched / total:.4f})"
        )
        for one in each:
            print(f"  {one.file}: {one.in_text} of {one.sentences} ({one.share:.4f})")
            for miss in one.misses:
                print(f"    miss: {miss[:200]}")
        results[format_] = {"share": round(had / total, 4), "files": [one.result() for one in each]}
    print("references: list, places that point to it, XML pointers matched; each read / in the XML")
    for row in lists:
        pairs = "".join(f"{row[key]:>8} /{row[f'{key}_xml']:>4}" for key in ("references", "pointers", "resolved"))
        print(f"  {row['file']:<40}{pairs}   {'; '.join(row['misled'][:3])}")
    return results


def plain(trials: Path) -> dict[str, Any]:
    """What is read of JATS, against plain text."""
    each, lists = [], []
    for path in sorted((trials / "docs_jats").glob("*.nxml")):
        document, truth = _document(path), twin(path.read_bytes())
        wanted = plain_sentences(trials / "docs_txt" / f"{path.stem}.txt")
        if document is None:
            each.append(Found(path.name, len(wanted), misses=["not read"]))
            continue
        each.append(look(path.name, wanted, document, Haystack(truth.everything) if truth else None))
        if truth:
            lists.append(references(path.name, document, truth))
    total, had = sum(one.sentences for one in each), sum(one.in_text for one in each)
    own = sum(one.not_in_xml for one in each)
    print(f"plain: {had} of {total} sentences found in JATS ({had / total:.4f}); {own} more are not in the XML either")
    for one in each:
        for miss in one.misses:
            print(f"  {one.file}: {miss[:200]}")
    for key in ("references", "pointers", "resolved"):
        print(f"  {key}: {sum(r[key] for r in lists)} read / {sum(r[f'{key}_xml'] for r in lists)} in the XML")
    return {"share": round(had / total, 4), "files": [one.result() for one in each], "references": lists}


def speeds(docs: Path, trials: Path) -> dict[str, Any]:
    """Reading alone."""
    groups = {
        "PDF": sorted((docs / "pdf").glob("*.pdf")),
        "HTML": sorted((docs / "html").glob("*.html")),
        "JATS": sorted((trials / "docs_jats").glob("*.nxml")),
    }
    results = {}
    for name, paths in groups.items():
        results[name] = found = speed(random.Random(SEED).sample(paths, len(paths)))
        print(f"speed, {name}: {found['files']} of {len(paths)} files read")
        for label, end in (("by the clock", ""), ("by processor time", "_alone")) if found["files"] else ():
            pages, size = found[f"pages_a_second{end}"], found[f"megabytes_a_second{end}"]
            print(f"  {label:<20}{pages:>8} pages/s{size:>8} MB/s")
    return results


def _document(path: Path) -> Document | None:
    try:
        return readers.read(path.name, path.read_bytes())
    except UnreadableFileError:
        return None


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the evaluation sets")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure")
    parser.add_argument("--json", type=Path, help="also write the figures there")
    parser.add_argument("--sentences", type=Path, help="also write the sentences drawn there, for a person to judge")
    options = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    docs, trials = options.data / "docs", options.data / "evidence_inference"
    seeds = sorted((Path(__file__).resolve().parent.parent / "seeds").glob("*.txt"))
    shelf = Shelf(docs) if set(options.only) - {"plain", "speed"} else None
    results: dict[str, Any] = {}
    for part in options.only:
        if part == "plain":
            results[part] = plain(trials)
        elif part == "speed":
            results[part] = speeds(docs, trials)
        elif shelf is not None:
            if part == "endings":
                results[part] = endings(shelf, seeds)
            elif part == "fields":
                results[part] = fields(shelf, trials)
            elif part == "furniture":
                results[part] = furniture(shelf, options.sentences)
            else:
                results[part] = twins(shelf)
    if options.json:
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
