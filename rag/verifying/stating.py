"""Whether what a model wrote states anything that a quote could carry."""

from __future__ import annotations

import re
from itertools import pairwise

from rag.understanding.instructions import is_instruction, to_an_assistant
from rag.verifying.wordlists import wordlist

_FLAGS = re.IGNORECASE | re.VERBOSE
_ENDS = re.compile(r"[.!…][\"'”’)\]]*$")
_FEWEST = 4  # words of a statement
_WORD = re.compile(r"[^\W_]+")

# Said of what the model was given, of the question or of itself: no review says that.
_OF_THE_TASK = re.compile(
    r"""\b(?:the|this|these|those|each|any|every|provided|given|above|following|first|second|third)
      \ (?:provided\ |given\ )?
      (?:passages?|texts?|context|excerpts?|snippets?|sources?|information\ (?:provided|given)|question|answer|prompt)\b
    | \b(?:passages?|sources?|excerpts?)\ (?:numbers?\ )?\d
    | ^\W*(?:i|i['’]m|i['’]ll|we['’]ll|sure|certainly|okay|here\ (?:is|are)|as\ an?\ (?:ai|assistant|language\ model))\b
    | \b(?:reviews?|articles?|papers?|authors?|documents?)\ (?:\w+ly\ )?(?:do(?:es)?|did)(?:\ not|n['’]t)\ (?:\w+ly\ )?
      (?:say|state|mention|report|specify|describe|discuss|provide|address|indicate|answer|contain|include|give|explain
      |name|list|tell)\b
    | \b(?:not|nowhere|never)\ (?:\w+ly\ )?(?:stated|mentioned|specified|provided|discussed|described|addressed)\ in\b
    | \bnot\ stated\b""",
    _FLAGS,
)


_POLITE = re.compile(
    r"^\W*(?:(?:please|kindly|now|then|next|also|finally|first|and|but|so|just|instead)\W+)*", re.IGNORECASE
)
_TO_A_MACHINE = re.compile(
    r"""^\W*(?:system|assistant|user|human|ai|chatbot|bot|llm)\ ?[:>\]]
    | (?-i:\b(?:SYSTEM|ASSISTANT|USER|AI|LLM|PROMPT|INSTRUCTIONS?)):
    | \bthe\ (?:only\ )?answer\ to\ (?:this|the|any|all|every|each)\ questions?\b
    | \b(?:notes?|attention|messages?|instructions?|hints?|reminders?|warnings?|notice|dear|hey)\W+(?:\w+\ ){0,3}?
      (?:ai|llms?|assistants?|chatbots?|language\ models?|bots?|agents?)\b
    | \b(?:ai|llms?|chatbots?|language\ models?|assistants?)\W+(?:\w+\ ){0,4}?
      (?:must|should|shall|please|are\ to|have\ to)\b
    | \b(?:to|for)\ (?:the|any|all|every)\ (?:\w+\ )?(?:ai|llms?|chatbots?|language\ models?|bots?)\b | <!-- | -->
    | \b(?:when|if|while|before|after)\ (?:you\ (?:are|were)\ asked
      |(?:answering|summari[sz]ing|responding\ to|replying\ to)\ (?:this|the|any|every|questions?|users?))\b
    | \byou\ (?:are\ (?:now|an?)|will\ now|must\ (?:now|always|never|not))\b
    | \b(?:new|updated|secret|hidden|real)\ (?:instructions?|commands?|prompts?)\b""",
    re.IGNORECASE | re.VERBOSE,
)


_BEFORE_A_NOUN = frozenset("the a an of with by in for and or to as from these those this some many".split())  # noqa: SIM905


def is_order(sentence: str) -> bool:
    """Whether a sentence tells somebody to do or to say something, or is said to a machine that reads it.

    Stricter than what is asked of a question: a review hardly ever tells its reader to "explain the theory of ...".
    """
    words = _WORD.findall(_POLITE.sub("", sentence, count=1))[:2]
    ordered = len(words) == 2 and words[0].lower() in wordlist("ordering") and words[1].lower() in wordlist("ordered")
    ordered = ordered and not words[0].isupper()  # "DESIGN A randomised trial": a heading
    return ordered or bool(_TO_A_MACHINE.search(sentence)) or is_instruction(sentence) or to_an_assistant(sentence)


def states(sentence: str) -> bool:
    """Whether a sentence is a statement: whole, of the subject and not of the task, no question, no order."""
    return (
        bool(_ENDS.search(sentence))
        and len(_WORD.findall(sentence)) >= _FEWEST
        and _has_a_verb(sentence)
        and not _OF_THE_TASK.search(sentence)
        and not is_order(sentence)
    )


def _has_a_verb(sentence: str) -> bool:
    """Whether a word makes a statement of the others; a heading or an item of a list has none."""
    words = ["the", *(word.lower().replace("’", "'") for word in re.findall(r"[^\W_]+(?:['’][^\W_]+)?", sentence))]
    if not wordlist("auxiliaries").isdisjoint(words):
        return True
    return any(
        (word in wordlist("verbs") and before not in {"the", "to"})
        or (word.endswith(("ed", "ates", "izes", "ises", "ifies")) and before not in _BEFORE_A_NOUN)
        for before, word in pairwise(words)
    )
