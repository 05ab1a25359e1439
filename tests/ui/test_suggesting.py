"""After an answer, questions to go on with: this shelf answers them, with words not quoted before."""

from __future__ import annotations

from rag.assistant import Assistant
from ui.suggesting import MOST, suggestions

QUESTION = "Which autoimmune diseases have first clinical results with CAR T cells?"
BLACHE = "000_8514a590ca5ea574.txt"


def test_each_is_answered_with_something_new(assistant: Assistant) -> None:
    answer = assistant.answer(QUESTION)
    found = suggestions(assistant, [answer])
    assert 0 < len(set(found)) == len(found) <= MOST
    quoted = {citation.quote for citation in answer.citations}
    for question in found:
        new = assistant.answer(question)
        assert not new.abstained
        assert not quoted.issuperset(citation.quote for citation in new.citations)


def test_what_was_asked_is_not_suggested(assistant: Assistant) -> None:
    answer = assistant.answer(QUESTION)
    first = suggestions(assistant, [answer])[0]
    assert first not in suggestions(assistant, [answer, assistant.answer(first)])


def test_only_reviews_being_asked_answer_them(assistant: Assistant) -> None:
    found = suggestions(assistant, [assistant.answer(QUESTION, documents=[BLACHE])], [BLACHE])
    assert found
    for question in found:
        assert not assistant.answer(question, documents=[BLACHE]).abstained


def test_with_nothing_asked_nothing_is_suggested(assistant: Assistant) -> None:
    assert suggestions(assistant, []) == []
