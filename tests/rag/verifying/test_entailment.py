"""A model trained on entailment may have the last word; what it must be is checked when it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tiny_embedder import TinyEmbedder
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

from index.errors import ModelMissingError, UsageError
from rag.verifying.carrying import Why
from rag.verifying.entailment import EntailmentJudge
from rag.verifying.verification import Verifier, open_judge

QUOTE = "Rituximab depletes B cells in lupus."
LABELS = {0: "contradiction", 1: "entailment", 2: "neutral"}


@pytest.fixture
def a_model(tmp_path: Path) -> Callable[..., str]:
    """A folder with a tiny model that always says the same."""

    def made(says: int, labels: dict[int, str] = LABELS) -> str:
        words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "rituximab", "cells"]
        (tmp_path / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
        BertTokenizerFast(vocab=str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
        config = BertConfig(
            vocab_size=len(words), hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8,
            id2label=labels, label2id={label: at for at, label in labels.items()}, num_labels=len(labels),
        )  # fmt: skip
        model = BertForSequenceClassification(config)
        with torch.no_grad():
            model.classifier.weight.zero_()
            model.classifier.bias.copy_(torch.tensor([9.0 if at == says else 0.0 for at in range(len(labels))]))
        model.save_pretrained(tmp_path)
        return str(tmp_path)

    return made


def test_without_one_the_rules_decide() -> None:
    assert open_judge("none") is None


@pytest.mark.parametrize(("says", "agrees"), [(0, False), (1, True), (2, False)])
def test_it_must_agree_by_its_label_of_entailment(a_model: Callable[..., str], says: int, agrees: bool) -> None:
    verdict = Verifier(TinyEmbedder(), open_judge(a_model(says))).judge("Rituximab depletes B cells.", QUOTE)
    assert verdict.supported == agrees
    assert verdict.why == ("" if agrees else Why.ENTAILMENT)


def test_it_does_not_overrule_the_rules(a_model: Callable[..., str]) -> None:
    verifier = Verifier(TinyEmbedder(), open_judge(a_model(1)))
    assert not verifier.judge("Rituximab depletes T cells.", QUOTE).supported


def test_a_model_that_is_not_trained_on_entailment_is_refused(a_model: Callable[..., str]) -> None:
    with pytest.raises(UsageError, match="not trained on entailment; its labels: good, bad"):
        EntailmentJudge(a_model(1, {0: "good", 1: "bad"})).entails(QUOTE, QUOTE)


def test_one_that_is_not_there_is_named_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="hf download some/verifier"):
        EntailmentJudge("some/verifier").entails(QUOTE, QUOTE)
