"""Writes the network of the reader as ONNX, with 8-bit weights.

By hand, and not by PyTorch's exporter: ONNX Runtime has attention with kept keys and values, and products in 8 bits,
as one operation each, and the exporter takes them apart into some twenty, which together took as long as the products.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from reader_network import HEAD, HEADS

RUNTIME = "com.microsoft"  # where ONNX Runtime's own operations are
PLACES = 128  # that are used
LARGEST = 127  # of 8 bits with a sign

Weights = Mapping[str, np.ndarray]


class Graph:
    """Nodes and weights of a model, as they come."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.array(values, order="C"), name))
        return name

    def node(self, operation: str, given: list[str], *made: str, domain: str = "", **how: Any) -> str:
        self.nodes.append(helper.make_node(operation, given, list(made), domain=domain, **how))
        return made[0]

    def product(self, given: str, made: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """A linear layer, its weights in 8 bits with a scale for each column."""
        scale = np.abs(weight).max(axis=1) / LARGEST
        rounded = np.rint(weight / scale[:, None]).astype(np.int8).T
        names = [self.constant(f"{made} weight", rounded), self.constant(f"{made} scale", scale)]
        bias_name = self.constant(f"{made} bias", bias)
        return self.node("DynamicQuantizeMatMul", [given, *names, "", bias_name], made, domain=RUNTIME)

    def norm(self, given: str, made: str, weight: np.ndarray, bias: np.ndarray) -> str:
        names = [self.constant(f"{made} weight", weight), self.constant(f"{made} bias", bias)]
        return self.node("LayerNormalization", [given, *names], made, axis=-1, epsilon=1e-12)


def write_graph(weights: Weights, layers: int, file: Path) -> None:
    """Write a ReaderNetwork.

    Args:
        weights: Its parameters by name, in single precision.
        layers: How many it has.
        file: Where to.
    """
    graph = Graph()
    states = _embedded(graph, weights)
    given = [_declared(name, TensorProto.INT64, 1, "tokens") for name in INPUTS]
    made = [_declared("score", TensorProto.FLOAT, 1)]
    for at in range(layers):
        own = {name: weights[f"layers.{at}.{name}"] for name in PARTS}
        states = _layer(graph, own, at, states, last=at == layers - 1)
        for name in (f"keys_{at}", f"values_{at}"):
            given.append(_declared(f"past_{name}", TensorProto.FLOAT, 1, HEADS, "before", HEAD))
            made.append(_declared(name, TensorProto.FLOAT, 1, HEADS, "all", HEAD))
    _headed(graph, weights, states)
    whole = helper.make_graph(graph.nodes, "reader", given, made, graph.constants)
    sets = [helper.make_opsetid("", 18), helper.make_opsetid(RUNTIME, 1)]
    onnx.save(helper.make_model(whole, opset_imports=sets, ir_version=9), str(file))


INPUTS = ("input_ids", "token_type_ids", "position_ids")
PARTS = tuple(
    f"{part}.{kind}"
    for part in ("attention", "out", "up", "down", "first_norm", "second_norm")
    for kind in ("weight", "bias")
)


def _declared(name: str, kind: int, *shape: int | str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def _embedded(graph: Graph, weights: Weights) -> str:
    words = weights["words.weight"]
    scale = np.abs(words).max(axis=1, keepdims=True) / LARGEST
    graph.constant("words", np.rint(words / np.maximum(scale, 1e-12)).astype(np.int8))
    graph.constant("words scale", scale)
    graph.constant("kinds", weights["kinds.weight"])
    graph.constant("places", weights["places.weight"][:PLACES])
    graph.node("Gather", ["words", "input_ids"], "rounded")
    graph.node("Cast", ["rounded"], "numbers", to=TensorProto.FLOAT)
    graph.node("Gather", ["words scale", "input_ids"], "scales")
    graph.node("Mul", ["numbers", "scales"], "word")
    graph.node("Gather", ["kinds", "token_type_ids"], "kind")
    graph.node("Gather", ["places", "position_ids"], "place")
    graph.node("Add", ["kind", "place"], "where")
    graph.node("Add", ["word", "where"], "embedded")
    return graph.norm("embedded", "begin", weights["norm.weight"], weights["norm.bias"])


def _layer(graph: Graph, weights: Weights, at: int, states: str, last: bool) -> str:
    def product(given: str, part: str) -> str:
        return graph.product(given, f"{part} {at}", weights[f"{part}.weight"], weights[f"{part}.bias"])

    def norm(given: str, part: str) -> str:
        return graph.norm(given, f"{part} {at}", weights[f"{part}.weight"], weights[f"{part}.bias"])

    asking, key, value = (f"{name} {at}" for name in ("asking", "key", "value"))
    if last:  # of which the head sees the first token alone
        weight, bias = weights["attention.weight"], weights["attention.bias"]
        size = len(bias) // 3
        both = graph.product(states, f"key and value {at}", weight[size:], bias[size:])
        graph.node("Split", [both], key, value, axis=-1, num_outputs=2)
        ends = [graph.constant(name, np.array([number])) for name, number in (("none", 0), ("one token", 1))]
        states = graph.node("Slice", [states, *ends, graph.constant("token axis", np.array([1]))], "first token")
        graph.product(states, asking, weight[:size], bias[:size])
    else:
        graph.node("Split", [product(states, "attention")], asking, key, value, axis=-1, num_outputs=3)
    kept = [f"keys_{at}", f"values_{at}"]
    before = [f"past_{name}" for name in kept]
    given = [asking, key, value, "", "", "", *before]
    graph.node("MultiHeadAttention", given, f"seen {at}", *kept, domain=RUNTIME, num_heads=HEADS)
    graph.node("Add", [states, product(f"seen {at}", "out")], f"with seen {at}")
    states = norm(f"with seen {at}", "first_norm")
    graph.node("Gelu", [product(states, "up")], f"inner {at}", domain=RUNTIME)
    graph.node("Add", [states, product(f"inner {at}", "down")], f"with inner {at}")
    return norm(f"with inner {at}", "second_norm")


def _headed(graph: Graph, weights: Weights, states: str) -> None:
    def linear(given: str, part: str) -> str:
        names = [graph.constant(f"{part} {kind}", weights[f"{part}.{kind}"]) for kind in ("weight", "bias")]
        return graph.node("Gemm", [given, *names], f"{part} made", transB=1)

    graph.node("Squeeze", [states, "token axis"], "first")
    graph.node("Tanh", [linear("first", "dense")], "features")
    graph.node("Reshape", [linear("features", "head"), graph.constant("one", np.array([-1]))], "score")
