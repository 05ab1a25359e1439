"""Small JATS articles for tests, and what is found in them."""

from __future__ import annotations

from index.documents import Document
from index.readers.xml import read


def article(
    body: str = "", meta: str = "", back: str = "", attributes: str = "", journal: str = "", rest: str = ""
) -> Document:
    source = (
        f"<article {attributes}><front><journal-meta>{journal}</journal-meta>"
        f"<article-meta>{meta}</article-meta></front>"
        f"<body>{body}</body><back>{back}</back>{rest}</article>"
    )
    return read("folder/a.xml", source.encode())


def text(body: str, **others: str) -> str:
    return article(body, **others).text


def lines(document: Document) -> list[str]:
    return [line for line in document.text.split("\n") if line]


def stated(document: Document, field: str) -> list[str]:
    return [span.of(document.text) for span in document.bibliography.stated.get(field, ())]


def titled(title: str) -> str:
    return f"<title-group><article-title>{title}</article-title></title-group>"


def person(family: str, given: str, more: str = "", kind: str = "author", link: str = "") -> str:
    names = f"<name><surname>{family}</surname><given-names>{given}</given-names>{more}</name>"
    return f'<contrib contrib-type="{kind}">{names}<xref ref-type="fn" rid="{link}"/></contrib>'


def refs(count: int) -> str:
    made = "".join(
        f'<ref id="r{n}"><label>{n}</label><mixed-citation><name><surname>Family{n}</surname> '
        f"<given-names>A</given-names>"
        f"</name>. <article-title>Title {n}</article-title>. <source>J</source>. "
        f"<year>20{n:02}</year>;1:2.</mixed-citation></ref>"
        for n in range(1, count + 1)
    )
    return f"<ref-list>{made}</ref-list>"


def cite(key: str, words: str) -> str:
    return f'<xref ref-type="bibr" rid="{key}">{words}</xref>'
