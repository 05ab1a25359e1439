"""Makes rag/searching/reader/, which comes with Pincite, out of the cross-encoder that `train_reader.py` trained.

The reader reads a question once for all sentences (`reader_network.py`) and has a third of the teacher's numbers inside
its layers. It begins as the teacher, cut down (`reader_shrinking.py`), and learns to say what the teacher says
(Hinton et al. 2015) of the candidates that Pincite's search finds: the score, the order of a question's candidates, and
what the teacher's head sees. The teacher can say it of any question, so beside each stand others made of it: with words
left out, and some of its candidates taken for questions. The articles held out from the teacher are held out from it
(`folds.py`).

    python benchmarks/distil_reader.py --data FOLDER --work DIR [--epochs 6] [--inner 512] [--out rag/searching/reader]

An hour on two cores with AVX512-BF16. The reader that comes with Pincite was made in three runs:
six epochs without words left out, with a head that saw the mean of all tokens too; then one with this head on all
questions, and one on the real ones and others made of them anew.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import torch
from collecting import SETS, Collected, collect
from folds import HELD_OUT, held_out
from reader_graph import write_graph
from reader_network import ReaderNetwork
from reader_shrinking import shrunk
from tokenizers import Tokenizer
from torch import Tensor, nn
from train_reader import HERE, MAX_TOKENS, TEACHER, Network, encode

from index.digests import sha256_of
from index.embedding import SentenceTransformerEmbedder
from rag.searching import ranking
from rag.searching.onnx_reader import QUESTION_TOKENS, SENTENCE_TOKENS, block

QUESTIONS, SENTENCES = 16, 8  # of a batch, and of each of its questions
BEST, OTHERS, MOST = 20, 6, 32  # candidates of a question that are learned from: the first, others, with the right ones
OF_A_SET = 2600  # questions
OTHER_QUESTIONS = 2  # of each kind that are made of a question
LIKELY, UNLIKELY = 9, 3  # candidates that they are put to
LEFT_OUT = 0.3  # of a question's words
WORDS = range(5, 35)  # of a candidate that may be a question
RATE = 2e-4
FORBIDDEN = -1e4


@dataclass(frozen=True)
class Lesson:
    """A question and sentences; `right` says which answer it, if that is known."""

    question: str
    sentences: list[str]
    right: list[bool] | None


@dataclass(frozen=True)
class Taught:
    """A lesson in tokens, and what the teacher says of its sentences: scores and what its head sees."""

    question: list[int]
    sentences: list[list[int]]
    right: list[bool] | None
    scores: Tensor
    features: Tensor


def lessons(found: Sequence[Collected], chance: random.Random) -> list[Lesson]:
    """Questions with the candidates that would be read and some others, and the questions made of them."""
    made = []
    for name in SETS:
        own = [one for one in found if one.set == name]
        for one in chance.sample(own, OF_A_SET) if len(own) > OF_A_SET else own:
            first = ranking.first_scores(np.array(one.features, dtype=np.float32))
            order = np.argsort(-first, kind="stable").tolist()
            best, rest = order[:BEST], order[BEST:]
            picked = best + chance.sample(rest, min(OTHERS, len(rest)))
            picked += [at for at, right in enumerate(one.right) if right and at not in picked]
            picked = picked[:MOST]
            made.append(Lesson(one.question, [one.words[at] for at in picked], [one.right[at] for at in picked]))
            able = [words for words in dict.fromkeys(one.words) if len(words.split()) in WORDS]
            asked = [_without_some(one.question, chance) for _ in range(OTHER_QUESTIONS)]
            asked += [words.rstrip(".") for words in chance.sample(able, min(OTHER_QUESTIONS, len(able)))]
            for question in asked:
                some = chance.sample(best, min(LIKELY, len(best))) + chance.sample(rest, min(UNLIKELY, len(rest)))
                others = [one.words[at] for at in some if question not in one.words[at]]
                made.append(Lesson(question, others, None))
    return [one for one in made if one.sentences]


def _without_some(question: str, chance: random.Random) -> str:
    words = question.split()
    kept = [word for word in words if chance.random() >= LEFT_OUT]
    return " ".join(kept if len(kept) > 2 else words)


@torch.no_grad()
def taught(teacher: Network, tokenizer: Tokenizer, made: Sequence[Lesson]) -> list[Taught]:
    """Lessons with what the teacher says of them."""
    pairs = [(one.question, words) for one in made for words in one.sentences]
    order = sorted(range(len(pairs)), key=lambda at: len(pairs[at][0]) + len(pairs[at][1]))
    scores, features = torch.zeros(len(pairs)), torch.zeros(len(pairs), teacher.dense.out_features)
    teacher.eval()
    for first in range(0, len(order), 256):
        at = order[first : first + 256]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            seen = teacher.features(**encode(tokenizer, [pairs[one] for one in at]))
        features[at] = seen.float()
        scores[at] = teacher.head(seen.float()).squeeze(-1)
    begin, _, end = tokenizer.encode("a").ids

    def tokens(text: str, most: int) -> list[int]:
        return [begin, *tokenizer.encode(text, add_special_tokens=False).ids[: most - 2], end]

    found, place = [], 0
    for one in made:
        own = slice(place, place + len(one.sentences))
        place = own.stop
        sentences = [tokens(words, SENTENCE_TOKENS) for words in one.sentences]
        found.append(
            Taught(tokens(one.question, QUESTION_TOKENS), sentences, one.right, scores[own], features[own].clone())
        )
    return found


def batches(found: Sequence[Taught], chance: random.Random) -> Iterator[list[Taught]]:
    """All lessons once, those of like length together, so that little is computed on padding."""
    order = chance.sample(found, len(found))
    made = []
    for first in range(0, len(order), QUESTIONS * 8):
        part = sorted(order[first : first + QUESTIONS * 8], key=lambda one: fmean(map(len, one.sentences)))
        made += [part[at : at + QUESTIONS] for at in range(0, len(part), QUESTIONS)]
    chance.shuffle(made)
    yield from made


def padded(texts: Sequence[dict[str, np.ndarray]]) -> tuple[dict[str, Tensor], Tensor]:
    """Texts as `rag.searching.onnx_reader.block` gives them, in one; and where their tokens are."""
    length = max(one["input_ids"].shape[1] for one in texts)
    made = {name: torch.zeros(len(texts), length, dtype=torch.long) for name in texts[0]}
    there = torch.zeros(len(texts), length, dtype=torch.bool)
    for row, one in enumerate(texts):
        size = one["input_ids"].shape[1]
        there[row, :size] = True
        for name, values in one.items():
            made[name][row, :size] = torch.from_numpy(values[0])
    return made, there


def drawn(one: Taught, chance: random.Random) -> list[int]:
    """Some of a lesson's sentences, one that is right among them if there is any."""
    picked = chance.sample(range(len(one.sentences)), min(SENTENCES, len(one.sentences)))
    right = [at for at, is_right in enumerate(one.right or ()) if is_right]
    if right and not set(right).intersection(picked):
        picked[0] = chance.choice(right)
    return picked


