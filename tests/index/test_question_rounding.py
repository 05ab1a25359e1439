"""Weights rounded to 8 bits make nearly the same products, and what is no weight stays as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from index.question_rounding import round_weights

FLOAT = TensorProto.FLOAT


def save(file: Path, nodes: list[onnx.NodeProto], weights: dict[str, np.ndarray], width: int) -> None:
    given = helper.make_tensor_value_info("given", FLOAT, ["rows", width])
    made = helper.make_tensor_value_info("made", FLOAT, None)
    constants = [numpy_helper.from_array(values, name) for name, values in weights.items()]
    graph = helper.make_graph(nodes, "graph", [given], [made], constants)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(file))


def run(file: Path, rows: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"given": rows})[0])


@examples(max_examples=30, deadline=None)
@given(inner=st.integers(1, 130), outer=st.integers(1, 70), rows=st.integers(1, 5), seed=st.integers(0, 999))
def test_products_stay_nearly_what_they_were(
    tmp_path_factory: pytest.TempPathFactory, inner: int, outer: int, rows: int, seed: int
) -> None:
    file = tmp_path_factory.mktemp("model") / "model.onnx"
    chance = np.random.default_rng(seed)
    weight = chance.normal(size=(inner, outer)).astype(np.float32)
    weight[:, 0] = 0  # a column that has no scale
    given = chance.normal(size=(rows, inner)).astype(np.float32)
    save(file, [helper.make_node("MatMul", ["given", "weight"], ["made"])], {"weight": weight}, inner)
    assert round_weights(file) == 1
    # Each factor is off by half a step of 1/127 of its row's largest at most.
    bound = 2.5 / 127 * np.abs(given).max() * np.abs(weight).max() * inner
    assert np.abs(run(file, given) - given @ weight).max() <= bound
    assert (run(file, given)[:, 0] == 0).all()
    assert {one.name for one in onnx.load(str(file)).graph.initializer} == {"weight in bytes", "weight scales"}


def test_a_weight_used_twice_is_rounded_once_and_kept_where_it_is_more_than_a_factor(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    weight = np.random.default_rng(0).normal(size=(64, 64)).astype(np.float32)
    nodes = [
        helper.make_node("MatMul", ["given", "weight"], ["once"]),
        helper.make_node("MatMul", ["once", "weight"], ["twice"]),
        helper.make_node("Add", ["twice", "weight"], ["made"]),
    ]
    save(file, nodes, {"weight": weight}, 64)
    given = np.eye(64, dtype=np.float32)
    exact = given @ weight @ weight + weight
    assert round_weights(file) == 1
    assert np.corrcoef(run(file, given).ravel(), exact.ravel())[0, 1] > 0.999
    names = [one.name for one in onnx.load(str(file)).graph.initializer]
    assert sorted(names) == ["weight", "weight in bytes", "weight scales"]


def test_products_of_what_is_given_stay_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    save(file, [helper.make_node("MatMul", ["given", "given"], ["made"])], {}, 8)
    before = file.read_bytes()
    assert round_weights(file) == 0
    given = np.random.default_rng(0).normal(size=(8, 8)).astype(np.float32)
    assert np.abs(run(file, given) - given @ given).max() < 1e-5
    assert onnx.load_from_string(before).graph == onnx.load(str(file)).graph
