"""Scorers that need a model on this disk: what they lack is said, and what they tell is right."""

import math
from pathlib import Path

import pytest

from core.comparison import scorers
from core.comparison.scorers import bertscore, local, perplexity
from core.comparison.types import Example, Reference, Seen
from core.llm import endpoints, huggingface
from tests import tiny_models

needs_torch = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(local.lacks_library()), reason="needs the extra huggingface"),
]


def example(model: str = "", text: str = "Abre às 9h.", *answers: str) -> Example:
    known = Reference(answers=answers or ("A loja abre às nove.",))
    seen = (Seen("horarios.md", "A loja abre às nove."),)
    return Example("Quando abre?", text, known, "pt", passages=seen, model=model)


@pytest.mark.parametrize("name", ["perplexity", "bertscore"])
def test_without_the_extra_they_are_left_out_and_say_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(endpoints, "find_spec", lambda package: None)
    assert "dev.py add huggingface" in scorers.SCORERS[name].available()
    assert scorers.scored(example(), [name]) == {}


def test_a_model_that_runs_elsewhere_tells_no_perplexity() -> None:
    assert perplexity.perplexity(example("ollama:llama3.2")) is None


class TestWithTorch:
    """What only shows where a model is."""

    pytestmark = needs_torch

    def test_perplexity_is_the_loss_of_the_reference_answer_per_word(
        self, home: Path, tmp_path: Path
    ) -> None:
        import torch
        from langchain_core.messages import HumanMessage

        from core.llm.huggingface_chat import tokens_of
        from core.llm.likelihood import nats

        made = str(tiny_models.llama(tmp_path, window=4096))
        with huggingface.held(made) as held:
            messages, text = [HumanMessage("Quando abre?")], "A loja abre às nove."
            asked = tokens_of(held, messages)["input_ids"]
            said = held.tokenizer(text, return_tensors="pt")["input_ids"]
            labels = torch.cat([torch.full_like(asked, -100), said], dim=1)
            loss = held.model(
                input_ids=torch.cat([asked, said], dim=1), labels=labels
            ).loss.detach()
            assert nats(held, messages, text) == pytest.approx(
                float(loss) * said.shape[1], rel=1e-4
            )
            assert nats(held, messages, "a" * 5000) is None
        told = scorers.scored(example(f"huggingface:{made}"), ["perplexity"])["perplexity"]
        letters_a_word = len("A loja abre às nove.".encode()) / 5
        assert told == pytest.approx(math.log(257) * letters_a_word, rel=0.1)  # random weights
        huggingface.let_go()

    def test_the_least_surprising_reference_counts(self, home: Path, tmp_path: Path) -> None:
        model = f"huggingface:{tiny_models.llama(tmp_path, window=4096)}"
        apart = [perplexity.perplexity(example(model, "x", one)) for one in ("Às nove.", "Dez")]
        assert perplexity.perplexity(example(model, "x", "Às nove.", "Dez")) == min(apart)  # type: ignore[type-var]
        huggingface.let_go()

    def test_bertscore_of_the_same_words_is_whole(
        self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bertscore, "MODEL", str(tiny_models.bert(tmp_path)))
        assert bertscore.bertscore(example("", "Às nove", "Às nove")) == pytest.approx(
            1.0, abs=1e-5
        )
        other = bertscore.bertscore(example("", "zzz", "Às nove"))
        assert other is not None
        assert 0.0 <= other < 0.99
        assert bertscore.bertscore(example("", "zzz", "Às nove", "zzz")) == pytest.approx(
            1.0, abs=1e-5
        )
        huggingface.encoder.cache_clear()

    def test_a_model_that_was_never_fetched_is_named_with_the_way_to_it(self) -> None:
        why = local.lacks_model("nobody/nothing")
        assert "hf download nobody/nothing" in why
