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

from index.question_rounding import round_weights, spreads

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


def rounded(file: Path, given: np.ndarray, rougher: float) -> int:
    return round_weights(file, spreads(file, [{"given": given}]), rougher)


FEW, MANY = np.inf, -1.0  # scales, however much that loses


@examples(max_examples=40, deadline=None)
@given(
    inner=st.integers(1, 130),
    outer=st.integers(1, 70),
    rows=st.integers(1, 5),
    seed=st.integers(0, 999),
    rougher=st.sampled_from([FEW, MANY]),
)
def test_products_stay_nearly_what_they_were(
    tmp_path_factory: pytest.TempPathFactory, inner: int, outer: int, rows: int, seed: int, rougher: float
) -> None:
    file = tmp_path_factory.mktemp("model") / "model.onnx"
    chance = np.random.default_rng(seed)
    weight = chance.normal(size=(inner, outer)).astype(np.float32)
    weight[:, 0] = 0  # a column that has no scale
    given = chance.normal(size=(rows, inner)).astype(np.float32)
    save(file, [helper.make_node("MatMul", ["given", "weight"], ["made"])], {"weight": weight}, inner)
    assert rounded(file, given, rougher) == 1
    # Each factor is off by half a step of 1/127 of its row's largest at most.
    bound = 2.5 / 127 * np.abs(given).max() * np.abs(weight).max() * inner
    assert np.abs(run(file, given) - given @ weight).max() <= bound
    assert (run(file, given)[:, 0] == 0).all()
    assert "weight" not in {one.name for one in onnx.load(str(file)).graph.initializer}


def lost(file: Path, given: np.ndarray, weight: np.ndarray, rougher: float) -> float:
    """How far a model's products are off, as a share."""
    save(file, [helper.make_node("MatMul", ["given", "weight"], ["made"])], {"weight": weight}, len(weight))
    rounded(file, given, rougher)
    exact = given @ weight
    return float(np.linalg.norm(run(file, given) - exact) / np.linalg.norm(exact))


def operations(file: Path) -> list[str]:
    return [node.op_type for node in onnx.load(str(file)).graph.node]


def test_a_channel_that_is_much_larger_than_the_others_is_spread(tmp_path: Path) -> None:
    file, chance = tmp_path / "model.onnx", np.random.default_rng(0)
    weight = chance.normal(size=(64, 64)).astype(np.float32)
    given = chance.normal(size=(20, 64)).astype(np.float32)
    given[:, 3] *= 40
    weight[3] /= 40
    assert lost(file, given, weight, FEW) < 0.02
    assert operations(file) == ["Mul", "DynamicQuantizeMatMul"]


def test_what_few_scales_would_lose_has_many(tmp_path: Path) -> None:
    file, chance = tmp_path / "model.onnx", np.random.default_rng(0)
    weight = chance.normal(size=(64, 64)).astype(np.float32)
    plain = chance.normal(size=(20, 64)).astype(np.float32)
    assert lost(file, plain, weight, 2.0) < 0.02
    assert "MatMulNBits" not in operations(file)
    # Tokens of very different lengths: with one scale for all, little is left of the shorter ones.
    uneven = plain * np.geomspace(0.01, 1, 20, dtype=np.float32)[:, None]
    lost(file, uneven, weight, 2.0)
    assert operations(file) == ["MatMulNBits"]
    by_rows = np.abs(run(file, uneven) - uneven @ weight)[0].max()
    lost(file, uneven, weight, FEW)
    assert by_rows < 0.1 * np.abs(run(file, uneven) - uneven @ weight)[0].max()


@pytest.mark.parametrize("rougher", [FEW, MANY])
def test_a_constant_that_is_added_is_added_still(tmp_path: Path, rougher: float) -> None:
    file, chance = tmp_path / "model.onnx", np.random.default_rng(0)
    weight, added = (chance.normal(size=size).astype(np.float32) for size in ((64, 8), (8,)))
    given = chance.normal(size=(5, 64)).astype(np.float32)
    nodes = [helper.make_node("MatMul", ["given", "weight"], ["product"])]
    nodes += [helper.make_node("Add", ["added", "product"], ["sum"]), helper.make_node("Relu", ["sum"], ["made"])]
    save(file, nodes, {"weight": weight, "added": added}, 64)
    assert rounded(file, given, rougher) == 1
    assert np.abs(run(file, given) - np.maximum(given @ weight + added, 0)).max() < 0.5
    assert ("Add" in operations(file)) == (rougher == MANY)


@pytest.mark.parametrize("rougher", [FEW, MANY])
def test_a_sum_that_something_else_is_made_of_too_stays(tmp_path: Path, rougher: float) -> None:
    file, chance = tmp_path / "model.onnx", np.random.default_rng(0)
    weight, added = (chance.normal(size=size).astype(np.float32) for size in ((64, 8), (8,)))
    given = chance.normal(size=(5, 64)).astype(np.float32)
    nodes = [helper.make_node("MatMul", ["given", "weight"], ["product"])]
    nodes += [
        helper.make_node("Add", ["product", "added"], ["sum"]),
        helper.make_node("Mul", ["sum", "product"], ["made"]),
    ]
    save(file, nodes, {"weight": weight, "added": added}, 64)
    rounded(file, given, rougher)
    product = given @ weight
    exact = (product + added) * product
    assert np.corrcoef(run(file, given).ravel(), exact.ravel())[0, 1] > 0.999


@pytest.mark.parametrize("rougher", [FEW, MANY])
def test_a_weight_used_twice_is_kept_where_it_is_more_than_a_factor(tmp_path: Path, rougher: float) -> None:
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
    assert rounded(file, given, rougher) == 2
    assert np.corrcoef(run(file, given).ravel(), exact.ravel())[0, 1] > 0.999
    names = [one.name for one in onnx.load(str(file)).graph.initializer]
    assert "weight" in names
    assert len(names) == len(set(names))


def test_two_products_of_the_same_share_what_is_spread(tmp_path: Path) -> None:
    file, chance = tmp_path / "model.onnx", np.random.default_rng(0)
    one, other = (chance.normal(size=(64, 64)).astype(np.float32) for _ in range(2))
    given = chance.normal(size=(20, 64)).astype(np.float32)
    given[:, 3] *= 40
    nodes = [
        helper.make_node("MatMul", ["given", "one"], ["first"]),
        helper.make_node("MatMul", ["given", "other"], ["second"]),
        helper.make_node("Mul", ["first", "second"], ["made"]),
    ]
    save(file, nodes, {"one": one, "other": other}, 64)
    rounded(file, given, FEW)
    assert sorted(operations(file)) == ["DynamicQuantizeMatMul", "DynamicQuantizeMatMul", "Mul", "Mul"]
    exact = (given @ one) * (given @ other)
    assert np.corrcoef(run(file, given).ravel(), exact.ravel())[0, 1] > 0.999


def test_products_of_what_is_given_stay_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    save(file, [helper.make_node("MatMul", ["given", "given"], ["made"])], {}, 8)
    before = file.read_bytes()
    given = np.random.default_rng(0).normal(size=(8, 8)).astype(np.float32)
    assert rounded(file, given, FEW) == 0
    assert np.abs(run(file, given) - given @ given).max() < 1e-5
    assert onnx.load_from_string(before).graph == onnx.load(str(file)).graph
