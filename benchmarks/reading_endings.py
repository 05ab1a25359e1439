"""Whether each file ends as it should, in its text or in one clear line: for `reading.py`."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reading_furniture import is_telltale, sentences
from reading_match import Haystack, folded, normal
from reading_run import Outcome, read

from index.documents import Document
from index.shelf import scan

PEAK_MB = 1500.0

Check = Callable[[Document, dict[str, Any]], str]


@dataclass(frozen=True)
class Rule:
    """How a file may end: as a document that passes `check`, as a line that `message` matches ("" allows neither)."""

    document: bool
    message: str
    check: Check | None = None


_ANY = "."
# A line that no person can act on: the reader itself has failed.
_UNCLEAR = re.compile(
    r"its reader crashed|Traceback|\((?:Attribute|Type|Index|Key|Name|Assertion|Import|ModuleNotFound|Recursion"
    r"|ZeroDivision|UnboundLocal|NotImplemented|Unicode\w+)Error"
)
_TEXTLESS = r"no text|empty|white ?space|no words|scan"
# The manifest's `expected_behaviour`, from its words. The first that matches holds; ODT has become readable since
# the manifest was written, and a scan is read where OCR is installed.
BEHAVIOURS: tuple[tuple[str, Rule], ...] = (
    (r"^clear \"encrypted\"", Rule(False, r"encrypt|password")),
    (r"^clear \"no text \(scan\)\"", Rule(True, r"\bscan|\bOCR\b")),
    (r"^clear \"unsupported\"", Rule(True, r"\.docx|not read|unsupported|legacy")),
    (r"^\"no text\"|^skip with a message", Rule(False, _TEXTLESS)),
    (r"^no crash|^finish within", Rule(True, _ANY)),
    (r"or (?:clear )?message", Rule(True, _ANY)),
    (r"^ingest", Rule(True, "")),
)


def _chrome(document: Document, _: dict[str, Any]) -> str:
    found = [words for words in sentences(document) if is_telltale(words)]
    return f"chrome: {found[0][:100]!r} and {len(found) - 1} more" if found else ""


def _fields(document: Document, _: dict[str, Any]) -> str:
    found = re.search(r"ADDIN |CSL_|citationID|HYPERLINK |MERGEFIELD|schema\.org|csl-citation", document.text)
    return f"field code {found[0]!r}" if found else ""


def _umlauts(document: Document, _: dict[str, Any]) -> str:
    right = re.search("[äöüß]", document.text) and not re.search("[\ufffdÃ]", document.text)
    return "" if right else f"umlauts: {document.text[:40]!r}"


def _words(document: Document, record: dict[str, Any]) -> str:
    words = re.findall(r"[^\W\d_]+", document.text)
    glued = [word for word in words if len(word) > 30]
    has = {word.lower() for word in words}
    lost = [word for word in re.findall(r"[^\W\d_]+", str(record.get("expected_title", ""))) if word.lower() not in has]
    return f"words run together: {(glued + lost)[:3]}" if lost or len(glued) * 500 > len(words) else ""


def _title(document: Document, record: dict[str, Any]) -> str:
    right = folded(document.bibliography.title) == folded(str(record.get("expected_title", "")))
    return "" if right else f"title {document.bibliography.title!r}"


CHECKS: tuple[tuple[str, Check], ...] = (
    ("no chrome|buy-box", _chrome),
    ("field codes", _fields),
    ("umlauts", _umlauts),
    ("words must stay searchable", _words),
    ("title must not", _title),
)


def fault(outcome: Outcome, record: dict[str, Any]) -> str:
    """What is wrong with how a file of the manifest ended, or ""."""
    behaviour = str(record["expected_behaviour"])
    rule = next((rule for pattern, rule in BEHAVIOURS if re.search(pattern, behaviour)), None)
    if rule is None:
        return f"no rule for {behaviour!r}"
    found = _against(outcome, rule)
    if not found and outcome.document:
        for pattern, check in CHECKS:
            if re.search(pattern, behaviour) and (found := check(outcome.document, record)):
                break
    return found


def _against(outcome: Outcome, rule: Rule) -> str:
    if outcome.peak_mb > PEAK_MB:
        return f"{outcome.peak_mb:.0f} MB of memory"
    if outcome.kind == "message":
        words = outcome.message
        short = len(words) < len(outcome.name) + 10
        if not words.startswith(outcome.name) or "\n" in words or short or _UNCLEAR.search(words):
            return f"no clear line: {words[:150]!r}"
        if not rule.message or not re.search(rule.message, words.removeprefix(outcome.name), re.IGNORECASE):
            return f"wrong line: {words[:250]!r}"
        return ""
    if outcome.document is None:
        return f"{outcome.kind}: {outcome.message[:200]}"
    if not rule.document:
        return f"read, and should not be: {outcome.document.text[:60]!r}"
    return broken(outcome.document) or ("" if re.search(r"\w", outcome.document.text) else "no words")


def broken(document: Document) -> str:
    """What is wrong with a document's offsets, or ""."""
    size = len(document.text)
    groups: dict[str, Any] = {
        part: getattr(document, part)
        for part in ("blocks", "sections", "pages", "furniture", "asides", "references", "mentions")
    }
    groups["stated"] = [span for spans in document.bibliography.stated.values() for span in spans]
    for part, spans in groups.items():
        for span in spans:
            if not 0 <= span.start <= span.end <= size or (span.start == span.end and part != "pages"):
                return f"{part}: {span} of {size}"
        if part in ("blocks", "pages", "furniture", "references") and any(
            first.end > second.start for first, second in itertools.pairwise(spans)
        ):
            return f"{part} overlap"
    if any(not 0 <= at < len(document.references) for mention in document.mentions for at in mention.references):
        return "a mention of no reference"
    if not document.blocks:
        return "no blocks"
    if document.format == "pdf" and not (document.pages and document.layout):
        return "no pages or layout"
    return ""


