"""How much of a warm answer's time is arithmetic that nothing but another model, or a quicker processor, would spare?

For each question the multiplications of its models are counted: those by the weights of the question's model, in single
precision, and of the reader, in 8 bits, for every token of what each was given. How quick this machine multiplies is
measured by ONNX Runtime itself, with one large product of each kind; the quickest of many counts. So the least time is
that of multiplying at full speed on all cores that a step may use, with nothing beside it: no attention, no search.

    python benchmarks/answer_limit.py --data FOLDER --work DIR [--set NAME] [--questions N] [--json FILE]

The index is that of `answer_speed.py`, if both are given the same folders.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from public_shelf import add_options, public_shelf
from results import Row, percentile, report
from tokenizers import Tokenizer

from index.cores import cores
from index.question_model import FILE
from rag.searching import reading
from rag.searching.reading import OnnxReader

ROWS, INNER, OUTER = 512, 384, 1536  # of the product that is timed
TRIES = 200


class Watched(OnnxReader):
    """The reader, with the tokens of every pair that it reads."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: list[int] = []

    def read(self, question: str, sentences: Sequence[str]) -> np.ndarray:
        pairs = [(question, sentence) for sentence in sentences]
        self.tokens.extend(len(one.ids) for one in self._tokenizer.encode_batch(pairs))
        return super().read(question, sentences)


def products_a_token(model: Path) -> int:
    """Multiplications by a model's weights for each token: the sizes of the matrices that tokens are multiplied by."""
    graph = onnx.load(str(model)).graph
    shapes = {one.name: tuple(one.dims) for one in graph.initializer}
    shapes |= {
        node.output[0]: numpy_helper.to_array(node.attribute[0].t).shape
        for node in graph.node
        if node.op_type == "Constant" and node.attribute[0].name == "value"
    }
    sizes = [
        int(np.prod(shapes[name]))
        for node in graph.node
        if node.op_type in {"MatMul", "MatMulInteger", "Gemm"}
        for name in node.input[1:2]
        if len(shapes.get(name, ())) == 2
    ]
    return sum(sizes)


def products_a_second(in_bytes: bool) -> float:
    """How many a core does: of single precision, or of 8 bits."""
    kinds = (TensorProto.UINT8, TensorProto.INT8, TensorProto.INT32) if in_bytes else (TensorProto.FLOAT,) * 3
    names, shapes = ("a", "b", "c"), ([ROWS, INNER], [INNER, OUTER], [ROWS, OUTER])
    given = [helper.make_tensor_value_info(*one) for one in zip(names, kinds, shapes, strict=True)]
    chance = np.random.default_rng(0)
    left, right = (
        chance.integers(0, 99, shape).astype(helper.tensor_dtype_to_np_dtype(kind))
        for shape, kind in zip(shapes[:2], kinds[:2], strict=True)
    )
    node = helper.make_node("MatMulInteger" if in_bytes else "MatMul", ["a", "b"], ["c"])
    graph = helper.make_graph([node], "product", given[:1], given[2:], [numpy_helper.from_array(right, "b")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    least = np.inf
    for _ in range(TRIES):
        began = time.perf_counter()
        session.run(None, {"a": left})
        least = min(least, time.perf_counter() - began)
    return ROWS * INNER * OUTER / least


def main() -> None:
    """Count, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--questions", type=int, default=200, help="How many, if there are as many.")
    parser.add_argument("--json", type=Path, help="Write the figures here.")
    chosen = parser.parse_args()
    reader, asked, read, pairs, took = Watched(), [], [], [], []
    single, byte = products_a_second(in_bytes=False), products_a_second(in_bytes=True)
    with public_shelf(parser, chosen) as public:
        assistant = public.assistant
        assistant.reader = reader
        questions = public.questions()
        questions = random.Random(0).sample(questions, min(len(questions), chosen.questions))
        words = Tokenizer.from_file(str(assistant.embedder.folder / "tokenizer.json"))
        words.no_padding()
        question_model = products_a_token(public.shelf.index / FILE)
        reads = products_a_token(Path(reading.__file__).parent / "reader" / "model.onnx")
        assistant.answer(questions[-1])
        for question in questions:
            reader.tokens.clear()
            took.append(1000 * assistant.answer(question).seconds["total"])
            asked.append(1000 * len(words.encode(question).ids) * question_model / single)
            read.append(1000 * sum(reader.tokens) * reads / byte / cores())
            pairs.append(len(reader.tokens))
    both = [sum(one) for one in zip(asked, read, strict=True)]
    rows = [
        Row("products a second and core, single precision", single / 1e9, "10^9", "neither"),
        Row("products a second and core, 8 bits", byte / 1e9, "10^9", "neither"),
        *(
            Row(f"{name}, p{share}", percentile(values, share), unit, "neither")
            for name, values, unit in (
                ("sentences read", pairs, ""),
                ("least time, question's vector", asked, "ms"),
                ("least time, reader", read, "ms"),
                ("least time, both", both, "ms"),
                ("answer", took, "ms"),
            )
            for share in (50, 95)
        ),
    ]
    report(f"The arithmetic of warm answers on the shelf of {chosen.set}", rows, chosen.json)


if __name__ == "__main__":
    main()
