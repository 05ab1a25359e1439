"""What is an instruction and no question: a task set to whoever answers, or a word on how to answer.

Pincite quotes what the reviews say and follows no orders, neither in a question nor in a review.
"""

from __future__ import annotations

import re

from rag.understanding.question_words import FUNCTION_WORDS

_FLAGS = re.IGNORECASE | re.VERBOSE
_SENTENCE = re.compile(r"[^.?!]+(?:[.?!]+(?=\s|$|['\"”’)])|[.?!]+(?=\S)[^.?!]*)*[.?!]*['\"”’)]*")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

# What may stand before the verb of an order.
_POLITE = (
    r"^\W*(?:(?:and|also|then|now|next|but|finally|first|please|kindly|just|instead|additionally|afterwards|so"
    r"|i\ (?:want|need|would\ like)\ you\ to|you\ (?:must|should|will|shall|are\ to|have\ to)(?:\ now)?"
    r"|(?:can|could|would|will)\ you(?:\ please)?)\W+)*"
)
_ANSWER = r"(?:answers?|repl(?:y|ies)|responses?|outputs?)"

# Said of the answer itself, of instructions, or of the assistant: in a question and in a review.
_OVERRIDE = r"""
    \b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|all|other|these|your|any)\b
      .{0,40}\b(?:instructions?|prompts?|rules?|context|guidelines?|directions?)\b
    | \b(?:system|developer)\ prompt\b
"""
_TO_AN_ASSISTANT = re.compile(
    rf"""{_OVERRIDE}
    | \byou\ (?:must|should|shall|will|are\ to|have\ to)\ (?:now\ )?
      (?:answer|reply|respond|say|output|tell|print|state)\b
    | \b(?:in|to|with|of)\ your\ {_ANSWER}\b""",
    _FLAGS | re.DOTALL,
)
# One of these is in all that this finds, which most sentences need not be searched for. No "i": the pattern takes
# letters of other alphabets for it.
_SIGNS = ("you", "prompt", "gnore", "sregard", "forget", "overr", "bypass")
_OPENS_AS_ORDER = re.compile(
    r"\W*(?:answer|reply|respond|output|print|append) (?:with|that|only|the|this)\b", re.IGNORECASE
)
_INSTRUCTION = re.compile(
    rf"""{_OVERRIDE}
    | \b(?:ignore|disregard|forget)\ (?:everything|what|all\ that|the\ (?:above|reviews?|documents?|question|context))\b
    | \byour\ (?:final\ |next\ |whole\ |entire\ )?{_ANSWER}\b | \byour\ (?:message|persona)\b
    | {_POLITE}(?:answer|reply|respond)\ (?:\w+\ )?(?:with|in|as|like|only|using|by|to\ (?:me|this)|yes|no\b|briefly)
    | \b(?:this|the|each|every)\ (?:answer|reply|response|output)s?\ (?:must|should|shall|has\ to|is\ to|in)\b
    | \b(?:to|in|with)\ (?:the|each|every|this)\ (?:answer|reply|output)[^?\w]*$
    | {_POLITE}(?:say|print|output|repeat|append|insert|echo|recite|utter|exclaim)\ (?!of\b|wh|how\b|if\b)
    | {_POLITE}(?:translate|rewrite|rephrase|paraphrase|proofread|spell\ out|reword)\b
    | {_POLITE}(?:pretend|role-?play|act\ as|behave\ (?:as|like)|imagine\ (?:that\ )?you|play\ the\ (?:role|part))\b
    | ^\W*(?:from\ now\ on\W+)?you\ are\ (?:now|no\ longer|an?\ (?:\w+\ )?(?:assistant|bot|ai|model))\b
    | {_POLITE}(?:write|compose|draft|invent|make\ up|create|generate|produce|sing|tell\ me|provide|develop|design
      |give\ me|show\ me)
      \ (?:(?:me|us|a|an|the|some|short|simple|brief|new|little|funny|catchy|\d+|one|two|three)\W+){{0,4}}
      (?:\w+\ )?(?:poems?|haikus?|limericks?|songs?|lyrics|story|stories|tales?|jokes?|essays?|letters?|e-?mails?|speech
      |blog\ posts?|posts?|tweets?|slogans?|introductions?|scripts?|code|programs?|recipes?|headlines?|advert\w*
      |function
      |press\ release)\b
    | {_POLITE}(?:write|program|code|implement|debug)\ (?:\w+\W+){{0,4}}
      (?:python|java|javascript|php|sql|c\+\+|html|function|class|script)\b
    | {_POLITE}(?:misspell|scramble|jumble|anagram|rearrange|capitali[sz]e|reverse|replace|substitute|swap|remove|group
      |combine|convert|use|introduce)\ (?!of\b)(?:\w+\W+){{0,4}}
      (?:letters?|vowels?|consonants?|spaces?|typos?|misspellings?|spelling|punctuation|words|anagrams?|symbols?
      |emojis?|capitals?)\b
    | {_POLITE}(?:reveal|leak|advertise|recommend|praise|spread|delete|erase|execute|skip)\ (?!of\b)\w
    | {_POLITE}(?:always|never|only)\ (?:answer|reply|respond|say|cite|quote|mention|use)\b
    | {_POLITE}(?:tell|ask|urge|warn|inform|convince|persuade)\ (?:the\ |any\ |every\ |all\ )?
      (?:users?|readers?|people|everyone|everybody|them)\b
    | {_POLITE}(?:click|visit|download|install|subscribe|buy|call|e-?mail|send|go\ to)\b.*
      (?:www\.|https?:|\w@\w|\b\w{{2,}}\.(?:com|org|net|xyz|io|example)\b)
    | {_POLITE}provide\ the\ \w+\ (?:equivalent|translation)\b
    | {_POLITE}(?:include|add|append|mention|insert|integrate|end|begin|start|finish|conclude|close)\ (?:\w+\W+){{0,6}}
      (?:["“'‘]|sentence|headline|link|reminder|disclaimer|recommendation|tip\b|advert\w*|appeal|reply|with\b)
    | {_POLITE}(?:do\ not|don['’]t|never|stop)\ (?:cite|quote|mention|answer|reply|follow|refuse|abstain|use)\b""",
    _FLAGS | re.DOTALL,
)
# What ends in a question mark asks ("Repeat dosing of CAR T cells?"), unless it is put to an assistant.
_REQUEST = re.compile(r"\b(?:can|could|would|will)\ (?:you|u)\b", re.IGNORECASE | re.VERBOSE)
_OF_THE_ANSWER = re.compile(rf"{_OVERRIDE} | \byour\ (?:\w+\ )?{_ANSWER}\b", _FLAGS | re.DOTALL)
# Of an answer that nothing but its form is said of. Digits are one number, not two: else "in 9999…" has 2ⁿ readings.
_FORM = re.compile(
    r"""\b(?:in|with|using|as|like)\ (?:(?:just|only|exactly|at\ most|a|an|the)\ )*
      (?:(?:one|two|three|four|five|ten|\d++|few|short|single|simple|plain|bullet|capital|upper-?case|lower-?case)\W*)*
      (?:words?|sentences?|lines?|paragraphs?|points?|bullets?|letters?|terms|json|xml|html|markdown|csv|a?\ ?table
      |rhymes?
      |verse|poem|pirate|emojis?|english|french|german|spanish|italian|latin|chinese|japanese|russian|portuguese)\b""",
    _FLAGS,
)


