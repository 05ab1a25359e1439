"""A language model is named as provider:model; what it lacks is named with the command that mends it."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from index.errors import UsageError
from rag.generating.models import LlmUnavailableError, open_model
from rag.settings import Settings


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_API_BASE", "OPENAI_BASE_URL", "MY_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_a_missing_package_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("langchain_anthropic", "langchain_community.chat_models"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(LlmUnavailableError) as told:
        open_model(Settings(llm="anthropic:claude"))
    assert told.value.message == "The language model anthropic:claude needs the package langchain-anthropic."
    assert told.value.mend == "pip install langchain-anthropic"


def test_a_missing_key_is_named_with_the_command() -> None:
    with pytest.raises(LlmUnavailableError) as told:
        open_model(Settings(llm="openai:gpt-5-mini"))
    assert told.value.message == "The language model openai:gpt-5-mini needs a key, and OPENAI_API_KEY is not set."
    assert told.value.mend == "export OPENAI_API_KEY=<your key>"


@pytest.mark.parametrize("llm", ["llama3.1", "ollama:", ":llama3.1"])
def test_one_that_names_no_provider_or_no_model_is_refused(llm: str) -> None:
    with pytest.raises(UsageError, match="provider:model"):
        open_model(Settings(llm=llm))


def test_an_unknown_provider_is_refused_and_the_known_ones_are_told() -> None:
    with pytest.raises(UsageError, match=r"no provider 'nobody'.*ollama"):
        open_model(Settings(llm="nobody:model"))


def test_a_server_of_ones_own_is_sent_no_key_but_the_one_named_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-provider")
    own = Settings(llm="openai:local", llm_base_url="http://127.0.0.1:9/v1")
    assert sent_key(open_model(own)) == "none"
    named = own.model_copy(update={"llm_key_variable": "MY_KEY"})
    with pytest.raises(LlmUnavailableError, match="MY_KEY, which llm_key_variable names, is not set"):
        open_model(named)
    monkeypatch.setenv("MY_KEY", "my-key")
    assert sent_key(open_model(named)) == "my-key"


def test_what_is_typed_for_a_key_is_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    model = open_model(Settings(llm="openai:gpt-5-mini"))
    assert "sk-secret" not in repr(model) + str(model)


def sent_key(model: object) -> str:
    return str(model.openai_api_key.get_secret_value())  # type: ignore[attr-defined]


def test_a_package_too_old_for_what_langchain_looks_for_is_named_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_ollama", ModuleType("langchain_ollama"))
    with pytest.raises(LlmUnavailableError, match="pip install langchain-ollama"):
        open_model(Settings(llm="ollama:llama3.1"))
