"""Abbreviations that a sentence defines, and the list of common ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.abbreviations import built_in, definitions_in, long_key, same_letters, short_key


def defined(sentence: str) -> list[tuple[str, str]]:
    return [(made.short, made.long) for made in definitions_in(sentence)]


@pytest.mark.parametrize(
    ("sentence", "short", "long"),
    [
        ("Patients with systemic lupus erythematosus (SLE) relapsed.", "SLE", "systemic lupus erythematosus"),
        ("In SLE (systemic lupus erythematosus) it is rare.", "SLE", "systemic lupus erythematosus"),
        ("Cytokine release syndrome [CRS] was mild.", "CRS", "Cytokine release syndrome"),
        ("Cells with chimeric antigen receptors (CARs) persist.", "CAR", "chimeric antigen receptors"),
        ("The B-cell maturation antigen (BCMA; also CD269) is a target.", "BCMA", "B-cell maturation antigen"),
        ("Levels of interferon gamma (IFN-γ) rose.", "IFN-γ", "interferon gamma"),
        ("ACE2 (angiotensin-converting enzyme 2) binds it.", "ACE2", "angiotensin-converting enzyme 2"),
        ("An adeno-associated virus (AAV) carried it.", "AAV", "adeno-associated virus"),
        ("Its quality of life (QoL) was good.", "QoL", "quality of life"),
        ("All took methotrexate (MTX).", "MTX", "methotrexate"),
        ("An anti-synthetase syndrome (ASyS) followed.", "ASyS", "anti-synthetase syndrome"),
    ],
)
def test_a_definition_is_found_in_either_order(sentence: str, short: str, long: str) -> None:
    assert defined(sentence) == [(short, long)]


def test_a_sentence_may_define_several() -> None:
    sentence = "A chimeric antigen receptor (CAR) T cell (CAR-T) meets tumor necrosis factor (TNF)."
    assert dict(defined(sentence)) == {
        "CAR": "chimeric antigen receptor",
        "CAR-T": "chimeric antigen receptor T cell",
        "TNF": "tumor necrosis factor",
    }


@pytest.mark.parametrize(
    "sentence",
    [
        "As was shown before (Smith 2010; Jones 2012), it is rare.",
        "This is seen in the figure (Fig. 1).",
        "The difference was large (P = 0.03).",
        "Half of them (50%) recovered (n = 12).",
        "It occurs in lupus (SLE) and elsewhere.",
        "Many patients (SLE, SLE (SLE)) were seen.",
        "The end of a trial ended there (TET",
    ],
)
def test_what_only_stands_in_brackets_is_no_definition(sentence: str) -> None:
    assert defined(sentence) == []


@given(st.text(max_size=60), st.text(st.characters(categories=["Lu", "Ll", "Nd"]), max_size=12), st.text(max_size=60))
def test_long_forms_are_words_of_the_sentence(before: str, inside: str, after: str) -> None:
    sentence = f"{before} ({inside}) {after}"
    for short, long in defined(sentence):
        assert short in sentence
        assert all(word in sentence for word in long.split())


@pytest.mark.parametrize(
    ("one", "other"), [("CARs", "CAR"), ("CAR-T", "CAR T"), ("IFN-γ", "IFN-gamma"), ("Tregs", "Treg"), ("sle", "SLE")]
)
def test_a_short_form_is_the_same_in_every_spelling(one: str, other: str) -> None:
    assert short_key(one) == short_key(other)


def test_capitals_tell_a_short_form_as_it_is_written() -> None:
    assert same_letters("CARs", "CAR")
    assert same_letters("CAR T", "CAR-T")
    assert not same_letters("cars", "CAR")


def test_a_long_form_is_the_same_in_plural_and_with_hyphens() -> None:
    assert long_key("B-cell maturation antigens") == long_key("B cell maturation antigen")


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("SLE", "systemic lupus erythematosus"),
        ("MG", "myasthenia gravis"),
        ("Tregs", "regulatory T cells"),
        ("ICANS", "immune effector cell-associated neurotoxicity syndrome"),
        ("RCT", "randomised controlled trials"),
        ("CI", "confidence intervals"),
    ],
)
def test_common_abbreviations_are_on_the_list(short: str, long: str) -> None:
    assert long_key(long) in {long_key(made.long) for made in built_in().by_short[short_key(short)]}
    assert short_key(short) in {short_key(made.short) for made in built_in().by_long[long_key(long)]}


def test_no_line_of_the_list_repeats_another() -> None:
    for several in built_in().by_short.values():
        assert len({long_key(made.long) for made in several}) == len(several)
