"""What is denied: a sentence must deny what its quote denies, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rag.verifying import markers
from rag.verifying.quoted import Quoted
from rag.verifying.wordlists import wordlist
from rag.verifying.words import Word, content, general_stems


def denies_otherwise(said: tuple[Word, ...], quoted: Quoted) -> bool:
    """Whether a sentence denies what its quote does not, or the reverse."""
    free = [(place, set(markers.said_of(quoted.words, place, 6))) for place in markers.denials(quoted.words)]
    for at in markers.denials(said):
        scope = set(markers.said_of(said, at))
        matched = max(free, key=lambda one: len(one[1] & scope), default=None)
        if matched is None or (scope and not matched[1] & scope):
            return True
        restricted = set(markers.said_of(quoted.words, matched[0], 3)) - {word.stem for word in said} - general_stems()
        if restricted and scope:
            return True  # "no serious side effects" are not none
        free.remove(matched)
    stems = {word.stem for word in said}
    for place, _ in free:
        if _is_taken_over(markers.said_of(quoted.words, place, 3), stems, quoted.words, place):
            return True
        if _is_left_out(said, quoted, place):
            return True
    if not markers.denials(said) and _is_denied_as_a_whole(said, quoted):
        return True
    for word in content(said):
        if word.stem not in quoted.stems and markers.without_prefix(word.stem) & quoted.stems:
            return True
    return False


def _is_taken_over(scope: Sequence[str], stems: set[str], quoted: Sequence[Word], place: int) -> bool:
    """Whether a sentence says what the quote says of a scope, and the quote says it nowhere else."""
    elsewhere = {word.stem for at, word in enumerate(quoted) if not place < at <= place + 8}
    shared = [stem for stem in scope if stem in stems]
    return bool(scope) and 2 * len(shared) >= len(scope) and not set(shared) <= elsewhere


def _is_left_out(said: tuple[Word, ...], quoted: Quoted, place: int) -> bool:
    """Whether a sentence has what stands on both sides of a denial side by side, and the quote nowhere else."""
    before, after = markers.joins(quoted.words, place)
    pairs = [(one.stem, other.stem) for one, other in pairwise(content(quoted.words)) if one.sentence == other.sentence]
    if not (before and after) or pairs.count((before, after)) > 1:
        return False
    told = [at for at, word in enumerate(said) if not word.is_function]
    denied = markers.denials(said)
    return any(
        (said[one].stem, said[other].stem) == (before, after) and not any(one < at < other for at in denied)
        for one, other in pairwise(told)
    )


def _is_denied_as_a_whole(said: tuple[Word, ...], quoted: Quoted) -> bool:
    """Whether most of a sentence follows a denial in a sentence of the quote: "no large trial found that ..."."""
    told = {word.stem for word in content(said)}
    for place in markers.denials(quoted.words):
        sentence = quoted.words[place].sentence
        after = [word for word in quoted.words[place + 1 :] if word.sentence == sentence]
        ends = next((at for at, word in enumerate(after) if word.text.lower() in wordlist("contrast")), len(after))
        denied = {word.stem for word in content(tuple(after[:ends]))}
        elsewhere = {word.stem for at, word in enumerate(quoted.words) if at < place or word.sentence != sentence}
        if 4 * len(told & denied) >= 3 * len(told) and not told <= elsewhere:
            return True
    return False
