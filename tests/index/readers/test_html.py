"""Web pages: the article without the site, and what the page says of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.documents import Document
from index.errors import UnreadableFileError
from index.readers.html import read

_PAGES = sorted((Path(__file__).parent / "html_pages").glob("*.html"))
_OWN = (
    "Lanterns were hung in forty harbours, and the ships that came home were counted every evening for a year.",
    "Every evening two wardens counted the ships, and a third compared both counts before they were written down.",
    "More ships came home to the harbours with lanterns than to those without, by a margin of nine in each hundred.",
)
_SITE = (
    "Subscribe to our newsletter",
    "This site uses cookies",
    "Mooring ropes",
    "Similar articles",
    "Related",
    "Home",
    "Journals",
    "Google Scholar",
    "Crossref",
    "PubMed",
    "Download",
    "Full size",
    "Outline",
    "Go to:",
    "Full Text",
    "Show more",
    "Search for more papers",
    "Cite this article",
    "Permissions",
)
_PARAGRAPH = "The wardens of the harbour light their lanterns at dusk and put them out again when the morning comes."


def _read(html: str) -> Document:
    return read("page.html", html.encode())


def _searched(document: Document) -> list[str]:
    barred = {(span.start, span.end) for span in document.asides}
    return [document.text[b.start : b.end] for b in document.blocks if (b.start, b.end) not in barred]


@pytest.mark.parametrize("path", _PAGES, ids=lambda path: path.stem)
class TestPublishersPages:
    """Pages built as publishers build theirs."""

    def test_the_article_is_kept_and_the_site_is_gone(self, path: Path) -> None:
        document = read(path.name, path.read_bytes())
        assert [words for words in _OWN if words not in document.text] == []
        lines = document.text.splitlines()
        headings = {"Related"} if path.stem == "pandoc" else set()
        assert [line for line in lines if line.startswith(_SITE) and line not in headings] == []

    def test_what_the_page_says_of_it(self, path: Path) -> None:
        document = read(path.name, path.read_bytes())
        about = document.bibliography
        assert about.title == "Lanterns and the return of ships: a review"
        assert about.authors == ("Ada B Marsh", "Tom Quill")
        assert about.year == 2021
        assert document.text.count(about.title) - document.text.count(f"(2021) {about.title}") == 1
        for field, spans in about.stated.items():
            if field in {"title", "journal", "doi"}:
                assert all(span.of(document.text) == getattr(about, field) for span in spans)

    def test_its_reference_and_where_it_is_cited(self, path: Path) -> None:
        document = read(path.name, path.read_bytes())
        (entry,) = document.references
        assert "Annals of Wardens" in document.text[entry.start : entry.end]
        assert "Scholar" not in document.text[entry.start : entry.end]
        assert entry.year == 2001
        (mention,) = document.mentions
        words = document.text[mention.start : mention.end]
        assert words.strip("[]") == "1" or ("Brook" in words and "2001" in words)

    def test_headings_and_captions(self, path: Path) -> None:
        document = read(path.name, path.read_bytes())
        headings = [section.heading.lower().lstrip("12. ") for section in document.sections]
        assert "results" in headings
        if "month" in path.read_text(encoding="utf-8"):
            (caption,) = [words for words in _searched(document) if "Ships by the month." in words]
            assert caption.lower().startswith("fig")


class TestStructure:
    def test_headings_have_levels(self) -> None:
        document = _read(
            f"<h1>Lights</h1><h2>A</h2><p>{_PARAGRAPH}</p><h3>B</h3><p>One more line.</p><h2>C</h2><p>Two.</p>"
        )
        spans = {section.heading: section for section in document.sections}
        assert spans["A"].end == spans["C"].start == spans["B"].end

    def test_two_line_breaks_part_paragraphs(self) -> None:
        document = _read(f"<body>{_PARAGRAPH}<br><br>\nA second one stands here.<br>It goes on.</body>")
        assert _searched(document) == [_PARAGRAPH, "A second one stands here. It goes on."]

    def test_lists_are_items(self) -> None:
        document = _read(f"<p>{_PARAGRAPH}</p><ul><li>One lantern<li>Two <b>lanterns</b></ul>")
        assert _searched(document)[1:] == ["One lantern", "Two lanterns"]

    def test_a_table_is_read_row_by_row_after_its_caption(self) -> None:
        document = _read(
            f"<p>{_PARAGRAPH}</p><table><caption>Table 1. Ships.</caption><tr><th>Port</th><th>Ships</th></tr>"
            "<tr><td>North</td><td>41</td></tr><tr><td></td><td>7</td></tr></table>"
        )
        assert _searched(document)[1:] == ["Table 1. Ships.", "Port | Ships", "North | 41", "7"]

    def test_a_table_that_only_places_things_is_none(self) -> None:
        document = _read(
            f"<table><tr><td><a href='/'>Home</a></td><td><p>{_PARAGRAPH}</p><p>More.</p></td></tr></table>"
        )
        assert _PARAGRAPH in _searched(document)
        assert "|" not in document.text

    def test_a_label_set_apart_belongs_to_its_caption(self) -> None:
        document = _read(
            f"<p>{_PARAGRAPH}</p><figure><div>Figure 2</div><figcaption>Ships at dusk.</figcaption></figure>"
        )
        assert "Figure 2 Ships at dusk." in _searched(document)

    def test_exponents_stay_exponents_and_indices_are_plain(self) -> None:
        assert "10⁶ cells of CO2" in _read("<p>There were 10<sup>6</sup> cells of CO<sub>2</sub> in it.</p>").text

    def test_a_formula_is_read_once(self) -> None:
        document = _read(
            '<p>Let <span class="katex"><span class="katex-mathml"><math><semantics><mi>x</mi>'
            '<annotation encoding="application/x-tex">x</annotation></semantics></math></span>'
            '<span class="katex-html" aria-hidden="true">x</span></span> be the number of lanterns in the harbour.</p>'
        )
        assert "Let x be the number" in document.text

    def test_scripts_styles_and_what_is_hidden_are_no_text(self) -> None:
        document = _read(
            f"<style>p{{}}</style><script>var secret = 1;</script><p>{_PARAGRAPH}</p>"
            "<div style='display: none'>Unseen</div>"
            "<p hidden>Unseen</p><noscript>Unseen</noscript><!-- Unseen --><img alt='Unseen'>"
        )
        assert document.text == _PARAGRAPH


class TestSite:
    def test_a_heading_of_the_authors_is_no_box_of_the_site(self) -> None:
        words = (
            "Sharing of data was rare, and the metrics that the harbours kept were seldom compared with one another."
        )
        document = _read(
            f'<h1>Lights</h1><section id="comments"><h2>Comments</h2></section><section id="metrics"><h2>Metrics</h2>'
            f"<p>{words}</p></section><section id='sharing'><h2>Sharing</h2><p>{_PARAGRAPH}</p></section>"
        )
        assert words in document.text
        assert _PARAGRAPH in document.text

    def test_a_box_around_everything_is_kept_whatever_its_name(self) -> None:
        document = _read(
            f'<body class="no-sidebar cookies"><div class="with-sidebar share"><p>{_PARAGRAPH}</p></div></body>'
        )
        assert document.text == _PARAGRAPH

    def test_lists_of_other_articles_are_left_out(self) -> None:
        document = _read(
            f"<h1>Lights</h1><p>{_PARAGRAPH}</p><p>{_PARAGRAPH[4:]}</p><h2>Related articles</h2>"
            "<p>Ropes of the north</p>"
            "<p>The price of tar</p>"
        )
        assert "tar" not in document.text

    def test_names_dates_and_licences_are_asides(self) -> None:
        document = _read(
            f"<article><h1>Lights of the harbour</h1><p>Ada Marsh, Tom Quill</p>"
            "<p>School of Harbours, University of Port</p>"
            f"<p>Received: 1 May 2020</p><h2>Abstract</h2><p>{_PARAGRAPH}</p>"
            "<p>© 2020 The Authors. This is an open access article under the CC BY licence.</p></article>"
        )
        assert _searched(document) == ["Lights of the harbour", "Abstract", _PARAGRAPH]
        assert "University of Port" in document.text
        assert document.bibliography.authors == ("Ada Marsh", "Tom Quill")


class TestMetadata:
    def test_schema_org(self) -> None:
        document = _read(
            '<head><title>Dusk | Harbour News</title><meta property="og:site_name" content="Harbour News">'
            '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "Dusk at last",'
            '"author": [{"@type": "Person", "name": "Ada Marsh"}], "datePublished": "2020-05-01T10:00Z"}]}'
            "</script></head>"
            f"<article><h1>Dusk at last</h1><p>{_PARAGRAPH}</p></article>"
        )
        about = document.bibliography
        assert (about.title, about.authors, about.year) == ("Dusk at last", ("Ada Marsh",), 2020)
        assert about.journal == "Harbour News"

    def test_names_are_given_first(self) -> None:
        tags = "".join(
            f'<meta name="citation_author" content="{name}">'
            for name in ("Marsh, Ada B", "Tom Quill, MD, PhD", "van der Berg, Jan", "King, Lee, Jr")
        )
        assert _read(f"<head>{tags}</head><p>{_PARAGRAPH}</p>").bibliography.authors == (
            "Ada B Marsh",
            "Tom Quill",
            "Jan van der Berg",
            "Lee King Jr",
        )

    def test_the_sites_name_is_no_part_of_the_title(self) -> None:
        document = _read(f"<title>Lights of the harbour - Journal of Ports</title><p>{_PARAGRAPH}</p>")
        assert document.bibliography.title == "Lights of the harbour"

    @pytest.mark.parametrize(
        ("html", "label"),
        [
            ('<meta name="citation_title" content="RETRACTED: Lights"><h1>RETRACTED: Lights</h1>', "retracted"),
            ('<h1>Lights</h1><div class="retraction-notice">This article has been retracted.</div>', "retracted"),
            ('<meta name="citation_article_type" content="Review Article"><h1>Lights</h1>', "review"),
            ('<h1>Lights</h1><p>This article is a preprint and has not been peer-reviewed.</p>', "preprint"),
            ("<h1>Correction to: Lights</h1>", "correction"),
        ],
    )  # fmt: skip
    def test_labels(self, html: str, label: str) -> None:
        document = _read(f"{html}<h2>Abstract</h2><p>{_PARAGRAPH}</p>")
        assert label in document.bibliography.labels

    def test_nothing_is_invented(self) -> None:
        about = _read(f"<p>{_PARAGRAPH}</p>").bibliography
        assert (about.title, about.authors, about.year, about.journal, about.doi, about.labels) == (
            "",
            (),
            None,
            "",
            "",
            (),
        )


class TestReferences:
    _LIST = "".join(
        f'<li id="r{n}">Brook C. Light number {n}. Annals of Wardens. 200{n};4:1-9. <a href="/x">PubMed</a></li>'
        for n in range(1, 6)
    )

    def test_a_range_covers_those_between(self) -> None:
        document = _read(
            f'<p>{_PARAGRAPH} It was so [<a href="#r1">1</a>, <a href="#r3">3</a>–<a href="#r5">5</a>].</p>'
            f"<h2>References</h2><ol>{self._LIST}</ol>"
        )
        (mention,) = document.mentions
        assert document.text[mention.start : mention.end] == "[1, 3–5]"
        assert mention.references == (0, 2, 3, 4)
        assert [entry.label for entry in document.references] == ["1", "2", "3", "4", "5"]

    def test_entries_are_not_searched(self) -> None:
        document = _read(f"<p>{_PARAGRAPH}</p><h2>References</h2><ol>{self._LIST}</ol>")
        assert not any("Annals" in words for words in _searched(document))
        assert len(document.references) == 5


class TestFiles:
    @pytest.mark.parametrize("html", ["", "  \n", "<html><body></body></html>", "<script>x</script>", "<!-- x -->"])
    def test_an_empty_page(self, html: str) -> None:
        with pytest.raises(UnreadableFileError, match=r"^page.html: the page holds no text"):
            _read(html)

    @pytest.mark.parametrize(
        "data",
        [
            "<p>Grüße aus dem Häfen.</p>".encode("utf-16"),
            "\ufeff<p>Grüße aus dem Häfen.</p>".encode(),
            '<meta charset="utf-16"><p>Grüße aus dem Häfen.</p>'.encode(),
            '<meta charset="iso-8859-1"><p>Grüße aus dem Häfen.</p>'.encode("cp1252"),
            b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'
            + "<p>Grüße aus dem Häfen.</p>".encode("cp1252"),
            '<?xml version="1.0" encoding="iso-8859-1"?><html><p>Grüße aus dem Häfen.</p></html>'.encode("latin-1"),
        ],
    )
    def test_encodings(self, data: bytes) -> None:
        assert read("page.html", data).text == "Grüße aus dem Häfen."

    def test_a_page_saved_as_one_file(self) -> None:
        data = (
            "From: <Saved by a browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=X\r\n"
            "\r\n--X\r\n"
            "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            "<p>Gr=C3=BC=C3=9Fe aus dem Hafen.</p>\r\n--X\r\nContent-Type: image/png\r\n\r\nPNG\r\n--X--\r\n"
        )
        assert read("page.mhtml", data.encode()).text == "Grüße aus dem Hafen."

    def test_boxes_in_boxes(self) -> None:
        assert _read("<div>" * 20_000 + "bottom text" + "</div>" * 20_000).text == "bottom text"

    def test_unclosed_tags_and_no_body(self) -> None:
        assert _searched(_read("<p>One stands here.<p>Two <i>stands <li>Three"))[0] == "One stands here."

    def test_too_many_tags(self) -> None:
        with pytest.raises(UnreadableFileError, match=r"^page.html: this web page is too large"):
            _read("<b>" * 2_100_000)

    def test_pictures_in_the_page_do_not_count(self) -> None:
        assert _read(f'<p>{_PARAGRAPH}<img src="data:image/png;base64,{"A" * 100_000}"></p>').text == _PARAGRAPH


_WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30)
_TAGS = st.sampled_from(
    ["p", "div", "li", "ul", "table", "tr", "td", "th", "sup", "a", "h2", "br", "span", "math", "nav", "dl"]
)


@example([("math", "<A:", True)])
@given(st.lists(st.tuples(_TAGS, _WORDS, st.booleans()), max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_markup_ends_in_a_document_or_one_line(parts: list[tuple[str, str, bool]]) -> None:
    html = "".join(f"<{tag}>{words}" + (f"</{tag}>" if closed else "") for tag, words, closed in parts)
    try:
        document = _read(html)
    except UnreadableFileError as error:
        assert str(error).startswith("page.html: ")
        assert "\n" not in str(error)
        return
    last = 0
    for block in document.blocks:
        assert last <= block.start < block.end <= len(document.text)
        last = block.end
    for span in document.asides:
        assert span.of(document.text).strip()


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_bytes_end_in_a_document_or_one_line(data: bytes) -> None:
    try:
        assert isinstance(read("page.html", b"<html>" + data).text, str)
    except UnreadableFileError as error:
        assert str(error).startswith("page.html: ")
