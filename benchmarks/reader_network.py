"""The network of the reader that comes with Pincite, for training; `reader_graph.py` writes it as ONNX.

An encoder like BERT (Devlin et al. 2019) whose blocks of words are read one after the other: first the question, by
itself; then a sentence, whose words see each other and what each layer's attention kept of the question. The head
looks at the sentence's first token, and the last layer makes nothing of the others.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

HIDDEN, HEADS, HEAD = 384, 12, 32
WORDS, PLACES = 30522, 512
_EPSILON = 1e-12

Kept = tuple[Tensor, Tensor]
"""Keys and values of a layer, each of shape (texts, heads, tokens, size of a head)."""


class Layer(nn.Module):
    """Attention, and then each word by itself, as in BERT; `inner` numbers in between instead of four times HIDDEN."""

    def __init__(self, inner: int) -> None:
        super().__init__()
        self.attention, self.out = nn.Linear(HIDDEN, 3 * HIDDEN), nn.Linear(HIDDEN, HIDDEN)
        self.up, self.down = nn.Linear(HIDDEN, inner), nn.Linear(inner, HIDDEN)
        self.first_norm, self.second_norm = nn.LayerNorm(HIDDEN, _EPSILON), nn.LayerNorm(HIDDEN, _EPSILON)

    def forward(self, states: Tensor, unseen: Tensor, before: Kept | None, wanted: int) -> tuple[Tensor, Kept]:
        """States of shape (texts, tokens, HIDDEN) -> those of the first `wanted` tokens, and what is kept.

        `unseen` is added to the scores of attention.
        """
        texts, tokens, _ = states.shape
        parts = self.attention(states).reshape(texts, tokens, 3, HEADS, HEAD).permute(2, 0, 3, 1, 4)
        asking, keys, values = parts.unbind(0)
        kept, asking, states = (keys, values), asking[:, :, :wanted], states[:, :wanted]
        if before is not None:
            keys, values = torch.cat([before[0], keys], 2), torch.cat([before[1], values], 2)
        seen = (asking * HEAD**-0.5 @ keys.transpose(-1, -2) + unseen).softmax(-1) @ values
        states = self.first_norm(states + self.out(seen.transpose(1, 2).reshape(states.shape)))
        return self.second_norm(states + self.down(nn.functional.gelu(self.up(states)))), kept


class ReaderNetwork(nn.Module):
    """See the module."""

    def __init__(self, layers: int, inner: int) -> None:
        super().__init__()
        self.words, self.kinds = nn.Embedding(WORDS, HIDDEN), nn.Embedding(2, HIDDEN)
        self.places, self.norm = nn.Embedding(PLACES, HIDDEN), nn.LayerNorm(HIDDEN, _EPSILON)
        self.layers = nn.ModuleList([Layer(inner) for _ in range(layers)])
        self.dense, self.head = nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, 1)

    def block(
        self, given: Mapping[str, Tensor], unseen: Tensor, before: list[Kept] | None = None
    ) -> tuple[Tensor, list[Kept]]:
        """Read texts as `rag.searching.onnx_reader.block` gives them, after what was kept of others, if given.

        Returns:
            What is made of their first tokens, shape (texts, HIDDEN); and what each layer keeps of all.
        """
        states = self.norm(
            self.words(given["input_ids"]) + self.kinds(given["token_type_ids"]) + self.places(given["position_ids"])
        )
        kept = []
        for at, layer in enumerate(self.layers):
            wanted = 1 if at == len(self.layers) - 1 else states.shape[1]
            states, own = layer(states, unseen, before[at] if before else None, wanted)
            kept.append(own)
        return states[:, 0], kept

    def features(self, first: Tensor) -> Tensor:
        """What the head sees of texts, by what was made of their first tokens; shape (texts, HIDDEN)."""
        return torch.tanh(self.dense(first))
