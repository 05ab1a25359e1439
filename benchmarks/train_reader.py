"""Trains the teacher of the reader that comes with Pincite: a small cross-encoder that says whether a sentence answers.

It begins as the lower layers of the default embedding model, reads question and sentence together, and learns from
the candidates that Pincite's own search finds (`benchmarks/collecting.py`): those that answer against those that do
not, and the near misses of SQuAD 2.0, which nothing answers. A third of the articles of every set is held out
(fold 0 of 3, see `benchmarks/folds.py`). What `distil_reader.py` makes of it is the reader.

    python benchmarks/train_reader.py --data FOLDER --work DIR [--epochs 3] [--layers 4]

It took 25 minutes on one core with AMX (bfloat16), other work beside it.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
from collecting import SETS, Collected, collect
from folds import held_out
from tokenizers import Tokenizer
from torch import Tensor, nn

from index.embedding import SentenceTransformerEmbedder

HERE = Path(__file__).resolve().parent.parent
HIDDEN = 384
MAX_TOKENS = 96  # of a question and a sentence together; what is longer is cut off
TEACHER = "teacher.pt"  # below the work folder
QUESTIONS = 16  # of a batch
RIGHT, WRONG = 2, 6  # sentences of a question in a batch, at most
LIKELY = 30  # the best wrong candidates, from which is drawn
RATE = 1e-4


@dataclass(frozen=True)
class Lesson:
    """A question, sentences that answer it (perhaps none), and the likeliest that do not."""

    question: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


class Network(nn.Module):
    """The lower layers of an encoder, and a head on the mean of its tokens and the first."""

    def __init__(self, folder: Path, layers: int) -> None:
        super().__init__()
        from transformers import AutoModel

        self.encoder = AutoModel.from_pretrained(
            folder, attn_implementation="eager", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
        self.encoder.encoder.layer = self.encoder.encoder.layer[:layers]
        self.encoder.pooler = None
        for parameter in self.encoder.embeddings.parameters():
            parameter.requires_grad = False  # words that no lesson has keep their place among the others
        self.dense, self.head, self.dropout = nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, 1), nn.Dropout(0.1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """The score of each pair."""
        return self.head(self.dropout(self.features(input_ids, attention_mask, token_type_ids))).squeeze(-1)

    def features(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """What the head sees of each pair, shape (pairs, HIDDEN)."""
        states = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        return torch.tanh(self.dense((states * mask).sum(1) / mask.sum(1) + states[:, 0]))


def lessons(found: Sequence[Collected]) -> list[Lesson]:
    made = []
    for one in found:
        order = sorted(range(len(one.words)), key=lambda at, one=one: -sum(one.features[at][:3]))
        right = tuple(dict.fromkeys(one.words[at] for at in order if one.right[at]))
        wrong = tuple(dict.fromkeys(one.words[at] for at in order if not one.right[at]))[:LIKELY]
        if wrong and (right or not one.answerable):
            made.append(Lesson(one.question, right, wrong))
    return made


def batches(found: list[Lesson], chance: random.Random) -> Iterator[list[Lesson]]:
    """All lessons once, those of like length together, so that little is computed on padding."""
    order = chance.sample(found, len(found))
    made = []
    for first in range(0, len(order), QUESTIONS * 8):
        part = sorted(order[first : first + QUESTIONS * 8], key=lambda one: len(one.question) + len(one.wrong[0]))
        made += [part[at : at + QUESTIONS] for at in range(0, len(part), QUESTIONS)]
    chance.shuffle(made)
    yield from made


def encode(tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]) -> dict[str, Tensor]:
    encoded = tokenizer.encode_batch(list(pairs))
    length = max(len(one.ids) for one in encoded)
    made = {name: torch.zeros(len(encoded), length, dtype=torch.long) for name in INPUTS}
    for row, one in enumerate(encoded):
        size = len(one.ids)
        made["input_ids"][row, :size] = torch.tensor(one.ids)
        made["token_type_ids"][row, :size] = torch.tensor(one.type_ids)
        made["attention_mask"][row, :size] = 1
    return made


INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def train(network: Network, tokenizer: Tokenizer, found: list[Lesson], epochs: int, device: str) -> None:
    chance = random.Random(0)
    torch.manual_seed(0)
    network.to(device).train()
    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": [one for one in learning if one.ndim >= 2], "weight_decay": 0.01},
            {"params": [one for one in learning if one.ndim < 2], "weight_decay": 0.0},
        ],
        lr=RATE,
    )
    steps = epochs * len(found) // QUESTIONS
    started, step, lost = time.time(), 0, 0.0
    for _ in range(epochs):
        for batch in batches(found, chance):
            pairs, labels, owners = [], [], []
            for owner, lesson in enumerate(batch):
                right = chance.sample(lesson.right, min(RIGHT, len(lesson.right)))
                # The likelier a wrong sentence looks, the oftener it is drawn.
                drawn = chance.choices(lesson.wrong, [1 / (3 + at) for at in range(len(lesson.wrong))], k=WRONG)
                wrong = list(dict.fromkeys(drawn))[: WRONG if right else 4]
                pairs += [(lesson.question, words) for words in (*right, *wrong)]
                labels += [1.0] * len(right) + [0.0] * len(wrong)
                owners += [owner] * (len(right) + len(wrong))
            share = min(1.0, (step + 1) / (0.08 * steps)) * max(0.02, 1 - step / steps)
            for group in optimizer.param_groups:
                group["lr"] = RATE * share
            given = {name: value.to(device) for name, value in encode(tokenizer, pairs).items()}
            with torch.autocast(device, dtype=torch.bfloat16):
                scores = network(**given).float()
            loss = _loss(scores, torch.tensor(labels, device=device), torch.tensor(owners, device=device))
            loss.backward()
            nn.utils.clip_grad_norm_(learning, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step, lost = step + 1, lost + loss.item()
            if step % 50 == 0:
                print(f"step {step} of {steps}, loss {lost / 50:.3f}, {time.time() - started:.0f} s", flush=True)
                lost = 0.0


def _loss(scores: Tensor, labels: Tensor, owners: Tensor) -> Tensor:
    """Each sentence right or wrong, and of each question's sentences the right ones ahead."""
    loss = nn.functional.binary_cross_entropy_with_logits(scores, labels)
    ahead = []
    for owner in owners[labels > 0].unique():
        own, right = scores[owners == owner], scores[(owners == owner) & (labels > 0)]
        ahead.append(torch.logsumexp(own, 0) - torch.logsumexp(right, 0))
    return loss + 0.5 * torch.stack(ahead).mean() if ahead else loss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="where indexes and candidates are kept")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--threads", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    embedder = SentenceTransformerEmbedder()
    found = [one for name in SETS for one in collect(name, chosen.data, chosen.work, embedder)]
    taught = [one for one in found if not held_out(one.set, one.group)]
    made = lessons(taught)
    print(f"{len(made)} lessons:", dict(Counter(one.set for one in taught)), flush=True)
    tokenizer = Tokenizer.from_file(str(embedder.folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
    network = Network(embedder.folder, chosen.layers)
    train(network, tokenizer, made, chosen.epochs, "cuda" if torch.cuda.is_available() else "cpu")
    torch.save(network.to("cpu").float().state_dict(), chosen.work / TEACHER)
    print(f"written to {chosen.work / TEACHER}")


if __name__ == "__main__":
    main()
