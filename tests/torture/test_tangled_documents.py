"""What a hostile document says over and over keeps nobody waiting who asks about it."""

from __future__ import annotations

import random
import time
from pathlib import Path

from harm import Fuzzing, Tally
from index_helpers import write
from mutations import REPEATED
from tiny_embedder import TinyEmbedder

from rag import Assistant
from rag.settings import Settings

_STARTS = (
    *("Myocarditis ", "Myocarditis is ", "Myocarditis, ", "Myocarditis (MC) refers to ", "Myocarditis also known as "),
    *("Myocarditis is a ", "Myocarditis does not ", "The kidney ", "CAR T cells (", "In 2001 ", "We found that "),
    *("Diseases such as ", "Table 1 ", "Jane Doe, ", "[1] "),
)
_ENDS = (" myocarditis kidney.", " is a disease of the heart.", " x", " (myocarditis).")
_QUESTIONS = (
    *("What is myocarditis?", "Does myocarditis occur?", "Which diseases were treated?", "What does MC stand for?"),
    *(
        "How many patients had myocarditis?",
        "Who wrote about myocarditis?",
        "List the diseases.",
        "What are CAR T cells?",
    ),
)
_SECONDS = 5.0  # of a processor


def tangled(chance: random.Random) -> str:
    """A document whose sentences are of a few pieces over and over."""
    pieces = "".join(chance.choices(REPEATED, k=chance.choice((1, 1, 2, 3))))
    body = chance.choice(_STARTS) + (pieces * 2000)[: chance.choice((300, 900, 1500))] + chance.choice(_ENDS)
    return f"{chance.choice(('Of hearts', body[:200]))}\n\n{body}\n\nMyocarditis was seen once in patients. {body}"


def test_no_document_keeps_a_question_waiting(tmp_path: Path, fuzzing: Fuzzing, tally: Tally) -> None:
    chance, asked, seeds = random.Random(47), 0, tmp_path / "seeds"
    settings = Settings.model_validate({"reader": "none"})
    with Assistant(seeds, tmp_path / "index", embedder=TinyEmbedder(), settings=settings) as assistant:
        for _ in fuzzing(1):
            documents = {f"{at}.txt": tangled(chance) for at in range(8)}
            write(seeds, documents)
            assistant.sync()
            for question in _QUESTIONS:
                began = time.thread_time()
                assistant.answer(question)
                assistant.compare(question)
                assert time.thread_time() - began < _SECONDS, (question, documents)
                asked += 2
    tally("questions about documents of one piece over and over", asked, 0)
