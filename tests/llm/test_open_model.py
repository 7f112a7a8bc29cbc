"""The one door to every model: names, parameters, and what opening costs."""

import subprocess
import sys
from typing import Any

import pytest

from core.errors import InvalidInput
from core.llm import PARAMETERS, PROVIDERS, checked, open_model, split


def test_a_name_is_split_at_its_first_colon() -> None:
    assert split("ollama:llama3.2:3b") == ("ollama", "llama3.2:3b")


def test_an_unknown_provider_is_refused_with_the_names_of_those_that_exist() -> None:
    with pytest.raises(InvalidInput) as caught:
        open_model("nope:x")
    assert caught.value.code == "unknown_provider"
    assert all(provider in caught.value.hint for provider in PROVIDERS)


@pytest.mark.parametrize(
    "name",
    ["", "ollama", "ollama:", ":x", "embedded:other", "ollama:a\x00b", "ollama:" + "x" * 201],
)
def test_a_name_that_names_no_model_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        split(name)


@pytest.mark.parametrize("name", ["embedded:quotes", "fake:echo", "ollama:llama3.2"])
def test_opening_a_model_calls_nobody(home: Any, name: str) -> None:
    assert open_model(name, temperature=0.1, max_tokens=50) is not None


def test_an_unknown_parameter_is_refused_with_the_names_of_those_that_exist() -> None:
    with pytest.raises(InvalidInput) as caught:
        open_model("fake:echo", heat=1)
    assert caught.value.field == "heat"
    assert all(name in caught.value.hint for name in PARAMETERS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", 2.1),
        ("temperature", "warm"),
        ("temperature", True),
        ("max_tokens", 0),
        ("max_tokens", 1.5),
        ("top_p", -0.1),
        ("reasoning", "very"),
        ("num_ctx", 10),
        ("keep_alive", 1.5),
    ],
)
def test_a_value_out_of_bounds_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        checked({name: value})
    assert caught.value.field == name
    assert str(value) in caught.value.message


def test_a_parameter_that_is_not_set_is_left_out() -> None:
    assert checked({"temperature": None, "seed": 3}) == {"seed": 3}


@pytest.mark.slow
def test_neither_registry_nor_models_load_a_heavy_library_when_imported() -> None:
    program = (
        "import sys, core.llm, core.llm.ollama, core.registry, core.assistants, core.access;"
        "print([m for m in ('langchain_core', 'ollama', 'httpx', 'faiss', 'tomli_w')"
        " if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert said.stdout.decode().strip() == "[]"
