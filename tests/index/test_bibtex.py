"""A .bib export of a reference manager is read entry by entry, and its entries find their documents."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.bibtex import Catalogue, Record, match, merged, parse
from index.documents import Bibliography, Span
from index.errors import UnreadableFileError

ZOTERO = r"""
@article{doe_counting_2020,
	title = {Counting of {DNA} in mice: a \emph{new} way},
	volume = {12},
	doi = {10.1000/Abc\_def},
	journal = {Journal of Cells},
	author = {Doe, Jane and van der Berg, Piet and Müller, Jr, Hans},
	month = mar,
	year = {2020},
	file = {Full Text:files/12/Doe 2020.pdf:application/pdf;Snapshot:files/13/doe.html:text/html},
}
"""


def record(words: str) -> Record:
    (one,) = parse("x.bib", words.encode()).records
    return one


def field(name: str, words: str) -> Record:
    return record(f"@article{{a, {name} = {{{words}}}}}")


def test_an_entry_as_zotero_writes_it() -> None:
    assert record(ZOTERO) == Record(
        key="doe_counting_2020",
        type="article",
        title="Counting of DNA in mice: a new way",
        authors=("Jane Doe", "Piet van der Berg", "Hans Müller Jr"),
        year=2020,
        journal="Journal of Cells",
        doi="10.1000/Abc_def",
        files=("files/12/Doe 2020.pdf", "files/13/doe.html"),
    )


def test_an_entry_as_biblatex_has_it() -> None:
    one = record(
        "@article{a, title={Cells}, subtitle={A primer}, journaltitle={J Cells}, date={2021-03/2021-04},"
        "author={family=Berg, given=Piet, prefix=van der, useprefix=true and Doe, J.}, doi={https://doi.org/10.1000/xyz}}"
    )
    assert (one.title, one.journal, one.year, one.doi) == ("Cells: A primer", "J Cells", 2021, "10.1000/xyz")
    assert one.authors == ("Piet van der Berg", "J. Doe")


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"M{\"u}ller, \'{e}t{\'e}, Stra{\ss}e, {\v{S}}im{\'\i}k, {\O}re", "Müller, été, Straße, Šimík, Øre"),
        (r"Cells \& mice -- 50\% of ``them''", "Cells & mice – 50% of “them”"),
        ("Cells & mice, 50% of {{them}}~all", "Cells & mice, 50% of them all"),
        (r"$\alpha$-cells in H$_2$O and Ca$^{2+}$", "α-cells in H2O and Ca2+"),
        (r"\textit{E. coli} \textsuperscript{18}F at \textless 5", "E. coli 18F at <5"),
        (r"\textless i\textgreater{}E. coli\textless/i\textgreater{} cells", "E. coli cells"),
        (r"Costs of US\$5 and $6", "Costs of US$5 and $6"),
        (r"Sets {\textbraceleft}a{\textbraceright} {\textbackslash}b {\textasciicircum}c", r"Sets {a} \b ^c"),
        ("A -{}- no dash", "A -- no dash"),
    ],
)
def test_latex_becomes_text(latex: str, words: str) -> None:
    assert field("title", latex).title == words


@pytest.mark.parametrize(
    ("latex", "names"),
    [
        ("Jane Doe and John van der Berg", ("Jane Doe", "John van der Berg")),
        ("de la Cruz, Ana and Doe, Jr, Jim", ("Ana de la Cruz", "Jim Doe Jr")),
        ("{World Health Organization} and {Doe and Roe Society}", ("World Health Organization", "Doe and Roe Society")),
        ("Doe, Jane and others", ("Jane Doe", "et al.")),
        ("Doe, Jane\n  and Roe, Kim", ("Jane Doe", "Kim Roe")),
        ("Anderson, Brandy", ("Brandy Anderson",)),
    ],
)
def test_names(latex: str, names: tuple[str, ...]) -> None:
    assert field("author", latex).authors == names


@pytest.mark.parametrize(
    ("file", "paths"),
    [
        ("Full Text:files/12/x.pdf:application/pdf", ("files/12/x.pdf",)),
        ("/home/u/Zotero/storage/ABC/x y.pdf", ("/home/u/Zotero/storage/ABC/x y.pdf",)),
        ("/a/x.pdf;/b/y.pdf", ("/a/x.pdf", "/b/y.pdf")),
        (r"Full Text:C\:\\Users\\u\\my\_x.pdf:application/pdf", ("C:/Users/u/my_x.pdf",)),
        (r"C\:\\Users\\u\\x.pdf", ("C:/Users/u/x.pdf",)),
        (r"C:\Users\u\x.pdf", ("C:/Users/u/x.pdf",)),
        (":x.pdf:PDF", ("x.pdf",)),
        ("x.pdf:PDF", ("x.pdf",)),
        (r":C$\backslash$:/Users/u/x.pdf:pdf", ("C:/Users/u/x.pdf",)),
        (":home/u/x.pdf:pdf", ("home/u/x.pdf",)),
        ("file:///home/u/a%20b.pdf", ("/home/u/a b.pdf",)),
        (r"Doe\; Roe:a\:b.pdf:application/pdf", ("a:b.pdf",)),
        ("50%.pdf", ("50%.pdf",)),
    ],
)
def test_files_of_all_reference_managers(file: str, paths: tuple[str, ...]) -> None:
    assert field("file", file).files == paths


def test_macros_are_put_in() -> None:
    one = record(
        '@string{jc = "Journal of Cells"}\n@article{a, journal = jc # ", Part " # {B}, year = 1999, title="Cells"}'
    )
    assert (one.journal, one.year, one.title) == ("Journal of Cells, Part B", 1999, "Cells")


def test_what_an_entry_says_it_is() -> None:
    assert record("@misc{a, title={Cells}, publisher={bioRxiv}}").labels == ("preprint",)
    assert record("@article{a, title={RETRACTED: Cells: a systematic review}}").labels == ("retracted", "review")
    assert record("@article{a, title={Cells}, journal={Cell}, eprinttype={arXiv}}").labels == ()


def test_broken_entries_cost_themselves_alone() -> None:
    read = parse(
        "my.bib",
        b"@article{a, title={One}}\n@article{b, title={unbalanced { oops}\n\n@article{c, title={Two},}\n"
        b"@article{d title={x}}\n@comment{jabref-meta: x}\n@book{e, title={Three}, title={3}}\n"
        b"@book{e, title={Four}}\n@article{",
    )
    assert [one.title for one in read.records] == ["One", "Two", "Three", "Four"]
    assert len(read.problems) == 3
    assert read.problems[0].startswith("my.bib: line 2: ")
    assert "@article{b" in read.problems[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_encodings(encoding: str) -> None:
    data = "@article{a,\r\n title={Zellzählung}\r\n}".encode(encoding)
    assert parse("x.bib", data).records[0].title == "Zellzählung"


@pytest.mark.parametrize("data", [b"", b"no entry", b"\x00\x01\x02", b"@article{a, title={x"])
def test_a_file_of_which_nothing_can_be_read(data: bytes) -> None:
    with pytest.raises(UnreadableFileError) as raised:
        parse("my.bib", data)
    assert str(raised.value).startswith("my.bib: ")
    assert "\n" not in str(raised.value)


@given(
    st.one_of(st.binary(max_size=200), st.text(alphabet='@article{a,title="}#=\\$%& \n', max_size=80).map(str.encode))
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read = parse("x.bib", data)
    except UnreadableFileError:
        return
    assert isinstance(read, Catalogue)
    assert read.records


# Which document an entry is about

DOE = Record("doe", "article", "Counting of cells", ("Jane Doe",), 2020, "J Cells", "10.1000/abc", ("files/1/x.pdf",))
ROE = Record("roe", "article", "Weighing of cells", ("Kim Roe",), 2021, "J Cells", "10.1000/def", ("files/2/y.pdf",))


def test_a_document_is_found_by_its_file() -> None:
    documents = {"x.pdf": Bibliography(title="Something else"), "sub/Y.PDF": Bibliography()}
    assert match([DOE, ROE], documents) == {"x.pdf": DOE, "sub/Y.PDF": ROE}


def test_of_files_with_one_name_the_folder_decides() -> None:
    one = Record("a", "article", "A", files=("storage/AAA/paper.pdf",))
    two = Record("b", "article", "Weighing of cells", files=("storage/BBB/paper.pdf",))
    assert match([one, two], {"BBB/paper.pdf": Bibliography()}) == {"BBB/paper.pdf": two}
    assert match([one, two], {"paper.pdf": Bibliography()}) == {}
    assert match([one, two], {"paper.pdf": Bibliography(title="Weighing of cells")}) == {"paper.pdf": two}


def test_a_document_is_found_by_its_doi_whatever_its_case() -> None:
    assert match([DOE, ROE], {"a.txt": Bibliography(doi="10.1000/DEF")}) == {"a.txt": ROE}


def test_a_document_is_found_by_its_title_whatever_its_case_and_dashes() -> None:
    own = Bibliography(title="COUNTING of  Cells.", authors=("Doe, J.",), year=2019)
    assert match([DOE, ROE], {"a.txt": own}) == {"a.txt": DOE}


@pytest.mark.parametrize(
    "own",
    [
        Bibliography(title="Counting of cells", year=2015),
        Bibliography(title="Counting of cells", authors=("Moe, Ann",)),
        Bibliography(title="Counting of cells", doi="10.1000/other"),
        Bibliography(title="Counting of all cells"),
        Bibliography(),
    ],
)
def test_a_title_that_year_author_or_doi_contradicts_is_no_match(own: Bibliography) -> None:
    assert match([DOE], {"a.txt": own}) == {}


def test_the_file_beats_the_doi_and_the_doi_the_title() -> None:
    assert match([DOE, ROE], {"x.pdf": Bibliography(doi="10.1000/def")}) == {"x.pdf": DOE}
    assert match([DOE, ROE], {"a.txt": Bibliography(title="Counting of cells", doi="10.1000/def")}) == {"a.txt": ROE}


def test_one_article_in_two_formats_has_one_entry() -> None:
    own = Bibliography(doi="10.1000/abc")
    assert match([DOE], {"a.pdf": own, "a.html": own}) == {"a.pdf": DOE, "a.html": DOE}


def test_what_fits_twice_equally_well_is_no_match() -> None:
    other = Record("b", "article", "Counting of cells", ("Jane Doe",), 2020, "K Cells")
    assert (
        match([Record("a", "article", "Counting of cells"), other], {"a.txt": Bibliography(title="Counting of cells")})
        == {}
    )
    own = Bibliography(title="Counting of cells")
    assert match([DOE], {"a.txt": own, "b.txt": own}) == {}


def test_an_entry_that_is_there_twice_is_one() -> None:
    again = Record("doe-1", "article", *[DOE.title, DOE.authors, DOE.year, DOE.journal, DOE.doi])
    assert match([DOE, again], {"a.txt": Bibliography(doi="10.1000/abc")}) == {"a.txt": DOE}


def test_a_word_or_two_are_a_title_only_with_year_and_author() -> None:
    short = Record("a", "article", "Editorial", ("Jane Doe",), 2020)
    assert match([short], {"a.txt": Bibliography(title="Editorial")}) == {}
    own = Bibliography(title="Editorial", authors=("Doe, J.",), year=2020)
    assert match([short], {"a.txt": own}) == {"a.txt": short}


# What the document's bibliography is then


def test_an_entry_corrects_and_completes_and_the_rest_stays() -> None:
    spans = {name: (Span(i, i + 1),) for i, name in enumerate(["title", "authors", "year", "journal"])}
    own = Bibliography("COUNTING OF CELLS", ("J. Doe",), 2019, "J Cells", "", ("review",), spans)
    assert merged(own, DOE) == Bibliography(
        "Counting of cells",
        ("Jane Doe",),
        2020,
        "J Cells",
        "10.1000/abc",
        ("review",),
        {"title": spans["title"], "journal": spans["journal"]},
    )


def test_what_an_entry_does_not_say_stays() -> None:
    own = Bibliography("Cells", ("J. Doe",), 2019, "J Cells", "10.1/x", (), {"year": (Span(1, 2),)})
    assert merged(own, Record("a", "misc")) == own


@given(
    st.dictionaries(
        st.sampled_from(["a.pdf", "x.pdf", "b/y.pdf"]),
        st.sampled_from([Bibliography(), Bibliography(title="Counting of cells"), Bibliography(doi="10.1000/abc")]),
    )
)
def test_only_documents_of_the_shelf_and_entries_of_the_file_are_matched(documents: dict[str, Bibliography]) -> None:
    found = match([DOE, ROE], documents)
    assert set(found) <= set(documents)
    assert set(found.values()) <= {DOE, ROE}


@pytest.mark.parametrize(
    ("own", "record", "kept"),
    [
        (("Alessandro Chiarotto", "Caroline B Terwee"), ("A. Chiarotto", "C.B. Terwee"), True),
        (("Alessandro Chiarotto", "Caroline B Terwee", "Ann Roe"), ("A. Chiarotto", "et al."), True),
        (("Blache, Ulrich", "Tretbar, Sandy"), ("U Blache", "S Tretbar"), True),
        (("A Chiarotto", "C B Terwee"), ("Alessandro Chiarotto", "Caroline B Terwee"), False),
        (("Alessandro Chiarotto", "Caroline B Terwee", "Ann Roe"), ("A. Chiarotto", "C.B. Terwee"), False),
        (("Alessandro Chiarotto",), ("B. Chiarotto",), False),
        ((), ("A. Chiarotto",), False),
    ],
)
def test_a_record_that_only_abbreviates_the_authors_changes_nothing(
    own: tuple[str, ...], record: tuple[str, ...], kept: bool
) -> None:
    before = Bibliography(authors=own, stated={"authors": (Span(0, 9),)})
    after = merged(before, Record("a", "article", authors=record))
    assert (after == before) is kept
    assert kept or (after.authors, after.stated) == (record, {})


def test_a_record_that_only_abbreviates_the_journal_changes_nothing() -> None:
    before = Bibliography(journal="Annals of the Rheumatic Diseases", stated={"journal": (Span(0, 9),)})
    assert merged(before, Record("a", "article", journal="Ann Rheum Dis")) == before
    assert merged(before, Record("a", "article", journal="Ann. Rheum. Dis.")) == before
    assert merged(before, Record("a", "article", journal="Annals of Medicine")).journal == "Annals of Medicine"


def test_many_records_for_many_documents_are_matched_in_bounded_time() -> None:
    records = [Record(str(n), "article", title=f"The title of work {n}", doi=f"10.1/{n}") for n in range(4_000)]
    documents = {f"{n}.txt": Bibliography(title=f"The title of work {n}") for n in range(4_000)}
    started = time.perf_counter()
    assert len(match(records, documents)) == 4_000
    assert time.perf_counter() - started < 20
