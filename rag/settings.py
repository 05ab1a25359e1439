"""Settings: `pincite.toml` in the working folder, and environment variables that begin with PINCITE_."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.errors import UsageError
from index.limits import Limits
from index.model_files import DEFAULT_MODEL
from index.settings import IndexSettings, Shape

FILE = "pincite.toml"
PREFIX = "PINCITE_"
NO_LLM = "none"


class Settings(BaseSettings):
    """Everything a person may choose. Arguments outrank the environment, which outranks `pincite.toml`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, toml_file=FILE, extra="forbid", frozen=True, env_ignore_empty=True, protected_namespaces=()
    )

    seeds: Path = Field(Path("seeds"), description="The folder of reviews.")
    index: Path = Field(Path(".pincite"), description="The folder of the index.")
    model: str = Field(DEFAULT_MODEL, min_length=1, description="A sentence-transformers id or folder.")
    model_languages: Literal["auto", "english", "many"] = Field(
        "auto", description="Whether the model knows languages other than English; auto: as its files tell."
    )
    question_model: Literal["copy", "none"] = Field(
        "copy", description="Whether a copy of the model is kept beside the index, which embeds questions faster."
    )
    reader: str = Field(
        "default",
        min_length=1,
        description="What reads the best sentences once more: default, none, or a sentence-transformers CrossEncoder.",
    )
    passage_tokens: int = Field(256, ge=32, le=2048, description="Model tokens a passage is filled to.")
    overlap_sentences: int = Field(1, ge=0, le=5, description="Sentences that neighbouring passages share.")
    candidates: int = Field(50, ge=10, le=2000, description="Passages and sentences looked at for each question.")
    max_sentences: int = Field(4, ge=1, le=10, description="The most sentences quoted in an answer.")
    min_confidence: float = Field(
        0.25, ge=0.0, le=1.0, description="Below this confidence the answer is that the reviews do not say."
    )
    nearest: int = Field(3, ge=0, le=20, description="Nearest passages shown with an abstention.")
    max_question_characters: int = Field(2000, ge=100, le=20000, description="The longest question taken.")
    read_seconds: float = Field(120.0, ge=2.0, le=86400.0, description="Seconds that reading one file may take.")
    read_megabytes: int = Field(
        1024, ge=256, le=65536, description="Megabytes of memory that reading one file may take."
    )
    read_workers: int = Field(0, ge=0, le=256, description="Files read side by side; 0 for one a core.")
    max_file_megabytes: int = Field(200, ge=1, le=4096, description="The largest file that is opened.")
    max_files: int = Field(100_000, ge=1, le=10_000_000, description="The most files that the folder may have.")
    lock_wait: float = Field(600.0, ge=0.0, le=86400.0, description="Seconds to wait for another writer of the index.")
    llm: str = Field(
        "none",
        min_length=1,
        description="A language model that words the answers, as provider:model (ollama:llama3.1); none: quotes alone.",
    )
    llm_base_url: str = Field(
        "", pattern=r"^(https?://\S+)?$", description="Where an OpenAI-compatible server answers for the model."
    )
    llm_key_variable: str = Field(
        "",
        pattern=r"^[A-Za-z_]\w*$|^$",
        description="The environment variable whose key is sent to llm_base_url; none is sent otherwise.",
    )
    llm_seconds: float = Field(60.0, ge=1.0, le=3600.0, description="Seconds that writing one answer may take.")
    llm_retries: int = Field(2, ge=0, le=10, description="How often a busy provider is asked again.")
    llm_passages: int = Field(6, ge=1, le=30, description="Passages that the language model is given.")
    llm_tokens: int = Field(2000, ge=50, le=8000, description="The most tokens that the language model writes.")
    llm_unsupported: Literal["drop", "strike"] = Field(
        "drop", description="What is done with a sentence that no quote carries: left out, or shown struck."
    )
    verifier: str = Field(
        "none",
        min_length=1,
        description="A CrossEncoder trained on entailment that must agree as well, by its id or folder; none: rules.",
    )
    host: str = Field("127.0.0.1", min_length=1, description="The address the chat page listens on.")
    port: int = Field(7860, ge=1, le=65535, description="The port of the chat page; the next free one if taken.")
    auth_file: Path | None = Field(None, description="Who may use the page: names and hashed passwords.")
    root_path: str = Field(
        "",
        pattern=r"^(https?://[\w.:\[\]-]+)?(/[\w.~-]+)*/?$",
        description="The path, or the whole URL, under which a reverse proxy serves the page.",
    )
    log_format: Literal["none", "text", "json"] = Field(
        "none", description="How the chat page's server logs what happens, on standard error; none: no log."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="From which level on it logs.")

    @field_validator("seeds", "index", "auth_file", mode="before")
    @classmethod
    def _named(cls, value: object, info: ValidationInfo) -> object:
        # Path("") is the working folder, which nobody means by naming nothing.
        if isinstance(value, str) and not value.strip():
            raise ValueError("name a file" if info.field_name == "auth_file" else "name a folder")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, environment, file; in this order of rank."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def index_settings(self) -> IndexSettings:
        """Those of the settings that shape the index."""
        return IndexSettings(self.model, self.passage_tokens, self.overlap_sentences)

    def limits(self) -> Limits:
        """What the shelf may hold, and reading one file may take."""
        read = (self.read_seconds, self.read_megabytes, self.max_file_megabytes, self.read_workers)
        return Limits(*read, self.max_files)

    def answer_hash(self, shape: Shape, reader: str, rounded: bool = False) -> str:
        """A digest of all that decides what is answered: these settings, those that shaped the index, the models.

        Args:
            shape: What shaped the index.
            reader: The reader's identity.
            rounded: Whether questions are embedded by a copy of the model with rounded weights.
        """
        names = (
            "candidates", "max_sentences", "min_confidence", "nearest", "max_question_characters", "model_languages",
            "question_model",
        )  # fmt: skip
        chosen = {name: getattr(self, name) for name in names} | {
            "index": shape,
            "reader": reader,
            "rounded": rounded,
        }
        return hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()


def load_settings(**chosen: Any) -> Settings:
    """The settings in force; `chosen` outrank all others, those that are None are as if not given.

    Raises:
        UsageError: A key is unknown or a value out of bounds; names it, and where it stands.
    """
    unknown = sorted(
        key
        for key in os.environ
        if key.upper().startswith(PREFIX) and key[len(PREFIX) :].lower() not in Settings.model_fields
    )
    if unknown:
        raise UsageError(f"Unknown setting in the environment: {', '.join(unknown)}. Known are: {_known()}.")
    try:
        return Settings(**{key: value for key, value in chosen.items() if value is not None})
    except ValidationError as error:
        raise UsageError(_explain(error, chosen)) from error
    except ValueError as error:  # pincite.toml is not TOML
        raise UsageError(f"{FILE} cannot be read: {error}.") from error
    except RecursionError as error:
        raise UsageError(f"{FILE} cannot be read: brackets in brackets, too deep.") from error


def _explain(error: ValidationError, chosen: dict[str, Any]) -> str:
    lines = []
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            lines.append(f"Unknown setting {key!r} in {FILE}. Known are: {_known()}.")
            continue
        if chosen.get(key) is not None:
            place = "as given"
        elif f"{PREFIX}{key.upper()}" in {name.upper() for name in os.environ}:
            place = f"in {PREFIX}{key.upper()}"
        else:
            place = f"in {FILE}"
        lines.append(f"Setting {key!r} {place}: {problem['msg']}; it was {problem['input']!r}.")
    return " ".join(lines)


def _known() -> str:
    return ", ".join(sorted(Settings.model_fields))
