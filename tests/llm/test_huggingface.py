"""Models in this process by transformers: read from disk alone, stopped at once, one at a time."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from core.errors import ModelFailed
from core.llm import endpoints, huggingface, open_model, prompt_limit, providers
from tests import tiny_models

needs_torch = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(map(endpoints.installed, endpoints.LOCAL["huggingface"])),
        reason="needs the extra huggingface",
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.llama(tmp_path_factory.mktemp("llama"))


@pytest.fixture
def model(home: Path, folder: Path) -> Iterator[str]:
    yield f"huggingface:{folder}"
    huggingface.let_go()


def test_without_its_packages_the_provider_says_how_to_install_them(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "find_spec", lambda package: None)
    with pytest.raises(ModelFailed) as refused:
        open_model("huggingface:./loja")
    assert (refused.value.code, refused.value.hint.rpartition(" ")[2]) == (
        "not_installed",
        "huggingface",
    )
    own = next(one for one in providers() if one.name == "huggingface")
    assert (own.ready, own.missing, own.prefix) == (False, "package", "huggingface:")


@pytest.mark.parametrize(
    ("told", "most"),
    [
        ({"max_position_embeddings": 2048}, 2048),
        ({"text_config": {"max_position_embeddings": 1000}}, 1000),
        ({"max_position_embeddings": 10_000_000}, huggingface.LARGEST_WINDOW),
        ({"max_position_embeddings": "many"}, huggingface.WINDOW),
        ([], huggingface.WINDOW),
    ],
)
def test_what_a_model_reads_is_told_by_its_config(tmp_path: Path, told: object, most: int) -> None:
    (tmp_path / "config.json").write_text(json.dumps(told))
    assert huggingface.window(str(tmp_path)) == most
    small = prompt_limit(f"huggingface:{tmp_path}", {"num_ctx": 600, "max_tokens": 100})
    assert small == 500


def test_a_folder_there_is_not_has_a_window_all_the_same(tmp_path: Path) -> None:
    assert huggingface.window(str(tmp_path / "gone")) == huggingface.WINDOW


class TestWithTorch:
    """What only shows where a model speaks."""

    pytestmark = needs_torch

    def test_a_model_speaks_and_ends_like_every_other(self, model: str) -> None:
        reply = open_model(model, max_tokens=20, temperature=0).invoke("Quando abre?")
        told = reply.response_metadata
        assert (told["done"], told["done_reason"]) == (True, "length")
        assert told["model_provider"] == "huggingface"
        assert told["load_seconds"] > 0 < told["generation_seconds"]
        assert reply.usage_metadata is not None
        assert reply.usage_metadata["output_tokens"] == 20
        again = open_model(model, max_tokens=20, temperature=0).invoke("Quando abre?")
        assert again.content == reply.content

    def test_a_seed_draws_the_same_words_again(self, model: str) -> None:
        said = [
            open_model(model, max_tokens=20, temperature=1.5, seed=seed).invoke("a").content
            for seed in (1, 1, 2)
        ]
        assert said[0] == said[1] != said[2]

    def test_who_stops_listening_stops_the_model(
        self, model: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from core.llm.huggingface_chat import Spelling

        written: list[Any] = []
        put = Spelling.put

        def counted(spelling: Spelling, value: Any) -> None:
            written.append(value)
            put(spelling, value)

        monkeypatch.setattr(Spelling, "put", counted)

        async def hear_one_piece() -> None:
            said: Any = open_model(model, max_tokens=400, temperature=0).astream("x")
            async with aclosing(said) as stream:
                await anext(stream)

        asyncio.run(hear_one_piece())
        with huggingface.held(model.partition(":")[2]):  # free again: nobody writes
            assert 0 < len(written) < 200

    def test_a_stop_text_ends_the_answer_and_is_not_said(self, model: str) -> None:
        whole = str(open_model(model, max_tokens=60, temperature=0).invoke("abc").content)
        stop = whole[8:11]
        reply = open_model(model, max_tokens=60, temperature=0).invoke("abc", stop=[stop])
        assert reply.content == whole[: whole.index(stop)]

    def test_rules_reach_a_model_whose_template_knows_no_system(
        self, home: Path, tmp_path: Path
    ) -> None:
        from langchain_core.messages import HumanMessage, SystemMessage

        from core.llm.huggingface_chat import tokens_of

        made = tiny_models.llama(tmp_path, tiny_models.NO_SYSTEM)
        with huggingface.held(str(made)) as held:
            asked = tokens_of(held, [SystemMessage("Regra."), HumanMessage("Oi")])
            assert held.tokenizer.decode(asked["input_ids"][0]).startswith("<user>Regra.\n\nOi")
        huggingface.let_go()

    def test_a_prompt_that_is_too_long_is_refused_with_its_length(self, model: str) -> None:
        with pytest.raises(ModelFailed, match="512") as refused:
            open_model(model).invoke("x" * 600)
        assert refused.value.code == "refused"

    def test_pickled_weights_are_never_read(self, home: Path, tmp_path: Path) -> None:
        made = tiny_models.llama(tmp_path)
        (made / "model.safetensors").rename(made / "pytorch_model.bin")
        with pytest.raises(ModelFailed, match="safetensors") as refused:
            open_model(f"huggingface:{made}").invoke("x")
        assert refused.value.code == "model_missing"

    def test_code_of_a_models_author_never_runs(self, home: Path, tmp_path: Path) -> None:
        made = tiny_models.llama(tmp_path)
        config = json.loads((made / "config.json").read_text())
        ran = tmp_path / "ran"
        (made / "evil.py").write_text(f"open({str(ran)!r}, 'w')\nclass Config: ...\nModel = Config")
        config |= {
            "model_type": "evil",
            "auto_map": {"AutoConfig": "evil.Config", "AutoModelForCausalLM": "evil.Model"},
        }
        (made / "config.json").write_text(json.dumps(config))
        with pytest.raises(ModelFailed) as refused:
            open_model(f"huggingface:{made}").invoke("x")
        assert refused.value.code == "model_missing"
        assert not ran.exists()

    def test_a_name_that_was_never_fetched_says_how_to_fetch_it(self, home: Path) -> None:
        with pytest.raises(ModelFailed, match="nobody/nothing") as refused:
            open_model("huggingface:nobody/nothing").invoke("x")
        assert "hf download nobody/nothing" in refused.value.hint

    @pytest.mark.parametrize(("free", "kept"), [(0, 1), (10**12, 2)])
    def test_a_second_model_stays_in_memory_only_where_there_is_plenty(
        self, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, kept: int
    ) -> None:
        monkeypatch.setattr(huggingface, "_free", lambda: free)
        names = [model.partition(":")[2]]
        names += [str(tiny_models.llama(tmp_path / name)) for name in ("b", "c")]
        for name in names:
            open_model(f"huggingface:{name}", max_tokens=2).invoke("x")
        assert [one.name for one in huggingface._held] == names[-kept:]
