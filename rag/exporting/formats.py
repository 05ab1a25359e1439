"""Which formats there are, and what a file or a download of each is called. Nothing heavy is imported here."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """A format in which answers leave Pincite."""

    MARKDOWN = "markdown"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"
    JSON = "json"

    @property
    def extension(self) -> str:
        """What the name of a file ends in: ".bib"."""
        return _FORMATS[self][0]

    @property
    def media_type(self) -> str:
        """What HTTP calls it."""
        return _FORMATS[self][1]

    @property
    def label(self) -> str:
        """What a menu calls it."""
        return _FORMATS[self][2]

    @property
    def encoding(self) -> str:
        """The encoding of a file."""
        return "utf-8"


class TableFormat(StrEnum):
    """A format in which a comparison leaves Pincite."""

    CSV = "csv"
    MARKDOWN = "markdown"
    JSON = "json"

    @property
    def extension(self) -> str:
        """What the name of a file ends in: ".csv"."""
        return _TABLES[self][0]

    @property
    def media_type(self) -> str:
        """What HTTP calls it."""
        return _TABLES[self][1]

    @property
    def label(self) -> str:
        """What a menu calls it."""
        return _TABLES[self][2]

    @property
    def encoding(self) -> str:
        """The encoding of a file: spreadsheets take a CSV file for UTF-8 only where it says so at its head."""
        return "utf-8-sig" if self is TableFormat.CSV else "utf-8"


_FORMATS = {
    Format.MARKDOWN: (".md", "text/markdown", "Markdown"),
    Format.BIBTEX: (".bib", "application/x-bibtex", "BibTeX"),
    Format.RIS: (".ris", "application/x-research-info-systems", "RIS (Zotero, EndNote)"),
    Format.CSL_JSON: (".csl.json", "application/vnd.citationstyles.csl+json", "CSL-JSON"),
    Format.JSON: (".json", "application/json", "JSON, with offsets"),
}
_TABLES = {
    TableFormat.CSV: (".csv", "text/csv", "CSV (spreadsheets)"),
    TableFormat.MARKDOWN: (".md", "text/markdown", "Markdown"),
    TableFormat.JSON: (".json", "application/json", "JSON, with offsets"),
}