def lost(network: ReaderNetwork, batch: Sequence[Taught], chance: random.Random) -> Tensor:
    """How far the network is from the teacher on a batch."""
    picked = [drawn(one, chance) for one in batch]
    owner = torch.tensor([at for at, own in enumerate(picked) for _ in own])
    asked, asked_there = padded([block(one.question, 0) for one in batch])
    texts = [block(one.sentences[at], len(one.question)) for one, own in zip(batch, picked, strict=True) for at in own]
    read, read_there = padded(texts)
    scores = torch.cat([one.scores[own] for one, own in zip(batch, picked, strict=True)])
    features = torch.cat([one.features[own] for one, own in zip(batch, picked, strict=True)])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        unseen = torch.zeros(asked_there.shape).masked_fill(~asked_there, FORBIDDEN)[:, None, None, :]
        _, kept = network.block(asked, unseen)
        own = torch.zeros(read_there.shape).masked_fill(~read_there, FORBIDDEN)[:, None, None, :]
        before = [(keys[owner], values[owner]) for keys, values in kept]
        first, _ = network.block(read, torch.cat([unseen[owner], own], -1), before)
    seen = network.features(first.float())
    said = network.head(seen).squeeze(-1)
    cross = nn.functional.binary_cross_entropy_with_logits
    order = [
        nn.functional.kl_div(
            said[owner == at].log_softmax(0), scores[owner == at].log_softmax(0), log_target=True, reduction="sum"
        )
        for at in range(len(batch))
    ]
    known = [at for at, one in enumerate(batch) if one.right is not None]
    right = torch.tensor(
        [float(one.right[at]) for one, own in zip(batch, picked, strict=True) if one.right for at in own]
    )
    judged = torch.isin(owner, torch.tensor(known))
    return (
        4 * (seen - features).square().mean()
        + 0.1 * (said - scores).square().mean()
        + cross(said, scores.sigmoid())
        + torch.stack(order).mean()
        + (0.2 * cross(said[judged], right) if known else 0.0)
    )


