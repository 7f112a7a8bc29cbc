"""BERTScore: how near the words of an answer are to those of a reference, each in its context.

In: an example with reference answers. Out: the F measure of Zhang et al. (2020), 0 to 1, the best over
the reference answers, without weighting by rarity and without rescaling. Always holds: the model is
the multilingual BERT of that paper, read from this machine's disk; it is never fetched.
"""

from functools import lru_cache
from importlib import import_module
from typing import Any

from core.comparison.scorers import local
from core.comparison.scorers.kinds import Scorer
from core.comparison.types import Example
from core.i18n import N_
from core.llm import huggingface

MODEL = "google-bert/bert-base-multilingual-cased"
LAYER = 9  # the layer that the authors found best for this model
MOST_TOKENS = 512  # what it reads


def bertscore(example: Example) -> float | None:
    """Each word is held against the nearest of the other text, both ways round."""
    answers = [one for one in example.reference.answers if one.strip()]
    if example.failed or not answers or not example.text.strip():
        return None
    return max(_f1(example.text, one) for one in answers)


def _f1(answer: str, reference: str) -> float:
    near = _vectors(answer) @ _vectors(reference).T
    if not near.numel():
        return 0.0
    precision, recall = float(near.max(dim=1)[0].mean()), float(near.max(dim=0)[0].mean())
    both = precision + recall
    return max(0.0, min(1.0, 2 * precision * recall / both)) if both > 0 else 0.0


@lru_cache(maxsize=256)
def _vectors(text: str) -> Any:
    """Unit vectors of the tokens, one a row, without those that stand for no word."""
    held, torch = huggingface.encoder(MODEL), import_module("torch")
    way = {"return_tensors": "pt", "truncation": True, "max_length": MOST_TOKENS}
    read = held.tokenizer(text, return_special_tokens_mask=True, **way)
    words = read.pop("special_tokens_mask")[0] == 0
    with torch.inference_mode():
        layers = held.model(**read.to(held.device), output_hidden_states=True).hidden_states
    found = layers[min(LAYER, len(layers) - 1)][0][words.to(held.device)].float()
    return torch.nn.functional.normalize(found, dim=-1).cpu()


SCORERS = (
    Scorer(
        "bertscore",
        N_("BERTScore"),
        N_("How near the words of the answer are to those of the reference, each in its context."),
        bertscore,
        available=lambda: local.lacks_model(MODEL),
    ),
)
