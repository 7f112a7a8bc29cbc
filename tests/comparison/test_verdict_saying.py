"""The verdict in words: the sentence, and what stands under it, in both languages."""

from dataclasses import replace
from typing import Any

import pytest

from core import i18n
from core.comparison import footing, measured, saying
from core.comparison.findings import MetricVerdict, Named, Verdict
from core.comparison.report import figures

VERSIONS = {"a": Named("1", 2, "fake:echo", False), "b": Named("2", 3, "fake:echo", False)}


def metric(scorer: str = "groundedness", claim: str = "better", **more: Any) -> MetricVerdict:
    known = measured.known()[scorer]
    figures: dict[str, Any] = {
        "n": 212,
        "tested": known.quality,
        "value": 0.062,
        "low": 0.021,
        "high": 0.104,
    }
    return MetricVerdict(
        scorer=scorer,
        title=known.title,
        unit=known.unit,
        direction=known.better,
        kind=known.kind,
        quality=known.quality,
        claim=claim,
        **figures | more,
    )


def found(claim: str, *metrics: MetricVerdict, **more: Any) -> Verdict:
    base = Verdict("run", "done", claim, list(metrics), VERSIONS, 0.03, 212, 212, 212, tests=1)
    return replace(base, **more)


SPEED = metric("seconds", "same", ratio=1.01, ratio_low=0.98, ratio_high=1.04)
F1 = metric("token_f1", "worse", value=-0.04, low=-0.07, high=-0.011)
SAID = [
    (
        found("better", metric(), SPEED),
        "v3 answers better: groundedness +6.2 points [2.1, 10.4], n = 212, same speed.",
        "v3 responde melhor: apoio nos documentos +6,2 p.p. [2,1; 10,4], n = 212,"
        " na mesma velocidade.",
    ),
    (
        found("worse", F1, replace(SPEED, claim="worse", ratio=1.4)),
        "v3 answers worse: words shared (F1) −4.0 points [−7.0, −1.1], n = 212, in 40% more time.",
        "v3 responde pior: palavras em comum (F1) −4,0 p.p. [−7,0; −1,1], n = 212,"
        " em 40% mais tempo.",
    ),
    (
        found("mixed", metric(), F1, replace(SPEED, claim="unclear")),
        "v3 answers better in groundedness +6.2 points [2.1, 10.4], n = 212, and worse in words"
        " shared (F1) −4.0 points [−7.0, −1.1], n = 212, no difference in speed could be told.",
        "",
    ),
    (
        found("same", metric(claim="same", value=0.001, low=-0.01, high=0.012)),
        "No difference of 3 points or more: groundedness +0.1 points [−1.0, 1.2], n = 212.",
        "",
    ),
    (
        found("unclear", metric(claim="unclear", more=117, more_to="see")),
        "Not enough evidence: for groundedness, about 120 more examples could be enough to see a"
        " difference of 3 points.",
        "Faltam evidências: em apoio nos documentos, mais uns 120 exemplos poderiam bastar para"
        " enxergar uma diferença de 3 p.p.",
    ),
    (
        found("unclear", metric(claim="unclear", more=8, more_to="rule_out"), smallest=0.025),
        "Not enough evidence: for groundedness, about 8 more examples could be enough to rule out a"
        " difference of 2.5 points.",
        "",
    ),
    (
        found("unclear", metric(claim="unclear"), state="running", done=40),
        "So far (40 of 212): nothing can be said yet.",
        "Até agora (40 de 212): ainda não dá para dizer.",
    ),
    (
        found("better", metric(), state="running", done=40),
        "So far (40 of 212): v3 answers better: groundedness +6.2 points [2.1, 10.4], n = 212.",
        "Até agora (40 de 212): v3 responde melhor: apoio nos documentos +6,2 p.p. [2,1; 10,4],"
        " n = 212.",
    ),
    (
        found("unclear", n=92, identical=89),
        "89 of 92 answers are word for word the same; not enough evidence: neither a difference nor"
        " its absence can be shown.",
        "89 de 92 respostas são iguais palavra por palavra; faltam evidências: não dá para afirmar"
        " que há diferença, nem que não há.",
    ),
    (
        found("identical", n=7, identical=7, state="running", done=7),
        "So far (7 of 212): identical answers to all 7 questions.",
        "",
    ),
    (
        found("few", n=7),
        "Too few to say: 7 questions count, and it takes 10 at least.",
        "Pouco para dizer: só 7 perguntas contam, e são precisas pelo menos 10.",
    ),
    (
        found("learned", n=0, learned=212),
        "Nothing to compare: a version learned from each of the 212 questions.",
        "",
    ),
    (
        found("failed", failed={"a": 3, "b": 212}),
        "Nothing to compare: of 212 questions, v2 failed at 3 and v3 at 212.",
        "Nada a comparar: de 212 perguntas, v2 falhou em 3 e v3 em 212.",
    ),
    (found("nothing", state="waiting"), "No question is answered yet.", ""),
    (found("nothing", state="cancelled"), "No question was answered.", ""),
    (
        found("identical", SPEED, identical=212),
        "Identical answers to all 212 questions, same speed.",
        "Respostas idênticas nas 212 perguntas, na mesma velocidade.",
    ),
    (
        found("unmeasured"),
        "Nothing says which answers better: no metric of quality had anything to measure.",
        "",
    ),
]


