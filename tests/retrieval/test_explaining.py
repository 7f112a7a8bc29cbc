"""Why a search found what it found."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import i18n, retrieval
from core.retrieval import Explanation
from core.text import fold, placed, telling

TEXTS = {
    "h.md": "# Horário\n\nO suporte atende de segunda a sexta, das 9h às 18h.\n",
    "r.md": "# Reembolso\n\nO reembolso do pedido cai na conta em até 7 dias úteis.\n",
    "w.md": "# Webhooks\n\nO webhook de entrada precisa responder em até 10 segundos.\n",
    "t.md": "# Troca\n\nA troca do pedido é feita em até 30 dias. "
    + "Guarde a nota e a caixa. " * 12
    + "O suporte responde por e-mail.\n",
    "e.md": "# Billing\n\nThe refund policy of the ecosystem covers every invoice.\n",
}
ASKED = (
    "em quantos dias cai o reembolso do pedido suporte reenbolso ecossistema e-mail "
    "email Reembolso ÚTEIS refund policy the 7 9h marciano webhooks ½ ﬁm cafe\u0301"
).split()


@pytest.fixture
def desk(assistant: str) -> str:
    for name, text in TEXTS.items():
        retrieval.add(assistant, name, text.encode(), now=True)
    return assistant


def explained(question: str, desk: str, **more: object) -> Explanation:
    return retrieval.explain(question, assistant_id=desk, **more)  # type: ignore[arg-type]


@pytest.mark.slow
@given(
    asked=st.lists(st.sampled_from(ASKED), max_size=9),
    share=st.sampled_from([None, 0.0, 0.3, 0.95, 1.0]),
    half_life=st.sampled_from([None, 3, 400]),
    k=st.integers(1, 8),
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_it_tells_of_the_search_itself_and_its_numbers_add_up(
    desk: str, asked: list[str], share: float | None, half_life: float | None, k: int
) -> None:
    question = " ".join(asked)
    given = {"lexical": share, "half_life_days": half_life}
    set_ = {name: value for name, value in given.items() if value is not None}
    found = retrieval.search(question, assistant_id=desk, k=k, settings=set_)
    told = explained(question, desk, k=k, settings=set_)
    assert [one.found for one in told.passages] == found.passages
    assert [one.rank for one in told.passages] == [*range(1, len(told.passages) + 1)]
    for one in told.passages:
        lexical = 0.5 * one.words + 0.25 * one.together + 0.25 * one.runs
        whole = one.share * one.lexical + (1 - one.share) * (one.vector or 0.0)
        assert one.score == pytest.approx(told.confidence * one.age * whole)
        assert one.points.total == pytest.approx(one.score)
        assert one.score == pytest.approx(one.found.score, abs=1e-4)
        assert (one.points.words > 0) <= (lexical > 0)


@pytest.mark.slow
@given(asked=st.lists(st.sampled_from(ASKED), max_size=9))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_word_of_the_question_is_accounted_for(desk: str, asked: list[str]) -> None:
    question = " ".join(asked)
    told = explained(question, desk)
    named = {word.lower() for word in (*told.words, *told.stopwords, *told.left_out)}
    assert {_plain(word) for word in named} == {_plain(word) for word in _as_asked(question)}
    for one in told.passages:
        matched = {match.word for match in one.matched}
        assert matched | {*one.missing} == {*told.words}
        assert not matched & {*one.missing, *told.unknown}
        assert {*one.together_words} <= matched


def _as_asked(question: str) -> set[str]:
    return {question[word.start : word.end] for word in placed(question)}


def _plain(word: str) -> str:
    return fold(word).replace("-", "")


@given(st.text(alphabet="aeÉçñ ﬁ½-_.1'x\u0301 İß", max_size=40), st.sampled_from(["pt", "en", ""]))
def test_placed_words_are_those_that_tell(text: str, language: str) -> None:
    found = placed(text, language)
    assert [word.text for word in found] == telling(text, language)
    for word in found:
        assert word.text[0] in fold(text[word.start : word.end])


@pytest.mark.slow
def test_what_matched_can_be_marked_in_the_passage(desk: str) -> None:
    (best, *_others) = explained("Em quantos dias cai o reenbolso?", desk).passages
    text = best.found.text
    marked = {one.word: [text[a:b] for a, b in one.spans] for one in best.matched}
    assert marked == {"dias": ["dias"], "cai": ["cai"], "reenbolso": ["Reembolso", "reembolso"]}
    assert best.together_words == ("dias", "cai", "reenbolso")


@pytest.mark.slow
def test_a_word_with_a_hyphen_is_marked_whole(desk: str) -> None:
    best = explained("email do suporte", desk).passages[0]
    (email,) = [one for one in best.matched if one.word == "email"]
    assert [best.found.text[a:b] for a, b in email.spans] == ["e-mail"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "word", "how"),
    [
        ("quanto tempo leva o reembolso", "reembolso", "itself"),
        ("quanto tempo leva o reenbolso", "reenbolso", "alike"),
        ("what about the pedidos and the invoice", "pedidos", "other_language"),
        ("qual é a política do ecossistema", "ecossistema", "alike"),
    ],
)
def test_how_a_word_was_matched_is_told(desk: str, question: str, word: str, how: str) -> None:
    told = explained(question, desk)
    ways = {one.word: one.how for passage in told.passages for one in passage.matched}
    assert ways[word] == how


@pytest.mark.slow
def test_words_no_document_has_are_named(desk: str) -> None:
    told = explained("O reembolso do marciano cai quando?", desk)
    assert told.unknown == ("marciano",)
    assert told.stopwords == ("o", "do", "quando")
    assert told.language == "pt"


@pytest.mark.slow
def test_of_a_very_long_question_what_is_not_looked_for_is_named(desk: str) -> None:
    many = " ".join(f"palavra{n}" for n in range(60))
    told = explained(f"reembolso {many}", desk)
    assert len(told.words) == 40
    assert len(told.left_out) == 21


@pytest.mark.slow
def test_the_weight_and_where_it_comes_from_are_told(desk: str) -> None:
    assert (explained("reembolso", desk).share_from, explained("x", desk).share) == (
        "default",
        0.95,
    )
    told = explained("reembolso", desk, settings={"lexical": 0.4})
    assert (told.share_from, told.share) == ("settings", 0.4)
    assert told.embedder == "embedded:lexical-512"
    assert told.meaning == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("reembolso", "It has the word that was asked for."),
        ("reembolso do pedido", "It has all 2 words of the question, close together."),
        (
            "em quantos dias cai o reenbolso do marciano?",
            "It has 3 of the 4 words of the question, close together."
            " “reenbolso” was read as “Reembolso”.",
        ),
        ("troca por e-mail", "It has all 2 words of the question, close together."),
        ("marciano venusiano", "It has none of the question's words."),
    ],
)
def test_a_rank_is_told_in_a_sentence(desk: str, question: str, said: str) -> None:
    with i18n.speaking("en"):
        told = explained(question, desk)
        assert retrieval.in_words(told.passages[0], told) == said


@pytest.mark.slow
def test_a_rank_is_told_in_portuguese(desk: str) -> None:
    with i18n.speaking("pt-BR"):
        told = explained("em quantos dias cai o reenbolso do marciano?", desk)
        assert retrieval.in_words(told.passages[0], told) == (
            "Tem 3 das 4 palavras da pergunta, bem próximas. “reenbolso” foi lido como “Reembolso”."
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    "question", ["", "?!", "de o a", "x" * 4000, "\x00 '\"(", "\ud800 a\u0301"]
)
def test_no_question_breaks_the_explanation(desk: str, question: str) -> None:
    told = explained(question, desk)
    for one in told.passages:
        assert retrieval.in_words(one, told)


def test_without_documents_there_is_nothing_to_explain(assistant: str) -> None:
    told = explained("reembolso", assistant)
    assert (told.passages, told.unknown, told.chunks) == ((), ("reembolso",), 0)