# What adversarial_generate.py makes: how it may end, words it must have, words it must not have.
_EITHER, _LINE, _TEXT = Rule(True, _ANY), Rule(False, _ANY), Rule(True, "")
MADE: dict[str, tuple[Rule, str, str]] = {
    "random_bytes.pdf": (_LINE, "", ""),
    "random_bytes.docx": (_LINE, "", ""),
    "nul_bytes.txt": (_EITHER, "autoimmune diseases", ""),
    "one_line_5MB.txt": (_EITHER, "aaaa", ""),
    "long_words.txt": (_EITHER, "ACGT", ""),
    "huge_50MB.html": (_EITHER, "The quick brown fox jumps over the lazy dog near the autoimmune clinic.", "<p>"),
    "deep_nesting.html": (_EITHER, "bottom text", "<div>"),
    "billion_laughs.xml": (_EITHER, "", "lollol"),
    "xxe.xml": (_EITHER, "", "root:"),
    "zip_bomb_300MB.docx": (_EITHER, "AAAA", ""),
}
_SEED = re.compile(r"_(?:crlf_bom|copy|latin1|cp1252|utf16|injected)\.txt$|_noext$")


def made(folder: Path, generator: Path, seeds: list[Path]) -> list[tuple[Outcome, str]]:
    """Run the generator into `folder` and read all it makes; with each outcome what is wrong with it, or ""."""
    subprocess.run([sys.executable, generator, folder, *seeds], check=True)
    texts = {path.stem: path.read_text(encoding="utf-8") for path in seeds}
    results = []
    for path in sorted(folder.iterdir()):
        outcome = read(path.name, path)
        wrong = _made_fault(outcome, texts)
        results.append((replace(outcome, document=None), wrong))  # 50 MB of it would count as the next one's memory
    return results


def _made_fault(outcome: Outcome, seeds: dict[str, str]) -> str:
    rule, needed, barred = MADE.get(outcome.name, (_TEXT, "lupus and CAR T cells", ""))
    suffix = _SEED.search(outcome.name)
    found = _against(outcome, _TEXT if suffix else rule)
    if found or outcome.document is None:
        return found
    text = outcome.document.text
    if suffix:  # letters that an encoding does not have have become "?" when it was made
        words = seeds[outcome.name[: suffix.start()]].split()
        has = set(text.split())
        lost = [word for word in words if word not in has and word.isascii()]
        return f"words lost: {lost[:5]}" if lost else ("not text" if "\ufffd" in text else "")
    if needed not in text:
        return f"{needed!r} is not in it"
    return f"{barred!r} is in it" if barred and barred in text else ""


def outside() -> list[str]:
    """What of outside the folder gets in: by links on the disk, and by what files refer to. Should be empty."""
    secret = "Zanzibarine halts the lupus of otters entirely."
    leaks = []
    with tempfile.TemporaryDirectory() as away, tempfile.TemporaryDirectory() as home:
        target, folder = Path(away) / "secret.txt", Path(home)
        target.write_text(secret)
        (Path(away) / "all.dtd").write_text(f"<!ENTITY x '{secret}'>")
        (folder / "own.txt").write_text("Words about lupus. " * 5)
        (folder / "inside.txt").symlink_to(folder / "own.txt")
        (folder / "link.txt").symlink_to(target)
        (folder / "relative.txt").symlink_to(os.path.relpath(target, folder))
        (folder / "twice.txt").symlink_to(folder / "link.txt")
        (folder / "sub").symlink_to(away, target_is_directory=True)
        (folder / "loop").symlink_to(folder, target_is_directory=True)
        (folder / "self.txt").symlink_to(folder / "self.txt")
        (folder / "nothing.txt").symlink_to(folder / "gone.txt")
        os.mkfifo(folder / "pipe.txt")
        for seed in scan(folder):
            if not seed.problem and not seed.path.resolve().is_relative_to(folder.resolve()):
                leaks.append(f"scan gives {seed.name}, which lies outside")
        body = "<article><front/><body><sec><p>The cells were counted and then washed. {}</p></sec></body></article>"
        include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{}"/>'
        pages = {
            "entity.xml": f'<!DOCTYPE article [<!ENTITY x SYSTEM "{target.as_uri()}">]>' + body.format("&x;"),
            "dtd.xml": f'<!DOCTYPE article SYSTEM "{(Path(away) / "all.dtd").as_uri()}">' + body.format("&x;"),
            "parameter.xml": f'<!DOCTYPE article [<!ENTITY % d SYSTEM "{(Path(away) / "all.dtd").as_uri()}"> %d;]>'
            + body.format("&x;"),
            "include.xml": body.format(include.format(target.as_uri())),
            "frame.html": f'<html><body><p>The cells were counted.</p><iframe src="{target.as_uri()}"></iframe>'
            f'<object data="{target.as_uri()}"></object></body></html>',
            "include.md": f"# Cells\n\nThe cells were counted.\n\n![]({target.as_uri()})\n\n!include {target}\n",
        }
        for name, words in pages.items():
            path = folder / name
            path.write_text(words)
            outcome = read(name, path)
            if outcome.document and Haystack(outcome.document.text).best(normal(secret), 0.8) >= 0.8:
                leaks.append(f"{name} brings in a file from outside")
            elif outcome.kind in ("crash", "time") or _UNCLEAR.search(outcome.message):
                leaks.append(f"{name} is not read: {outcome.message}")
    return leaks
