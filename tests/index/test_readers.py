"""Which bytes are a document, and which are refused with what reason."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_helpers import LIVER

from index.errors import UnreadableFileError
from index.readers import endings, read

NAMES = st.sampled_from(["a.txt", "sub/b.TEXT"])


def test_text_files_are_read() -> None:
    assert endings() == [".text", ".txt"]


@pytest.mark.parametrize("name", ["review.txt", "REVIEW.TXT", "a.b.text", "sub/folder/review.Txt"])
def test_the_ending_chooses_the_reader_in_upper_or_lower_case(name: str) -> None:
    document = read(name, LIVER.encode())
    assert (document.name, document.text, document.format) == (name, LIVER, "text")


@pytest.mark.parametrize(
    ("name", "ending"), [("a.pdf", ".pdf"), ("a.txt.zip", ".zip"), ("README", "nothing"), (".txt", "nothing")]
)
def test_an_unknown_ending_is_refused_by_name_with_the_known_ones(name: str, ending: str) -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        read(name, LIVER.encode())
    assert str(refusal.value) == f"{name}: files ending in {ending} are not read (.text, .txt are)."


@given(NAMES, st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff")).filter(str.strip))
def test_utf_8_is_read_as_it_stands(name: str, text: str) -> None:
    assert read(name, text.encode()).text == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_tells_the_encoding_and_is_not_text(mark: bytes, encoding: str) -> None:
    text = "Größe 👩🏽‍⚕️\r\nالعلاج\u2028細胞.\n"
    assert read("a.txt", mark + text.encode(encoding)).text == text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_line_ends_stay_what_they_are(end: str) -> None:
    text = f"First line.{end}Second line.{end}{end}"
    assert read("a.txt", text.encode()).text == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t \xc2\xa0 \xe2\x80\xa8", "only white space"),
        (codecs.BOM_UTF8, "white space"),
        ("Größe".encode("latin-1"), r"not text in UTF-8 \(byte 2\); save it as UTF-8"),
        (b"fine until here \xff", r"not text in UTF-8 \(byte 16\)"),
        (b"\xed\xa0\x80 a lone surrogate", r"not text in UTF-8 \(byte 0\)"),
        (codecs.BOM_UTF16_LE + b"a\x00b", r"not text in UTF-16 \(byte"),
        (codecs.BOM_UTF32_LE + b"\xff\xff\xff\xff", r"not text in UTF-32 \(byte"),
        (b"%PDF\x00\x01\x02", "not a text file"),
        ("without a mark".encode("utf-16-le"), "not a text file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not text in UTF-8"),
    ],
)
def test_what_is_not_text_is_refused_with_the_name_and_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=rf"(?s)^sub/broken\.txt: .*{reason}"):
        read("sub/broken.txt", data)


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        document = read("any.txt", data)
    except UnreadableFileError as refusal:
        assert refusal.message.startswith("any.txt: ")
    else:
        assert document.text.strip()
        assert "\x00" not in document.text
        assert document.text.encode() == data.removeprefix(codecs.BOM_UTF8) or data[:2] in {
            b"\xff\xfe",
            b"\xfe\xff",
            b"\x00\x00",
        }


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200).filter(str.strip))
def test_furniture_and_sections_are_slices_of_the_text(text: str) -> None:
    document = read("a.txt", text.encode())
    for span in document.furniture:
        assert span.of(document.text).strip()
    for section in document.sections:
        assert 0 <= section.start < section.end <= len(document.text)
    assert list(document.furniture) == sorted(document.furniture, key=lambda span: span.start)