def distil(network: ReaderNetwork, found: Sequence[Taught], epochs: int) -> None:
    """Train a network to say what the teacher says."""
    chance = random.Random(0)
    torch.manual_seed(0)
    for table in (network.words, network.kinds, network.places):
        table.weight.requires_grad = False  # words that no lesson has keep their place among the others
    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
    matrices, rest = ([one for one in learning if (one.ndim >= 2) is many] for many in (True, False))
    groups = [{"params": matrices, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=RATE)
    steps = epochs * (-(-len(found) // QUESTIONS))
    began, step, total = time.time(), 0, 0.0
    network.train()
    for _ in range(epochs):
        for batch in batches(found, chance):
            share = min(1.0, (step + 1) / (0.05 * steps)) * max(0.02, 1 - step / steps)
            for group in optimizer.param_groups:
                group["lr"] = RATE * share
            loss = lost(network, batch, chance)
            loss.backward()
            nn.utils.clip_grad_norm_(learning, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step, total = step + 1, total + loss.item()
            if step % 50 == 0:
                print(f"step {step} of {steps}, loss {total / 50:.3f}, {time.time() - began:.0f} s", flush=True)
                total = 0.0


def main() -> None:
    """Collect, teach, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="where candidates and the teacher are kept")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--inner", type=int, default=512)
    parser.add_argument("--out", type=Path, default=HERE / "rag" / "searching" / "reader")
    chosen = parser.parse_args()
    embedder = SentenceTransformerEmbedder()
    found = [one for name in SETS for one in collect(name, chosen.data, chosen.work, embedder)]
    learned = [one for one in found if not held_out(one.set, one.group)]
    weights = torch.load(chosen.work / TEACHER, weights_only=True)
    layers = 1 + max(int(name.split(".")[3]) for name in weights if name.startswith("encoder.encoder.layer."))
    teacher = Network(embedder.folder, layers)
    teacher.load_state_dict(weights)
    tokenizer = Tokenizer.from_file(str(embedder.folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
    made = lessons(learned, random.Random(0))
    pairs = [(one.question, words) for one in made for words in one.sentences]
    network = shrunk(teacher, tokenizer, pairs, chosen.inner)
    print(f"{len(made)} lessons, {len(pairs)} pairs", flush=True)
    distil(network, taught(teacher, tokenizer, made), chosen.epochs)
    write(network, embedder.folder / "tokenizer.json", chosen.out)
    about = {
        "made by": "benchmarks/train_reader.py, benchmarks/distil_reader.py",
        "begins as": f"the first {layers} layers of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)",
        "questions": dict(Counter(one.set for one in learned)),
        "held out": f"fold {HELD_OUT} of 3 of the articles of each set (benchmarks/folds.py)",
        "sha256": {name: sha256_of([chosen.out / name]) for name in ("model.onnx", "tokenizer.json")},
    }
    (chosen.out / "about.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def write(network: ReaderNetwork, tokenizer_file: Path, out: Path) -> None:
    """Write the network as ONNX, and its tokenizer."""
    out.mkdir(parents=True, exist_ok=True)
    weights = {name: value.float().numpy() for name, value in network.eval().state_dict().items()}
    write_graph(weights, len(network.layers), out / "model.onnx")
    shutil.copyfile(tokenizer_file, out / "tokenizer.json")
    print(f"written to {out}: {(out / 'model.onnx').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
