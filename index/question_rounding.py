"""The weights of a copied model rounded to 8 bits: its products take a third of the time.

Products are ONNX Runtime's DynamicQuantizeMatMul, or MatMulNBits at its accuracy level 4 where that would lose too much
(see `index.question_scales`). ONNX Runtime's own scripts for this set up the logging of whoever imports them, and want
two packages more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.question_scales import ROW, Matrix, Spread, in_rows, scales_of, spread

if TYPE_CHECKING:
    import onnx

Given = Mapping[str, NDArray[Any]]
"""What a model takes, by name."""

_MIDDLE = 128  # what stands for 0 in bytes without a sign
_DOMAIN = "com.microsoft"
_IN_BYTES = 4  # the accuracy level at which both factors are rounded


def spreads(file: Path, texts: Sequence[Given]) -> dict[str, Spread]:
    """How to scale the factors of a model's products, by the name of what comes to them.

    Args:
        file: The model.
        texts: Some that show what comes.

    Raises:
        OSError: It cannot be read.
    """
    import onnx

    model = onnx.load(str(file))
    graph = _Graph(model.graph)
    weights: defaultdict[str, list[Matrix]] = defaultdict(list)
    for node in graph.products():
        weights[node.input[0]].append(graph.weight(node))
    came = _came(model, list(weights), texts) if weights else {}
    return {name: spread(numbers, np.concatenate(weights[name], axis=1)) for name, numbers in came.items()}


def round_weights(file: Path, scaling: Mapping[str, Spread], rougher: float) -> int:
    """Round the weights of a model's products where they stand; returns how many products there were.

    Args:
        file: The model.
        scaling: How their factors are scaled, see `spreads`.
        rougher: How many times as much may be lost as with a scale for each row; those that lose more are rounded by
            rows.

    Raises:
        OSError: It cannot be read or written.
    """
    import onnx
    from onnx import helper

    model = onnx.load(str(file))
    graph = _Graph(model.graph)
    products = graph.products()
    for node in products:
        spreading = scaling[node.input[0]]
        if spreading.rougher <= rougher:
            graph.by_columns(node, spreading.factors)
        else:
            graph.by_rows(node)
    graph.write()
    if products and all(one.domain != _DOMAIN for one in model.opset_import):
        model.opset_import.append(helper.make_opsetid(_DOMAIN, 1))
    onnx.save(model, str(file))
    return len(products)


class _Graph:
    """A model's nodes, some of which are put in place of others."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        from onnx import TensorProto

        self._graph = graph
        self._constants = {one.name: one for one in graph.initializer}
        self._weights = {
            name for name, one in self._constants.items() if len(one.dims) == 2 and one.data_type == TensorProto.FLOAT
        }
        self._nodes = list(graph.node)
        self._places = {id(node): [node] for node in self._nodes}  # by identity: names may be empty
        self._rounded: set[str] = set()
        self._made: set[str] = set()

    def products(self) -> list[onnx.NodeProto]:
        """The nodes that multiply with weights."""
        return [
            node
            for node in self._nodes
            if node.op_type == "MatMul" and not node.domain and node.input[1] in self._weights
        ]

    def weight(self, node: onnx.NodeProto) -> Matrix:
        """The weights of a product, shape (inner, outer)."""
        from onnx import numpy_helper

        return np.asarray(numpy_helper.to_array(self._constants[node.input[1]]), dtype=np.float32)

    def by_rows(self, node: onnx.NodeProto) -> None:
        """Put a product in place of another whose factors have a scale for each row."""
        from onnx import helper

        given, weight, name = node.input[0], self.weight(node), f"{node.input[1]} in rows"
        rows = in_rows(weight.T)
        scales = scales_of(rows, 2)
        scales[~rows.any(axis=2)] = 0  # or sums of nothing would not be 0
        self._constant(name, (np.rint(rows / np.where(scales, scales, 1)[:, :, None]) + _MIDDLE).astype(np.uint8))
        self._constant(f"{name}, scales", scales.reshape(-1))
        inner, outer = weight.shape
        how = {"K": inner, "N": outer, "bits": 8, "block_size": ROW, "accuracy_level": _IN_BYTES}
        inputs = [given, name, f"{name}, scales"]
        self._replace(node, helper.make_node("MatMulNBits", inputs, list(node.output), domain=_DOMAIN, **how))

    def by_columns(self, node: onnx.NodeProto, factors: Matrix) -> None:
        """Put a product in place of another with one scale for all that comes to it, divided by factors."""
        from onnx import helper

        given, name, nodes = node.input[0], f"{node.input[1]} for {node.input[0]}", []
        weight = self.weight(node) * factors[:, None]
        scales = scales_of(weight, 0)
        self._constant(name, np.rint(weight / scales).astype(np.int8))
        self._constant(f"{name}, scales", scales)
        if (factors != 1).any():
            spread_out = f"{given} spread"
            if self._constant(f"{spread_out}, factors", 1 / factors):
                nodes.append(helper.make_node("Mul", [given, f"{spread_out}, factors"], [spread_out]))
            given = spread_out
        inputs, made = [given, name, f"{name}, scales"], node.output[0]
        if (added := self._added(made)) is not None:
            inputs += ["", next(one for one in added.input if one != made)]
            made = added.output[0]
            self._places[id(added)] = []
        self._replace(node, *nodes, helper.make_node("DynamicQuantizeMatMul", inputs, [made], domain=_DOMAIN))

    def write(self) -> None:
        """Put the nodes into the model, and take out the weights that none of them uses any more."""
        nodes = [one for node in self._nodes for one in self._places[id(node)]]
        used = {name for node in nodes for name in node.input}
        kept = [one for one in self._graph.initializer if one.name in used or one.name not in self._rounded]
        del self._graph.node[:], self._graph.initializer[:]
        self._graph.node.extend(nodes)
        self._graph.initializer.extend(kept)

    def _added(self, made: str) -> onnx.NodeProto | None:
        """The node that adds a constant to the numbers that come out of a product, if nothing else takes these."""
        taking = [node for node in self._nodes if made in node.input]
        if len(taking) != 1 or taking[0].op_type != "Add" or any(one.name == made for one in self._graph.output):
            return None
        others = [name for name in taking[0].input if name != made]
        constant = self._constants.get(others[0]) if len(others) == 1 else None
        return taking[0] if constant is not None and len(constant.dims) == 1 else None

    def _replace(self, node: onnx.NodeProto, *others: onnx.NodeProto) -> None:
        self._rounded.add(node.input[1])
        self._places[id(node)] = list(others)

    def _constant(self, name: str, values: NDArray[Any]) -> bool:
        """Keep a constant; False if it was kept before."""
        from onnx import numpy_helper

        if name in self._made:
            return False
        self._made.add(name)
        self._graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return True


def _came(model: onnx.ModelProto, names: Sequence[str], texts: Sequence[Given]) -> dict[str, list[Matrix]]:
    """What some texts bring to places in a model, by the places' names: each of shape (tokens, channels)."""
    import onnxruntime
    from onnx import ModelProto, TensorProto, helper

    watched = ModelProto()
    watched.CopyFrom(model)
    known = {one.name for one in watched.graph.output}
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names if name not in known]
    watched.graph.output.extend(outputs)
    session = onnxruntime.InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    runs = [session.run(list(names), dict(text)) for text in texts]
    return {
        name: [np.asarray(run[at], dtype=np.float32).reshape(-1, run[at].shape[-1]) for run in runs]
        for at, name in enumerate(names)
    }
