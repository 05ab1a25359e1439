"""A teacher's weights -> a reader network with fewer numbers inside its layers, as like it as can be without training.

Of the inner numbers of each layer those are kept that add most to what comes out, by their mean square and the length
of their weights; then the weights out of them are fitted to the teacher's output by least squares with a ridge.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import torch
from reader_network import Layer, ReaderNetwork
from tokenizers import Tokenizer
from torch import Tensor
from train_reader import Network

PAIRS = 600  # that the fit looks at
RIDGE = 1e-4  # of the mean of the diagonal
_SAME = {
    "out": "attention.output.dense",
    "up": "intermediate.dense",
    "down": "output.dense",
    "first_norm": "attention.output.LayerNorm",
    "second_norm": "output.LayerNorm",
}
_TABLES = {"words": "word_embeddings", "kinds": "token_type_embeddings", "places": "position_embeddings"}


@torch.no_grad()
def shrunk(teacher: Network, tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]], inner: int) -> ReaderNetwork:
    """A reader network of the teacher's layers, each with `inner` numbers inside.

    Args:
        teacher: Trained.
        tokenizer: Its tokenizer, without padding.
        pairs: Questions and sentences, of which some are looked at.
        inner: How many numbers are kept; at most as many as there are.
    """
    weights = teacher.state_dict()
    layers = len(teacher.encoder.encoder.layer)
    network = ReaderNetwork(layers, inner)
    for name, table in _TABLES.items():
        getattr(network, name).weight.copy_(weights[f"encoder.embeddings.{table}.weight"])
    for name, prefix in (("norm", "encoder.embeddings.LayerNorm"), ("dense", "dense"), ("head", "head")):
        getattr(network, name).load_state_dict(_part(weights, prefix))
    inside = _inner_numbers(teacher, tokenizer, pairs)
    for at, layer in enumerate(network.layers):
        assert isinstance(layer, Layer)
        _fill(layer, _part(weights, f"encoder.encoder.layer.{at}"), inside[at], inner)
    return network


def _part(weights: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name[len(prefix) + 1 :]: value for name, value in weights.items() if name.startswith(f"{prefix}.")}


def _inner_numbers(teacher: Network, tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]) -> list[Tensor]:
    """What each layer has inside for some pairs, shape (tokens, its inner numbers)."""
    layers = teacher.encoder.encoder.layer
    seen: list[list[Tensor]] = [[] for _ in layers]
    hooks = [
        layer.output.dense.register_forward_pre_hook(lambda _, given, own=own: own.append(given[0][0]))
        for layer, own in zip(layers, seen, strict=True)
    ]
    teacher.eval()
    for pair in random.Random(0).sample(pairs, min(PAIRS, len(pairs))):
        one = tokenizer.encode(*pair)
        teacher(*(torch.tensor([column]) for column in (one.ids, one.attention_mask, one.type_ids)))
    for hook in hooks:
        hook.remove()
    return [torch.cat(own) for own in seen]


def _fill(layer: Layer, weights: dict[str, Tensor], inside: Tensor, inner: int) -> None:
    for name in ("out", "first_norm", "second_norm"):
        getattr(layer, name).load_state_dict(_part(weights, _SAME[name]))
    for kind in ("weight", "bias"):
        parts = [weights[f"attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
        getattr(layer.attention, kind).copy_(torch.cat(parts))
    up, down = _part(weights, _SAME["up"]), _part(weights, _SAME["down"])
    share = (inside**2).mean(0) * (down["weight"] ** 2).sum(0)
    kept = share.topk(inner).indices.sort().values
    wanted = inside @ down["weight"].T + down["bias"]
    given = torch.cat([inside[:, kept], torch.ones(len(inside), 1)], 1)
    squares = given.T @ given
    squares += torch.eye(len(squares)) * squares.diag().mean() * RIDGE
    found = torch.linalg.solve(squares, given.T @ wanted)
    layer.up.weight.copy_(up["weight"][kept])
    layer.up.bias.copy_(up["bias"][kept])
    layer.down.weight.copy_(found[:-1].T)
    layer.down.bias.copy_(found[-1])
