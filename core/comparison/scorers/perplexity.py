"""How surprised a model is at a reference answer; only where its weights are on this machine.

In: an answer of a model "huggingface:..." whose question has a reference answer. Out: nats per word,
for the reference answer that surprises least; the perplexity per word is e to the power of it. Per
word, not per token: two models cut words into tokens differently, and would not be comparable.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.chat import prompt
from core.comparison.scorers import local
from core.comparison.scorers.kinds import Scorer
from core.comparison.scorers.tokens import tokens
from core.comparison.types import Example
from core.i18n import N_
from core.llm import huggingface


@dataclass(frozen=True)
class _Passage:
    """A passage as the prompt reads one."""

    text: str
    document_name: str
    heading: str = ""
    score: float = 0.0


def perplexity(example: Example) -> float | None:
    """-log p(reference answer | question and passages) by its number of words."""
    provider, _colon, model = example.model.partition(":")
    answers = [one for one in example.reference.answers if tokens(one)]
    if example.failed or provider != huggingface.PROVIDER or not answers:
        return None
    return min(_nats(model, example, answers), default=None)


def _nats(model: str, example: Example, answers: Sequence[str]) -> list[float]:
    from core.llm.likelihood import nats

    passages = [_Passage(one.text, one.document) for one in example.passages]
    language = {"language": "en" if example.language.startswith("en") else "pt-BR"}
    asked = prompt.messages(language, passages, [], example.question)
    with huggingface.held(model) as held:
        told = [(nats(held, asked, one), len(tokens(one))) for one in answers]
    return [spent / words for spent, words in told if spent is not None]


SCORERS = (
    Scorer(
        "perplexity",
        N_("Surprise at the reference answer"),
        N_(
            "How unlikely the reference answer is for the model, per word; only for models that run "
            "in this process."
        ),
        perplexity,
        unit="nats",
        better="down",
        available=local.lacks_library,
    ),
)
