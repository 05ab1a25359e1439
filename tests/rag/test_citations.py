"""A citation says where its words stand, what they rest on, and what sort of publication they are from."""

from __future__ import annotations

from index.documents import Bibliography, Document, Mention, Page, Rectangle, Reference, Span
from rag.answers import cite

QUOTE = "Remission was lasting in five patients [2, 3]."
LIST = (
    "1. Roe B. On the liver. 2019.\n2. Smith A, Müller B. On the\nkidney. 2021. doi:10.1234/k.5\n3. Doe C. Lupus. 2022."
)
TEXT = f"Lupus is old [1]. {QUOTE}\n\n{LIST}"


def entry(words: str, **parts: object) -> Reference:
    return Reference(TEXT.index(words), TEXT.index(words) + len(words), **parts)  # type: ignore[arg-type]


DOCUMENT = Document(
    name="review.pdf",
    text=TEXT,
    format="pdf",
    bibliography=Bibliography(title="A review", labels=("retracted", "review")),
    pages=(Page(1, 0, 18, 600, 800), Page(2, 18, len(TEXT), 600, 800)),
    references=(
        entry("1. Roe B. On the liver. 2019.", label="1"),
        entry(
            "2. Smith A, Müller B. On the\nkidney. 2021. doi:10.1234/k.5",
            label="2",
            authors=("Smith", "Müller"),
            year=2021,
            title="On the kidney",
            doi="10.1234/k.5",
        ),
        entry("3. Doe C. Lupus. 2022.", label="3"),
    ),
    mentions=(
        Mention(TEXT.index("[1]"), TEXT.index("[1]") + 3, (0,)),
        Mention(TEXT.index("[2, 3]"), TEXT.index("[2, 3]") + 6, (1, 2)),
    ),
)
SPAN = Span(TEXT.index(QUOTE), TEXT.index(QUOTE) + len(QUOTE))


def test_a_quote_names_the_references_it_points_to() -> None:
    found = cite(DOCUMENT, SPAN, 1, 0.5).cites
    assert [(one.marker, one.reference) for one in found] == [
        ("[2, 3]", "2. Smith A, Müller B. On the kidney. 2021. doi:10.1234/k.5"),
        ("[2, 3]", "3. Doe C. Lupus. 2022."),
    ]
    first = found[0]
    assert (first.authors, first.year, first.title, first.doi) == (
        ("Smith", "Müller"),
        2021,
        "On the kidney",
        "10.1234/k.5",
    )


def test_a_quote_that_points_to_none_names_none() -> None:
    assert cite(DOCUMENT, Span(SPAN.start, SPAN.start + 9), 1, 0.5).cites == ()


def test_a_citation_carries_labels_page_and_rectangles() -> None:
    where = (Rectangle(2, 10.0, 20.0, 110.0, 32.0),)
    citation = cite(DOCUMENT, SPAN, 1, 0.5, where)
    assert (citation.labels, citation.page, citation.rectangles) == (("retracted", "review"), 2, where)
    assert cite(DOCUMENT, SPAN, 1, 0.5, (Rectangle(1, 10.0, 20.0, 110.0, 32.0),)).page == 1  # the words say where
    as_json = citation.model_dump(mode="json")
    assert as_json["rectangles"] == [{"page": 2, "left": 10.0, "top": 20.0, "right": 110.0, "bottom": 32.0}]
    assert as_json["cites"][0]["marker"] == "[2, 3]"
