"""XML files that are hostile, broken or wrongly declared: the text there is, or one clear line."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UnreadableFileError
from index.readers.xml import read


def text_of(body: str | bytes, head: str | bytes = "") -> str:
    parts = [part.encode() if isinstance(part, str) else part for part in (head, body)]
    return read("a.xml", parts[0] + b"<article><body><p>" + parts[1] + b"</p></body></article>").text


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        read("folder/a.xml", data)
    message = caught.value.message
    assert message.startswith("folder/a.xml: ") and "\n" not in message
    return message


# -- Entities --------------------------------------------------------------------------------------------------------


def test_an_external_entity_is_never_read_and_the_text_around_it_stays(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP SECRET")
    doctype = f'<?xml version="1.0"?><!DOCTYPE article [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    assert text_of("Before &x; after.", doctype) == "Before after."


def test_parameter_entities_and_external_subsets_are_not_fetched(tmp_path: Path) -> None:
    dtd = tmp_path / "evil.dtd"
    dtd.write_text('<!ENTITY x "from the DTD">')
    doctype = f'<!DOCTYPE article SYSTEM "{dtd.as_uri()}" [<!ENTITY % p SYSTEM "{dtd.as_uri()}"> %p;]>'
    assert text_of("Words &x; here.", doctype) == "Words &x; here."


def test_entities_of_entities_do_not_grow() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    started = time.process_time()
    assert text_of("Fine &l9; words.", f'<!DOCTYPE a [<!ENTITY l0 "lol">{laughs}]>') == "Fine words."
    assert time.process_time() - started < 1


def test_a_long_entity_used_often_does_not_grow() -> None:
    assert len(text_of("&x; " * 10_000 + "end", f'<!DOCTYPE a [<!ENTITY x "{"y" * 50_000}">]>')) < 100


def test_a_character_that_the_file_declares_is_kept() -> None:
    assert text_of("5 &micron;m", '<!DOCTYPE a [<!ENTITY micron "&#181;">]>') == "5 µm"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("&alpha;&nbsp;&mdash;&eacute;", "α —é"),
        ("&agr;&Dgr;", "αΔ"),
        ("&#x3b2;&#946;", "ββ"),
        ("R&amp;D, 3 &lt; 5", "R&D, 3 < 5"),
        ("R&D, 3 < 5, AT&T;", "R&D, 3 < 5, AT&T;"),
        ("&unheardof;", "&unheardof;"),
        ("<![CDATA[a & <b> &alpha;]]>", "a & <b> &alpha;"),
    ],
)
def test_named_characters_need_no_dtd(written: str, read_as: str) -> None:
    assert text_of(written, '<!DOCTYPE article PUBLIC "-//NLM//DTD" "journal.dtd">') == read_as


# -- Encodings -------------------------------------------------------------------------------------------------------

_WORDS = "Zoë’s naïve café — β 5 µg"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_declared_encodings(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    source = f'<?xml version="1.0" encoding="{declared}"?>\n<article><body><p>{_WORDS}</p></body></article>'
    assert read("a.xml", source.encode(encoding)).text == _WORDS


@pytest.mark.parametrize(
    ("declared", "encoding", "words"),
    [
        ("ISO-8859-1", "iso-8859-1", "Zoë naïve café"),
        ("ISO-8859-1", "cp1252", "Zoë’s naïve café — yes"),
        ("ISO-8859-1", "utf-8", _WORDS),
        ("UTF-8", "iso-8859-1", "Zoë’s naïve café déjà vu".replace("’", "'")),
        ("UTF-16", "utf-8", _WORDS),
        ("no-such-encoding", "utf-8", _WORDS),
        ("windows-1251", "windows-1251", "Волчанка лечится"),
    ],
)
def test_wrong_declarations_are_not_believed(declared: str, encoding: str, words: str) -> None:
    source = f'<?xml version="1.0" encoding="{declared}"?><article><body><p>{words}</p></body></article>'
    assert read("a.xml", source.encode(encoding)).text == words


# -- Broken and oversized --------------------------------------------------------------------------------------------


def test_a_file_cut_off_is_read_to_its_end() -> None:
    assert read("a.xml", b"<article><body><p>Whole words.</p><p>Cut off in").text == "Whole words.\n\nCut off in"


def test_tags_that_do_not_match_cost_no_words() -> None:
    assert text_of("One <italic>two <bold>three</italic> four.") == "One two three four."


def test_comments_and_instructions_are_no_words_and_lose_none() -> None:
    assert text_of("One<!-- note --> two<?layout x?> three.") == "One two three."


def test_control_characters_are_dropped() -> None:
    assert text_of("one \x01two\x0b three" + " words" * 100).startswith("one two three words")


def test_deep_nesting_is_one_clear_line() -> None:
    assert "nested too deeply" in refused(
        b"<article>" + b"<sec>" * 5000 + b"<p>x</p>" + b"</sec>" * 5000 + b"</article>"
    )


def test_deep_but_possible_nesting_is_read() -> None:
    deep = "<sec><title>T</title>" * 60 + "<p>Deep words.</p>" + "</sec>" * 60
    assert read("a.xml", f"<article><body>{deep}</body></article>".encode()).text.endswith("Deep words.")


@pytest.mark.parametrize("sign", ["&", "<", "<!--", "<![CDATA[", "<b>", "&a", "<?", "]]>"])
def test_time_is_linear_in_strange_input(sign: str) -> None:
    started = time.process_time()
    with suppress(UnreadableFileError):
        text_of(sign * 30_000)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "doctype", ["<!DOCTYPE a [" + "<" * 50_000, "<!DOCTYPE a [" + "<!ENTITY a " * 20_000, "<!DOCTYPE"]
)
def test_a_declaration_that_never_ends_takes_bounded_time(doctype: str) -> None:
    started = time.process_time()
    with suppress(UnreadableFileError):
        text_of("words", doctype)
    assert time.process_time() - started < 3


@pytest.mark.parametrize("data", [b"", b"hello", b"<?xml version='1.0'?>", b"\x00\x01", b"<", b"<article/>"])
def test_what_is_no_article_is_refused(data: bytes) -> None:
    refused(data)


def test_xml_of_another_kind_is_named() -> None:
    assert "<svg>" in refused(b"<svg xmlns='http://www.w3.org/2000/svg'><g/></svg>")


@pytest.mark.parametrize(
    "number", ["#xD800", "#xDFFF", "#55296", "#0", "#x1F", "#xFFFE", "#9999999", "#x110000", "#xFFFFFF"]
)
@pytest.mark.parametrize("declared", [False, True])
def test_a_number_that_is_no_character_costs_no_word(number: str, declared: bool) -> None:
    written = "e" if declared else number
    head = f'<!DOCTYPE article [<!ENTITY e "&{number};">]>' if declared else ""
    assert text_of(f"A heart &{written}; beats.", head) == "A heart \ufffd beats."


def test_numbers_of_characters_in_cdata_are_words() -> None:
    assert text_of("<![CDATA[A heart &#xD800; beats.]]>") == "A heart &#xD800; beats."


@pytest.mark.parametrize("tag", ["x:1", "x:-", "x:2-9", ":1", "x:y:3"])
def test_an_element_whose_name_is_none_costs_no_word(tag: str) -> None:
    assert text_of(f"A heart <{tag}>beats</{tag}> on.") == "A heart beats on."


_PIECES = (
    "<p> </p> <xref_rid='a'> </xref> <sup> </sup> <list> <list-item> </list> <fig> <table> <tr> <td> </tr> <sec> "
    "<ref_id='a'> </ref> <label> </label> 1 – [ ] words. &x; & < <title> </sec> <mml:math> <fn> <abstract>"
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from([" ", *(piece.replace("_", " ") for piece in _PIECES.split())])))
def test_whatever_the_markup_all_offsets_are_exact(parts: list[str]) -> None:
    try:
        document = read("a.xml", ("<article><body>" + "".join(parts)).encode())
    except UnreadableFileError:
        return
    length = len(document.text)
    for found in (*document.blocks, *document.mentions, *document.references, *document.sections, *document.asides):
        assert 0 <= found.start < found.end <= length
    for block in document.blocks:
        words = document.text[block.start : block.end]
        assert words == " ".join(words.split())
    for mention in document.mentions:
        assert document.text[mention.start : mention.end].strip()
        assert all(reference < len(document.references) for reference in mention.references)