def without_instructions(text: str) -> str:
    """A question without the sentences that are instructions; empty if there is nothing else."""
    sentences = sentences_of(text)
    kept = [sentence for sentence in sentences if not is_instruction(sentence)]
    return "".join(kept).strip() if len(kept) < len(sentences) else text


def sentences_of(text: str) -> list[str]:
    """The sentences of a question, with the space before them."""
    return _SENTENCE.findall(text)


def is_instruction(sentence: str) -> bool:
    """Whether a sentence is an instruction and asks for nothing that a review might say.

    "Explain ...", "List ..." and "Describe ..." ask; "Summarise in one word." does not, for it names no subject.
    """
    asked = sentence.rstrip().endswith("?")
    if (_INSTRUCTION if not asked or _REQUEST.search(sentence) else _OF_THE_ANSWER).search(sentence):
        return True
    formless = _FORM.sub(" ", sentence)
    if formless == sentence:
        return False
    words = [word.lower().replace("’", "'") for word in _WORD.findall(formless)]
    return bool(words) and all(word in FUNCTION_WORDS or word in _ANSWERING for word in words)


def to_an_assistant(words: str) -> bool:
    """Whether a sentence of a document is said to whoever reads for somebody else, and states nothing."""
    plain = words.casefold()
    if any(sign in plain for sign in _SIGNS) and _TO_AN_ASSISTANT.search(words):
        return True
    return bool(_OPENS_AS_ORDER.match(words))


_ANSWERING = frozenset({"answer", "reply", "respond", "response", "format", "speak", "talk"})
