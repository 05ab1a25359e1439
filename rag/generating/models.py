"""The language model that a setting names, by LangChain's `init_chat_model`; what is missing is named.

Keys are the integrations' affair: they read them from the environment, and nothing here sees, keeps or shows one, but
for the key that is to be sent to a server of one's own.
"""

from __future__ import annotations

import os
from typing import Any

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel

from index.errors import PinciteError, UsageError
from rag.settings import Settings


class LlmUnavailableError(PinciteError):
    """The language model cannot be used as it is set: a package or a key is missing."""


_KEYS = {
    "anthropic": "ANTHROPIC_API_KEY",
    "azure_openai": "AZURE_OPENAI_API_KEY",
    "cohere": "COHERE_API_KEY",
    "deepseek": "DEEPSEEK_API_KEY",
    "fireworks": "FIREWORKS_API_KEY",
    "google_genai": "GOOGLE_API_KEY",
    "groq": "GROQ_API_KEY",
    "mistralai": "MISTRAL_API_KEY",
    "nvidia": "NVIDIA_API_KEY",
    "openai": "OPENAI_API_KEY",
    "openrouter": "OPENROUTER_API_KEY",
    "perplexity": "PPLX_API_KEY",
    "together": "TOGETHER_API_KEY",
    "upstage": "UPSTAGE_API_KEY",
    "xai": "XAI_API_KEY",
}
"""Where the integrations look for a provider's key; one not listed here says so itself."""

_NO_KEY = "none"  # what a server is sent that wants none; the integration refuses to send nothing


def key_variable(llm: str) -> str:
    """The environment variable that a model's integration reads its key from; "" if none is known."""
    return _KEYS.get(llm.partition(":")[0], "")


def open_model(settings: Settings) -> BaseChatModel:
    """The model that `settings.llm` names.

    Raises:
        UsageError: It names no provider that LangChain knows, or no model.
        LlmUnavailableError: A package or a key is missing; says which, and the command that mends it.
    """
    provider, _, model = settings.llm.partition(":")
    if not provider or not model:
        raise UsageError(
            f"The language model {settings.llm!r} is not named as provider:model, for example ollama:llama3.1 "
            f"or openai:gpt-5-mini."
        )
    try:
        opened: BaseChatModel = init_chat_model(model, model_provider=provider, **_options(provider, settings))
    except (ImportError, AttributeError) as error:  # an older package may lack what LangChain looks for in it
        package = _package(error, provider)
        raise LlmUnavailableError(
            f"The language model {settings.llm} needs the package {package}.", f"pip install {package}"
        ) from None
    except PinciteError:
        raise
    except Exception as error:  # noqa: BLE001  each integration raises its own
        if isinstance(error, ValueError) and "nsupported" in str(error) and "provider" in str(error):
            raise UsageError(f"LangChain knows no provider {provider!r}. {_known(str(error))}") from None
        variable = key_variable(settings.llm)
        if variable and not os.environ.get(variable):
            raise LlmUnavailableError(
                f"The language model {settings.llm} needs a key, and {variable} is not set.",
                f"export {variable}=<your key>",
            ) from None
        # Not its words: they may hold what was typed for a key.
        raise LlmUnavailableError(
            f"The language model {settings.llm} cannot be set up ({type(error).__name__}).",
            f"see what LangChain's {provider} integration needs",
        ) from None
    return opened


def _options(provider: str, settings: Settings) -> dict[str, Any]:
    """What the model is set up with; only what every integration takes, but for those that are known to take more."""
    options: dict[str, Any] = {"temperature": 0.0}
    if provider == "ollama":
        options |= {"num_predict": settings.llm_tokens, "client_kwargs": {"timeout": settings.llm_seconds}}
    elif provider == "google_genai":
        options |= {"max_output_tokens": settings.llm_tokens, "timeout": settings.llm_seconds, "max_retries": 1}
    elif provider in _KEYS:
        options |= {"max_tokens": settings.llm_tokens, "timeout": settings.llm_seconds, "max_retries": 0}
    if provider == "openai":
        options["stream_usage"] = True
    if settings.llm_base_url:
        options["base_url"] = settings.llm_base_url
        if provider in _KEYS:
            options["api_key"] = _own_key(settings)
    return options


def _own_key(settings: Settings) -> str:
    """The key for a server of one's own: that of the variable named, never a provider's."""
    name = settings.llm_key_variable
    if not name:
        return _NO_KEY
    if not os.environ.get(name):
        raise LlmUnavailableError(f"{name}, which llm_key_variable names, is not set.", f"export {name}=<your key>")
    return os.environ[name]


def _package(error: ImportError | AttributeError, provider: str) -> str:
    """The package that an integration lacks, as LangChain names it, or else the module that is missing."""
    said = str(error)
    if "`pip install " in said:
        return said.split("`pip install ", 1)[1].split("`", 1)[0].replace("-U ", "")
    missing = error.name if isinstance(error, ImportError) else None
    return (missing or f"langchain-{provider}").split(".")[0].replace("_", "-")


def _known(said: str) -> str:
    known = said.rpartition(":")[2].strip()
    return f"It knows: {known}." if known else ""