@pytest.mark.parametrize(("verdict", "english", "portuguese"), SAID)
def test_a_verdict_is_one_sentence(verdict: Verdict, english: str, portuguese: str) -> None:
    with i18n.speaking("en"):
        assert verdict.sentence == english
    with i18n.speaking("pt-BR"):
        assert verdict.sentence == portuguese or not portuguese
        assert verdict.sentence != english


def test_every_claim_has_its_sentence_and_lines() -> None:
    for language in ("en", "pt-BR"):
        with i18n.speaking(language):
            for verdict, _english, _portuguese in SAID:
                assert "{" not in verdict.sentence + "".join(verdict.lines)


def test_versions_are_called_by_what_tells_them_apart() -> None:
    remembers = VERSIONS | {"b": Named("2", 3, "fake:echo", True)}
    same = VERSIONS | {"b": VERSIONS["a"]}
    with i18n.speaking("en"):
        assert saying.called(found("few", versions=remembers)) == {
            "a": "v2 without memory",
            "b": "v3 with memory",
        }
        assert saying.called(found("few", versions=same)) == {"a": "A", "b": "B"}


def test_two_metrics_are_named_and_the_others_counted() -> None:
    many = [metric(name) for name in ("groundedness", "token_f1", "citation_recall", "rules_kept")]
    with i18n.speaking("en"):
        told = found("better", *many).sentence
    assert told.startswith("v3 answers better: groundedness +6.2 points [2.1, 10.4], words shared")
    assert told.endswith(" and 2 more metrics, n = 212.")


def test_metrics_over_other_numbers_of_questions_each_say_theirs() -> None:
    two = (metric(), metric("token_f1", n=90))
    with i18n.speaking("en"):
        assert "[2.1, 10.4] (n = 212) and words shared" in found("better", *two).sentence


def test_what_failed_is_named_after_how_well_it_answers() -> None:
    two = (metric("failed", value=-0.05, low=-0.09, high=-0.02), metric())
    with i18n.speaking("en"):
        assert "better: groundedness +6.2 points [2.1, 10.4] and failed answers −5.0 points" in (
            found("better", *two).sentence
        )


def test_times_are_told_in_percent_and_from_twice_on_in_times() -> None:
    half = replace(SPEED, claim="better", ratio=0.62)
    cost = metric("cost", "worse", ratio=3.4)
    with i18n.speaking("en"):
        assert saying.beside(found("better", half)) == ", in 38% less time"
        assert saying.beside(found("better", cost)) == ", at 3.4 times the cost"
        assert saying.beside(found("better")) == ""
        unfelt = replace(SPEED, ratio_high=1.4, low=-0.01, high=0.02)
        assert saying.beside(found("better", unfelt)) == (
            ", no difference in speed that anybody would feel"
        )
    with i18n.speaking("pt-BR"):
        assert saying.beside(found("better", half, cost)) == (
            ", em 38% menos tempo, por 3,4 vezes o custo"
        )


