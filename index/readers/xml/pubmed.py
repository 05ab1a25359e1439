"""PubMed records: title, abstract and what PubMed says of an article. A file may hold many."""

from __future__ import annotations

import re

from index.documents import Document, Span
from index.errors import UnreadableFileError
from index.readers.assembly import Assembly, tidy
from index.readers.markup.labels import SERVERS, heading_label, title_label
from index.readers.markup.source import Element
from index.readers.xml.jats_front import add_source, source_line
from index.readers.xml.jats_names import flat

_RECORDS = ("PubmedArticle", "PubmedBookArticle")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
# Notices that PubMed links: "RetractionIn" stands in the record of what was retracted.
_RETRACTED = "RetractionIn"


def document(name: str, root: Element) -> Document:
    """Read the records under an element.

    One record is a document with its bibliography. Of several each is a section headed by its title, with its
    abstract; the file as a whole has no title or authors then.

    Raises:
        UnreadableFileError: No record has a title or an abstract.
    """
    records = [root] if root.tag in _RECORDS else list(root.iter(*_RECORDS)) or list(root.iter("MedlineCitation"))
    assembly = Assembly()
    fields = [_record(assembly, record, alone=len(records) == 1) for record in records]
    if assembly.is_empty:
        raise UnreadableFileError(f"{name}: PubMed records without words.")
    return assembly.document(name, "pubmed", fields[0] if len(fields) == 1 else {})


def _record(assembly: Assembly, record: Element, alone: bool) -> dict[str, object]:
    article = record.find("MedlineCitation/Article")
    for path in ("Article", "BookDocument"):
        article = article if article is not None else record.find(path)
    if article is None:
        return {}
    title = (
        flat(article.find("ArticleTitle"))
        or flat(article.find("VernacularTitle"))
        or flat(article.find("Book/BookTitle"))
    )
    title = _plain_title(title)
    authors = tuple(dict.fromkeys(name for author in _authors(article) if (name := _full_name(author))))
    journal = flat(article.find("Journal/Title")) or flat(article.find("Journal/ISOAbbreviation"))
    journal = journal or flat(article.find("Book/BookTitle"))
    year, doi = _year(article), _doi(record, article)
    kinds = [flat(kind) for kind in article.iter("PublicationType")]
    labels = [label for kind in kinds if (label := heading_label(kind))]
    if any(link.get("RefType") == _RETRACTED for link in record.iter("CommentsCorrections")):
        labels.append("retracted")
    labels += [title_label(title), "preprint" if journal.split(":")[0].strip().lower() in SERVERS else ""]
    if alone:
        assembly.front("title", title)
        assembly.front("authors", ", ".join(authors))
        add_source(assembly, journal, year, _place(article), doi)
        _kinds(assembly, kinds)
        for place in dict.fromkeys(flat(one) for one in article.iter("Affiliation")):
            assembly.aside(place)
    else:
        assembly.heading(title or doi or flat(record.find(".//PMID")), 1)
        assembly.aside(", ".join(authors))
        assembly.aside(source_line(journal, year, _place(article), doi)[0])
        assembly.aside("; ".join(kinds))
    _abstract(assembly, article, alone)
    for other in record.iterfind("MedlineCitation/OtherAbstract"):
        if article.find("Abstract") is None and (other.get("Language") or "eng") == "eng":
            _sections(assembly, other, alone)
    keywords = "; ".join(word for keyword in record.iter("Keyword") if (word := flat(keyword)))
    assembly.aside(f"Keywords: {keywords}" if keywords else "")
    found = tuple(dict.fromkeys(label for label in labels if label))
    return {"title": title, "authors": authors, "journal": journal, "year": year, "doi": doi, "labels": found}


def _kinds(assembly: Assembly, kinds: list[str]) -> None:
    """The types of publication, on one line; those that are labels are noted as such."""
    kinds = [tidy(kind) for kind in kinds if kind]
    span = assembly.aside("; ".join(kinds))
    at = span.start if span is not None else 0
    for kind in kinds:
        if heading_label(kind):
            assembly.state("labels", Span(at, at + len(kind)))
        at += len(kind) + 2


def _plain_title(title: str) -> str:
    """A title without PubMed's closing full stop and its brackets around translated ones."""
    bare = title.rstrip(".") if not title.endswith("...") else title
    if bare.startswith("[") and bare.endswith("]") and "[" not in bare[1:]:
        bare = bare[1:-1].rstrip(".")
    return bare


def _abstract(assembly: Assembly, article: Element, alone: bool) -> None:
    abstract = article.find("Abstract")
    if abstract is None:
        return
    if alone:
        assembly.heading("Abstract", 1)
    _sections(assembly, abstract, alone)


def _sections(assembly: Assembly, abstract: Element, alone: bool) -> None:
    for part in abstract.iterfind("AbstractText"):
        label, words = (part.get("Label") or "").strip(), _words(part)
        if not words:
            continue
        if not label or label.upper() == "UNLABELLED":
            assembly.paragraph(words)
        elif alone:
            assembly.heading(label, 2)
            assembly.paragraph(words)
        else:
            # The section stays that of the record, so that a quotation names the article.
            assembly.paragraph(f"{label}: {words}")


def _words(part: Element) -> str:
    """Words whose lines may have been broken and indented before inline mark-up ("β" "<sub>2</sub>")."""
    made = [part.text or ""]
    for child in part:
        if child.tag in ("sub", "sup") and made[-1].endswith(("\n", "\t")) and (before := made[-1].rstrip()):
            made[-1] = before
        made += [flat(child), child.tail or ""]
    return " ".join("".join(made).split())


def _authors(article: Element) -> list[Element]:
    lists = [group for group in article.iter("AuthorList") if (group.get("Type") or "authors") == "authors"]
    return [author for group in lists[:1] for author in group.iterfind("Author")]


def _full_name(author: Element) -> str:
    if group := flat(author.find("CollectiveName")):
        return group.rstrip(".")
    given = flat(author.find("ForeName")) or flat(author.find("FirstName")) or flat(author.find("Initials"))
    parts = (given, flat(author.find("LastName")), flat(author.find("Suffix")))
    return " ".join(part for part in parts if part)


def _year(article: Element) -> int | None:
    for path in ("Journal/JournalIssue/PubDate/Year", "Journal/JournalIssue/PubDate/MedlineDate", "ArticleDate/Year",
                 "ContributionDate/Year", "Book/PubDate/Year"):  # fmt: skip
        if found := _YEAR.search(flat(article.find(path))):
            return int(found[0])
    return None


def _doi(record: Element, article: Element) -> str:
    for number in article.iter("ELocationID"):
        if number.get("EIdType") == "doi" and number.get("ValidYN") != "N":
            return flat(number)
    numbers = [*record.iterfind("PubmedData/ArticleIdList/ArticleId"), *article.iterfind("ArticleIdList/ArticleId")]
    return next((flat(number) for number in numbers if number.get("IdType") == "doi"), "")


def _place(article: Element) -> str:
    issue, pages = flat(article.find("Journal/JournalIssue/Issue")), flat(article.find("Pagination/MedlinePgn"))
    volume = flat(article.find("Journal/JournalIssue/Volume"))
    return volume + (f"({issue})" if issue else "") + (f":{pages}" if pages else "")
