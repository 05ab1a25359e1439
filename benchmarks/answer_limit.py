"""How much of a warm answer's time is arithmetic that nothing but another model, or a quicker processor, would spare?

For each question the multiplications of its models by their weights are counted: those of the question's model and of
the reader, both in 8 bits, for every token of what each was given. How quick this machine multiplies is measured by
ONNX Runtime itself, with one large product; the quickest of many counts. So the least time is that of multiplying at
full speed on all cores that a step may use, with nothing beside it: no attention, no search.

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
from rag.searching import onnx_reader
from rag.searching.onnx_reader import QUESTION_TOKENS, SENTENCE_TOKENS, OnnxReader

ROWS, INNER, OUTER = 512, 384, 1536  # of the product that is timed
TRIES = 200


class Watched(OnnxReader):
    """The reader, with the tokens of every text that it reads: of the question, and of each sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: list[int] = []

    def read(self, question: str, sentences: Sequence[str]) -> np.ndarray:
        texts = [self._tokens(question, QUESTION_TOKENS), *(self._tokens(one, SENTENCE_TOKENS) for one in sentences)]
        self.tokens.extend(map(len, texts))
        return super().read(question, sentences)


def products(model: Path) -> tuple[int, int]:
    """Multiplications by a model's weights for each token of a text, and for its first token beside that."""
    graph = onnx.load(str(model)).graph
    shapes = {one.name: tuple(one.dims) for one in graph.initializer}
    every = first = 0
    of_first: set[str] = set()  # what is made of the first token alone
    for node in graph.node:
        size = 0
        if node.op_type == "MatMulNBits":
            how = {one.name: one.i for one in node.attribute}
            size = how["K"] * how["N"]
        elif node.op_type in {"DynamicQuantizeMatMul", "Gemm", "MatMul"} and len(shapes.get(node.input[1], ())) == 2:
            size = int(np.prod(shapes[node.input[1]]))
        if "first token" in node.output or of_first.intersection(node.input):
            of_first.update(node.output)
            first += size
        else:
            every += size
    return every, first


def products_a_second() -> float:
    """How many of 8 bits a core does."""
    chance = np.random.default_rng(0)
    left = chance.integers(0, 99, (ROWS, INNER)).astype(np.uint8)
    right = chance.integers(0, 99, (INNER, OUTER)).astype(np.int8)
    given = helper.make_tensor_value_info("a", TensorProto.UINT8, left.shape)
    made = helper.make_tensor_value_info("c", TensorProto.INT32, [ROWS, OUTER])
    node = helper.make_node("MatMulInteger", ["a", "b"], ["c"])
    graph = helper.make_graph([node], "product", [given], [made], [numpy_helper.from_array(right, "b")])
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
    reader, asked, read, counts, took = Watched(), [], [], [], []
    speed = products_a_second()
    with public_shelf(parser, chosen) as public:
        assistant = public.assistant
        assistant.reader = reader
        questions = public.questions()
        questions = random.Random(0).sample(questions, min(len(questions), chosen.questions))
        words = Tokenizer.from_file(str(assistant.embedder.folder / "tokenizer.json"))
        words.no_padding()
        question_model, _ = products(public.shelf.index / FILE)
        each, first = products(Path(onnx_reader.__file__).parent / "reader" / "model.onnx")
        assistant.answer(questions[-1])
        for question in questions:
            reader.tokens.clear()
            took.append(1000 * assistant.answer(question).seconds["total"])
            asked.append(1000 * len(words.encode(question).ids) * question_model / speed)
            read.append(1000 * (sum(reader.tokens) * each + len(reader.tokens) * first) / speed / cores())
            counts.append(max(len(reader.tokens) - 1, 0))
    both = [sum(one) for one in zip(asked, read, strict=True)]
    rows = [
        Row("products a second and core, 8 bits", speed / 1e9, "10^9", "neither"),
        *(
            Row(f"{name}, p{share}", percentile(values, share), unit, "neither")
            for name, values, unit in (
                ("sentences read", counts, ""),
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