def test_the_lines_tell_what_was_left_out_and_how_it_was_tested() -> None:
    told = found(
        "better", metric(), n=200, learned=9, duplicates=2, unanswered=1, failed={"a": 0, "b": 4}
    )
    with i18n.speaking("en"):
        assert told.lines == [
            "200 of 212 questions count.",
            "9 are left out: one of the versions learned from them.",
            "2 ask what others ask, and are counted once with them.",
            "1 was stopped before both had answered.",
            "Without an answer of its own: v2 0 times, v3 4 times.",
            "Paired by question, with 95% intervals; tested by permutation, pass or fail by McNemar's"
            " exact test.",
        ]


def test_the_lines_tell_what_to_mind() -> None:
    told = found(
        "better",
        metric(small=True, only_b=30),
        metric("judge_pairwise", "unclear"),
        early=True,
        state="cancelled",
        chosen=True,
        tests=2,
        identical=50,
    )
    with i18n.speaking("en"):
        lines = "\n".join(told.lines)
    for words in (
        "To 50 questions both gave the same answer, word by word.",
        "Groundedness: 30 questions have a value for v3 alone; they do not count.",
        "Judge's choice is what a model thinks",
        "smaller than the 3 points that matter",
        "they hold however often one looks (99%, corrected for 2 metrics)",
        "picked by hand",
    ):
        assert words in lines


@pytest.mark.parametrize(
    ("n", "told"), [(1, "1"), (8, "8"), (99, "99"), (101, "110"), (117, "120"), (1_234, "1,300")]
)
def test_a_number_of_examples_is_rounded_up_to_two_digits(n: int, told: str) -> None:
    with i18n.speaking("en"):
        assert saying.about(n) == told


@pytest.mark.parametrize(
    ("title", "told"),
    [("Groundedness", "groundedness"), ("BLEU", "BLEU"), ("ROUGE-L", "ROUGE-L"), ("chrF", "chrF")],
)
def test_a_name_keeps_its_capitals_within_a_sentence(title: str, told: str) -> None:
    assert saying.inside(title) == told


def test_what_is_missing_is_told_of_the_first_metric_that_differs() -> None:
    def lacks(scorer: str, more: int, better: int) -> MetricVerdict:
        return metric(scorer, "unclear", more=more, more_to="see", better=better)

    first = (lacks("groundedness", 31, 0), lacks("token_f1", 71, 2), lacks("refusal", 240, 5))
    with i18n.speaking("en"):
        assert "for words shared (F1), about 71 more" in found("unclear", *first).sentence
        none = [replace(one, better=0) for one in first]
        assert "about 240 more" in found("unclear", *none).sentence


def test_what_the_headline_says_of_equal_answers_is_not_said_twice() -> None:
    with i18n.speaking("en"):
        told = found("unclear", n=92, identical=89)
        assert told.sentence.startswith("89 of 92 answers are word for word the same; ")
        assert not any("word by word" in line for line in told.lines)
        fewer = found("unclear", n=92, identical=70)
        assert fewer.sentence.startswith("Not enough evidence")
        assert any("word by word" in line for line in fewer.lines)


def test_a_versions_name_keeps_its_capital_within_the_sentence() -> None:
    same = VERSIONS | {"b": VERSIONS["a"]}
    with i18n.speaking("en"):
        told = found("better", metric(), versions=same, state="running", done=40)
        assert told.sentence.startswith("So far (40 of 212): B answers better")


def test_how_it_was_tested_stands_apart_from_what_everybody_has_to_see() -> None:
    told = found("better", metric(n=28), SPEED, failed={"a": 0, "b": 4}, tests=2, chosen=True)
    with i18n.speaking("en"):
        seen, method = " ".join(footing.minded(told)), " ".join(footing.method(told))
        assert told.lines == [*footing.minded(told), *footing.method(told)]
    assert "Without an answer of its own" in seen
    assert "picked by hand" in seen
    for words in ("permutation", "McNemar", "Holm", "from 123 questions on", "geometric means"):
        assert words in method
        assert words not in seen


def test_a_row_says_from_how_many_questions_on_no_difference_is_said() -> None:
    narrow = metric("groundedness", "unclear", n=92, value=0.0, low=-0.026, high=0.026)
    with i18n.speaking("en"):
        assert "“the same” is said from 123 questions on" in figures.missing(narrow, 0.03)
        assert "123" not in figures.missing(replace(narrow, high=0.04), 0.03)
        assert "123" not in figures.missing(replace(narrow, n=123), 0.03)
