"""The weights of a copied model rounded to 8 bits: its products take two thirds of the time.

Each 32 weights that stand in a row have a scale of their own, and so have the numbers that they are multiplied with
(ONNX Runtime's MatMulNBits, at its accuracy level 4). ONNX Runtime's own script for this sets up the logging of whoever
imports it, and wants two packages more.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import onnx

_ROW = 32  # weights with one scale
_MIDDLE = 128  # what stands for 0
_DOMAIN = "com.microsoft"
_IN_BYTES = 4  # the accuracy level at which both factors are rounded


def round_weights(file: Path) -> int:
    """Round the weights of a model's products where they stand; returns how many products there were.

    Raises:
        OSError: It cannot be read or written.
    """
    import onnx
    from onnx import helper

    model = onnx.load(str(file))
    graph = model.graph
    weights = {one.name: one for one in graph.initializer}
    nodes, rounded = [], set()
    for node in graph.node:
        weight = weights.get(node.input[1]) if node.op_type == "MatMul" and not node.domain else None
        if weight is None or len(weight.dims) != 2 or weight.data_type != onnx.TensorProto.FLOAT:
            nodes.append(node)
            continue
        given, (inner, outer) = [weight.name, f"{weight.name} in bytes", f"{weight.name} scales"], weight.dims
        if weight.name not in rounded:
            rounded.add(weight.name)
            graph.initializer.extend(_rounded(onnx.numpy_helper.to_array(weight), *given[1:]))
        how = {"K": inner, "N": outer, "bits": 8, "block_size": _ROW, "accuracy_level": _IN_BYTES}
        nodes.append(
            helper.make_node(
                "MatMulNBits", [node.input[0], *given[1:]], list(node.output), node.name, domain=_DOMAIN, **how
            )
        )
    _without(graph, nodes, rounded)
    if all(one.domain != _DOMAIN for one in model.opset_import):
        model.opset_import.append(helper.make_opsetid(_DOMAIN, 1))
    onnx.save(model, str(file))
    return len(rounded)


def _rounded(weight: NDArray[np.float32], name: str, scales_name: str) -> list[onnx.TensorProto]:
    """Weights of shape (inner, outer) as bytes of shape (outer, rows, _ROW), and the scale of each row."""
    from onnx import numpy_helper

    inner, outer = weight.shape
    rows = -(-inner // _ROW)
    every = np.zeros((outer, rows * _ROW), dtype=np.float32)
    every[:, :inner] = weight.T
    every = every.reshape(outer, rows, _ROW)
    scales = np.abs(every).max(axis=2) / (_MIDDLE - 1)
    whole: NDArray[Any] = np.rint(every / np.where(scales, scales, 1.0)[:, :, None]) + _MIDDLE
    return [
        numpy_helper.from_array(whole.astype(np.uint8), name),
        numpy_helper.from_array(scales.reshape(-1).astype(np.float32), scales_name),
    ]


def _without(graph: onnx.GraphProto, nodes: list[onnx.NodeProto], rounded: set[str]) -> None:
    """Put nodes into a graph in place of its own, and take out the weights that none of them uses any more."""
    used = {name for node in nodes for name in node.input}
    kept = [one for one in graph.initializer if one.name in used or one.name not in rounded]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept)
