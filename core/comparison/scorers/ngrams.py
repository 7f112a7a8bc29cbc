"""BLEU and chrF by sacrebleu, so that figures can be held against those that others publish.

In: an example with reference answers. Out: the score of this one answer, 0 to 1 (sacrebleu's is 0 to
100); None where there is no reference. The mean over examples is no corpus BLEU: sentences are
smoothed (exponentially, with the effective order of short ones), as sacrebleu does by default.
"""

import unicodedata
from functools import cache
from typing import Any

from core.comparison.scorers.kinds import Scorer
from core.comparison.types import Example
from core.i18n import N_

LONGEST = 20_000  # characters read; a longer answer says nothing new about likeness


def bleu(example: Example) -> float | None:
    """Runs of one to four words that are the reference's (Papineni et al., 2002; Post, 2018)."""
    return _score(example, "bleu")


def chrf(example: Example) -> float | None:
    """Runs of one to six letters that are shared, recall counting double (Popović, 2015)."""
    return _score(example, "chrf")


def _score(example: Example, metric: str) -> float | None:
    references = [_clean(one) for one in example.reference.answers if one.strip()]
    if example.failed or not references:
        return None
    found = _metrics()[metric].sentence_score(_clean(example.text), references)
    return min(1.0, max(0.0, float(found.score) / 100))


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text[:LONGEST])


@cache
def _metrics() -> dict[str, Any]:
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    return {"bleu": BLEU(effective_order=True), "chrf": CHRF()}


SCORERS = (
    Scorer(
        "bleu",
        N_("BLEU"),
        N_("How many runs of up to four words the answer shares with the reference answer."),
        bleu,
    ),
    Scorer(
        "chrf",
        N_("chrF"),
        N_("How many runs of letters the answer shares with the reference; forgives endings."),
        chrf,
    ),
)
