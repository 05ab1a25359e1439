"""Plain text in any encoding: the characters as they stand."""

from __future__ import annotations

import codecs
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_helpers import LIVER

from index.errors import UnreadableFileError
from index.readers import read

GERMAN = "Größe und Überleben der Patienten: für die Behandlung größerer Gruppen ist mehr nötig.\n"
FRENCH = "Le traitement à base d’anticorps a été évalué chez l’enfant — « résultats » à 5 ans.\n"
ENGLISH = "The dose was 5 µg ± 0.3 (95% CI 1.2–3.4) at 37 °C. Patients with Sjögren’s syndrome were “excluded”.\n"
DANISH = "Behandlingen af børn på hospitalet blev undersøgt; også ældre fik medicin i løbet af året.\n"
POLISH = "Leczenie chorych na łuszczycę i łuszczycowe zapalenie stawów. Źródło zakażenia żółtaczką.\n" * 5
RUSSIAN = "Лечение больных с аутоиммунными заболеваниями. Результаты исследования показали эффект.\n" * 5
GREEK = "Η θεραπεία των ασθενών με αυτοάνοσα νοσήματα.\n" * 5
JAPANESE = "自己免疫疾患の患者に対するCAR-T細胞療法の結果を報告する。これは試験である。\n" * 5
CHINESE = "自身免疫性疾病患者的治疗结果。本研究报告了结果。\n" * 5


@pytest.mark.parametrize("name", ["review.txt", "REVIEW.TXT", "a.b.text", "sub/folder/review", ".hidden", "a.unknown"])
def test_text_is_read_whatever_its_name(name: str) -> None:
    document = read(name, LIVER.encode())
    assert (document.name, document.text, document.format) == (name, LIVER, "text")


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufeff\ufffe\uffff<"))


@given(WORDS)
def test_utf_8_is_read_as_it_stands(words: str) -> None:
    text = f"Lupus {words}"
    assert read("a.txt", text.encode()).text == text


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


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_characters_are_told_without_a_mark(encoding: str) -> None:
    assert read("a.txt", (GERMAN + ENGLISH).encode(encoding)).text == GERMAN + ENGLISH


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "latin-1"),
        (GERMAN, "mac_roman"),
        (GERMAN, "cp850"),
        (FRENCH, "cp1252"),
        (FRENCH, "mac_roman"),
        (ENGLISH, "cp1252"),
        (ENGLISH, "mac_roman"),
        (DANISH, "cp1252"),
        ("können", "latin-1"),
        ("äöüß in a line\n", "latin-1"),
        ("naïve", "latin-1"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859_2"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (GREEK, "cp1253"),
        (JAPANESE, "cp932"),
        (JAPANESE, "iso2022_jp"),
        (CHINESE, "gb18030"),
    ],
)
def test_other_encodings_are_told_by_what_reads_well(text: str, encoding: str) -> None:
    assert read("a.txt", text.encode(encoding)).text == text


def test_a_long_text_is_told_as_a_short_one_is() -> None:
    text = "CAR T cells for lupus.\n" * 20_000 + JAPANESE * 2_000
    assert read("a.txt", text.encode("cp932")).text == text


def test_a_few_bytes_of_another_encoding_in_utf_8_spoil_nothing() -> None:
    data = (ENGLISH + GERMAN * 3).encode() + b"caf\xe9 and \x93quotes\x94"
    assert read("a.txt", data).text == ENGLISH + GERMAN * 3 + "café and “quotes”"


def test_stray_nul_bytes_are_dropped() -> None:
    assert read("a.txt", b"CAR T cells\x00\x00 for\x00 lupus.\n").text == "CAR T cells for lupus.\n"


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
        (b"\x01\x02\x00\x04 a few words", "binary data"),
        (bytes(range(256)) * 4, "binary data"),
        (bytes(byte | 128 for byte in random.Random(1).randbytes(3000)), "encoding cannot be told"),
        (b"a\x00\x00\x00\x00\x00\x00b\x00\x00", "binary data"),
    ],
)
def test_what_is_not_text_is_refused_with_the_name_and_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=rf"(?s)^sub/broken\.txt: .*{reason}"):
        read("sub/broken.txt", data)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "data",
    [
        b"a" * 3_000_000,
        (b"ACGT" * 2500 + b"\n") * 60,
        b"(" * 200_000 + b"word",
        "é".encode() * 100_000,
        b"1. " * 99_999,
    ],
)
def test_dull_text_is_read_in_time(data: bytes) -> None:
    assert read("a.txt", data).format == "text"


REVIEW = """CAR T cells in lupus

Background

Lupus is a disease in which the immune system attacks the body's own tissue, and B cells drive it [1]. Deep depletion
of B cells by CAR T cells led to remission in small series of patients [2].

References

1. Tsokos GC. Systemic lupus erythematosus. N Engl J Med. 2011;365:2110-21.
2. Mackensen A, Müller F. Anti-CD19 CAR T cell therapy for refractory lupus. Nat Med. 2022;28:2124-32.
"""


def test_a_reference_list_is_an_aside_and_marks_point_into_it() -> None:
    document = read("a.txt", REVIEW.encode())
    assert [entry.year for entry in document.references] == [2011, 2022]
    assert [(document.text[m.start : m.end], m.references) for m in document.mentions] == [("[1]", (0,)), ("[2]", (1,))]
    assert all(any(a.start <= e.start and e.end <= a.end for a in document.asides) for e in document.references)


@given(st.binary(max_size=80))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        document = read("any.txt", data)
    except UnreadableFileError as refusal:
        assert refusal.message.startswith("any.txt: ")
    else:
        assert document.text.strip()
        assert "\x00" not in document.text
        document.text.encode()


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200))
def test_spans_are_slices_of_the_text(text: str) -> None:
    try:
        document = read("a.text", f"Lupus. {text}".encode())
    except UnreadableFileError:
        return
    for span in (*document.furniture, *document.asides, *document.blocks, *document.sections, *document.mentions):
        assert 0 <= span.start < span.end <= len(document.text)
    assert list(document.furniture) == sorted(document.furniture, key=lambda span: span.start)
