"""Answers made by hand for the tests of exports: no index is needed to write one down."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from rag.answers import Answer, Citation, Cited, Fingerprint, Sentence

FINGERPRINT = Fingerprint(
    index_generation=3,
    corpus_hash="c" * 64,
    model="sentence-transformers/all-MiniLM-L6-v2",
    model_hash="d" * 64,
    settings_hash="e" * 64,
    version="0.1.0",
)

HOSTILE = (
    "Braces } in { titles } and { more {{",
    "TY  - JOUR\nTI  - Injected\nER  - \nTY  - BOOK",
    "\r\nER  - \r\n",
    "}\n@book{evil, title = {Injected}}",
    "@article{evil, title={x}}",
    "100% of $5 & #1_a ~ ^ \\ \\input{/etc/passwd}",
    "<img src=x onerror=alert(1)><script>alert(1)</script>",
    "[click](javascript:alert(1)) ![x](http://evil.example/x.png) <http://evil.example>",
    "# Heading\n\n- item\n\n1. one\n\n```\ncode",
    "https://evil.example www.evil.example a@b.example &lt;b&gt; *bold* _it_ ~~gone~~ | a | b |",
    "دراسة عن الذئبة الحمراء",
    "סקירה על זאבת \u200f(SLE)\u200e",
    "Rückblick: ß, é, ñ, Ω, 免疫, 🧬 – “quotes” — and…",
    "--- ``quoted'' ?` !` -- dashes",
    "=cmd|' /C calc'!A0",
)

texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=60), st.text("{}\\$&%#_^~@\"',=-`\n \r\tTYER", max_size=40)
)


def citation(number: int = 1, **changes: Any) -> Citation:
    """A citation as good as any."""
    values: dict[str, Any] = {
        "number": number,
        "document": "lupus/review.pdf",
        "title": "CAR T cells in lupus",
        "authors": ("Blache, U.", "Andrea R Daamen"),
        "year": 2023,
        "journal": "RMD Open",
        "doi": "10.1136/rmdopen-2022-002907",
        "start": 120,
        "end": 150,
        "quote": "B cells were\ndepleted deeply.",
        "page": 3,
        "section": "Results",
        "score": 0.9,
    }
    return Citation(**(values | changes))


def answer(*citations: Citation, **changes: Any) -> Answer:
    """An answer with a sentence for each citation; an abstention without."""
    sentences = tuple(Sentence(text=f"Blache et al.: “{one.quote}”", citations=(one.number,)) for one in citations)
    values: dict[str, Any] = {
        "question": "What was depleted?",
        "standalone_question": "What was depleted?",
        "text": " ".join(one.text for one in sentences) or "The reviews do not answer this. Nothing is said of it.",
        "abstained": not citations,
        "reason": "" if citations else "Nothing is said of it.",
        "confidence": 0.7 if citations else 0.1,
        "sentences": sentences,
        "citations": citations,
        "nearest": (),
        "fingerprint": FINGERPRINT,
        "seconds": {"total": 0.01},
        "kind": "fact" if citations else "",
        "why": "" if citations else "not this fact",
    }
    return Answer(**(values | changes))


PRIMARY = Cited(
    marker="[4]", reference="4. Roe B. On B cells.", authors=("Roe",), year=2019, title="On B cells", doi=""
)
