"""How many words an answer shares with a reference answer: exact match, token F1, ROUGE-L.

In: an example with reference answers. Out: a share, the best over the reference answers; None where
there is none. Words are those of ``tokens``; exact match and F1 leave out articles, as SQuAD's do.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from core.comparison.scorers.kinds import Scorer
from core.comparison.scorers.tokens import longest_common, telling, tokens
from core.comparison.types import Example
from core.i18n import N_

Words = Sequence[str]


def exact_match(example: Example) -> float | None:
    """1 where the answer is one of the reference answers, word for word (Rajpurkar et al., 2016)."""
    return _best(example, lambda answer, reference: float(answer == reference), _telling)


def token_f1(example: Example) -> float | None:
    """Harmonic mean of the share of its words that are the reference's and the other way round."""
    return _best(example, _f1, _telling)


def rouge_l(example: Example) -> float | None:
    """The F measure of the longest common subsequence of words (Lin, 2004), both sides alike."""
    return _best(example, _rouge_l, lambda text, _language: tokens(text))


def _best(
    example: Example,
    like: Callable[[Words, Words], float],
    words: Callable[[str, str], Words],
) -> float | None:
    answers = [one for one in example.reference.answers if tokens(one)]
    if example.failed or not answers:
        return None
    own = words(example.text, example.language)
    return max(like(own, words(one, example.language)) for one in answers)


def _telling(text: str, language: str) -> Words:
    return telling(text, language)


def _f1(answer: Words, reference: Words) -> float:
    shared = sum((Counter(answer) & Counter(reference)).values())
    return 2 * shared / (len(answer) + len(reference))


def _rouge_l(answer: Words, reference: Words) -> float:
    return 2 * longest_common(reference, answer) / (len(answer) + len(reference))


SCORERS = (
    Scorer(
        "exact_match",
        N_("Exact match"),
        N_("Whether the answer is a reference answer word for word, but for case and articles."),
        exact_match,
        kind="pass",
    ),
    Scorer(
        "token_f1",
        N_("Words shared (F1)"),
        N_("How many words the answer and the reference answer share, in any order."),
        token_f1,
        primary=True,
    ),
    Scorer(
        "rouge_l",
        N_("ROUGE-L"),
        N_("How many words the answer and the reference answer share, in the same order."),
        rouge_l,
    ),
)
