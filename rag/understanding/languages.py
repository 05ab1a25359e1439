"""Which language a question is in, whether the model knows it, and what to say if it does not."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

from index.embedding import Embedder, SentenceTransformerEmbedder
from index.model_files import DEFAULT_MODEL
from rag.understanding.question_words import FUNCTION_WORDS

ENGLISH = "en"
EXAMPLE = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"
"""A small multilingual model, named as an example."""

# A model of one language has a vocabulary of about 30,000 pieces, 50,000 at most; a multilingual one 100,000 or more.
_ONE_LANGUAGE = 60_000
_CARD_LANGUAGES = re.compile(r"^language:[ \t]*(?:\n((?:[ \t]*-[ \t]*\S+[ \t]*\n)+)|(\S.*)\n)", re.MULTILINE)

_WORD = re.compile(r"(?<![^\W_])[^\W\d_]+(?![^\W_])")
_PIECE = re.compile(r"[^\W_]+")
_SCRIPTS = (  # the most telling first: Japanese has kana among its Chinese characters
    ("ja", re.compile(r"[\u3041-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7a3]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("uk", re.compile(r"[іїєґІЇЄҐ]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
_SCRIPT_LETTERS = 0.3  # share of a text's letters from which another script is its language: "TNF-α" has less
_OWN_WORDS = 2  # words of a language that must stand in a question
_OWN_SHARE = 0.3  # and their share of its words
_QUESTION_WORDS = ("which", "what", "who", "when", "where", "why", "how")
_TELLING_LETTERS = 4  # of a word that a question begins with: "Jak", "Chi" and "Que" are English, too
_TWICE = 2  # as many as English function words, for a name or a quoted phrase is no question


def language_of(text: str) -> str:
    """The language of a question, as an ISO 639-1 code; English unless the evidence is clear.

    Another script tells it; otherwise words that the language has and English has not, of which one at least is a
    function word. Latin names of diseases and names of places and people are no evidence.
    """
    letters = [character for character in text if character.isalpha()]
    foreign = [character for character in letters if ord(character) > _LATIN_ENDS]
    if len(foreign) >= _OWN_WORDS and len(foreign) >= _SCRIPT_LETTERS * len(letters):
        return next((code for code, script in _SCRIPTS if script.search("".join(foreign))), ENGLISH)
    typed = [word for word in _WORD.findall(text) if _tells(word)]
    words = {folded(word) for word in typed}
    function, content = _known_words()
    accented = {folded(word) for word in typed if not word.isascii()}
    found = {code: _evidence(words, accented, function[code], content[code]) for code in function}
    found = {code: count and count + _signs(text, typed[0], code) for code, count in found.items()}
    code = max(found, key=lambda one: found[one])
    return code if found[code] >= max(_OWN_WORDS, _OWN_SHARE * len(words)) else ENGLISH


def _signs(text: str, first: str, code: str) -> int:
    """Further signs of a language: it begins as a question does in it, it has letters that English lacks.

    "Hoeveel" tells more than "para", which may be a prefix.
    """
    question_word = glossary(code).get((folded(first),), "").startswith(_QUESTION_WORDS)
    letters = any(letter in text.lower() for letter in _texts()[code]["letters"])
    return (question_word and len(first) >= _TELLING_LETTERS) + letters


def _tells(word: str) -> bool:
    """Whether a word may tell a language: not an abbreviation, nor a letter that stands for something."""
    return not word.isupper() and (len(word) > 1 or not word.isascii())


def _evidence(words: set[str], accented: set[str], function: frozenset[str], content: frozenset[str]) -> int:
    """How many words are of a language; none if none is a function word, or English has as many.

    Words that both have ("is", "in", "was") count for the language only beside one that English has not.
    """
    if not words & function:
        return 0
    shared = function & FUNCTION_WORDS
    own = words & (function | content) - shared
    english = words & FUNCTION_WORDS - function
    if not own & function or len(own) < _TWICE * len(english):
        return 0
    # Where few words of a language are known, an accent is evidence as well.
    return len(own | words & shared | (accented if not content else set()))


def english_only(embedder: Embedder) -> bool:
    """Whether a model is known to know English only.

    The default model is. Of another in a folder, its card says so, or its vocabulary is that of one language. What
    cannot be told (embeddings of LangChain) is taken to know other languages.
    """
    if embedder.identity.name == DEFAULT_MODEL:
        return True
    if not isinstance(embedder, SentenceTransformerEmbedder):
        return False
    card = embedder.folder / "README.md"
    if card.is_file() and (stated := _CARD_LANGUAGES.search(card.read_text(encoding="utf-8", errors="replace"))):
        languages = re.findall(r"\w+", stated[1] or stated[2])
        return languages in (["en"], ["english"])
    config = embedder.folder / "config.json"
    if not config.is_file():
        return False
    size = json.loads(config.read_text(encoding="utf-8")).get("vocab_size")
    return isinstance(size, int) and size < _ONE_LANGUAGE


def declined(language: str, model: str) -> str:
    """That a model does not know a language, said in it, and what to do."""
    return _texts()[language]["declined"].format(model=model, example=EXAMPLE)


def searched(language: str, gloss: str) -> str:
    """What was searched for in place of a question, said in its language."""
    return _texts()[language]["searched"].format(gloss=gloss)


def folded(text: str) -> str:
    """Lower case, without accents: "Übersicht" is "ubersicht"."""
    plain = unicodedata.normalize("NFD", text.lower()).translate(_SPECIAL)
    return "".join(character for character in plain if not unicodedata.combining(character))


@cache
def glossary(language: str) -> dict[tuple[str, ...], str]:
    """The English of words and phrases of a language, as they are written and folded; empty where there is none.

    What a folded word is as another one written so ("sur", not "sûr"), it means.
    """
    written = {
        tuple(_PIECE.findall(phrase.lower())): english
        for english, phrases in _glossaries().get(language, {}).items()
        for phrase in phrases.split(",")
    }
    return {tuple(map(folded, phrase)): english for phrase, english in written.items()} | written


_LATIN_ENDS = 0x36F
_SPECIAL = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "ı": "i"})


@cache
def _known_words() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """The function words of each language, and its other words that are no English ones."""
    function = {code: frozenset(folded(text["words"]).split()) for code, text in _texts().items() if "words" in text}
    content: dict[str, frozenset[str]] = dict.fromkeys(function, frozenset())
    for code in _glossaries():
        single = {folded(phrase[0]): english for phrase, english in glossary(code).items() if len(phrase) == 1}
        framing = {word for word, english in single.items() if set(english.split()) <= FUNCTION_WORDS}
        function[code] = function.get(code, frozenset()) | framing
        content[code] = frozenset(
            word for word, english in single.items() if word not in function[code] and word not in english.lower()
        )
    return function, content


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("rag.understanding") / "languages.toml").read_text(encoding="utf-8"))


@cache
def _glossaries() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("rag.understanding") / "glossaries.toml").read_text(encoding="utf-8"))
