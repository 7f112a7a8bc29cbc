"""What a search must find."""

import time

import pytest

from core import retrieval
from tests.retrieval.conftest import embedded

pytestmark = pytest.mark.usefixtures("embedder")

HOURS = "# Horário\n\nO suporte atende de segunda a sexta, das 9h às 18h.\n"
REFUND = "# Reembolso\n\nO reembolso do pedido cai na conta em até 7 dias úteis.\n"
WEBHOOK = "# Webhooks\n\nO webhook de entrada precisa responder em até 10 segundos.\n"
COFFEE = "# Café\n\nO café do andar de cima fecha uma hora antes da loja.\n"


@pytest.fixture
def desk(assistant: str) -> str:
    for name, text in (("h.md", HOURS), ("r.md", REFUND), ("w.md", WEBHOOK)):
        retrieval.add(assistant, name, text.encode(), now=True)
    embedded()
    return assistant


def first(question: str, assistant_id: str) -> str:
    return retrieval.search(question, assistant_id=assistant_id).passages[0].document_name


@pytest.mark.parametrize(
    "question",
    [
        "Em quantos dias recebo o reembolso?",
        "em quantos dias cai o reenbolso",
        "REEMBOLSO",
        "how long does a reembolso take?",
        "reembolsar",
        "quando vcs reembolsam o pedido",
    ],
)
def test_the_right_passage_comes_first_however_it_is_typed(desk: str, question: str) -> None:
    assert first(question, desk) == "r.md"


def test_typing_without_accents_changes_nothing(desk: str) -> None:
    def scores(question: str) -> list[tuple[str, float]]:
        found = retrieval.search(question, assistant_id=desk).passages
        return [(one.document_name, one.score) for one in found]

    assert scores("Qual é o horário às segundas?") == scores("qual e o horario as segundas")


def test_an_assistant_sees_its_own_documents_alone(desk: str, other_assistant: str) -> None:
    retrieval.add(other_assistant, "c.md", COFFEE.encode(), now=True)
    found = retrieval.search("suporte horário reembolso", assistant_id=other_assistant, k=50)
    assert {one.document_name for one in found.passages} <= {"c.md"}
    found = retrieval.search("a que horas fecha o café?", assistant_id=desk, k=50)
    assert "c.md" not in {one.document_name for one in found.passages}


@pytest.mark.slow
def test_a_filter_is_applied_before_the_best_are_chosen(
    assistant: str, other_assistant: str
) -> None:
    for n in range(60):
        retrieval.add(assistant, f"{n}.md", REFUND.encode(), now=True)
    retrieval.add(
        other_assistant, "longe.md", b"# Loja\n\nFalamos pouco de reembolso aqui.", now=True
    )
    assert first("reembolso do pedido na conta", other_assistant) == "longe.md"


def test_scores_lie_between_0_and_1_best_first(desk: str) -> None:
    found = retrieval.search("prazo do reembolso do pedido", assistant_id=desk).passages
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    for one in found:
        assert all(0 <= score <= 1 for score in (one.score, one.lexical, one.vector))


def test_the_best_score_says_how_sure_one_can_be(desk: str) -> None:
    def sure(question: str) -> float:
        return retrieval.search(question, assistant_id=desk).passages[0].score

    assert sure("Em quantos dias úteis cai o reembolso?") > 0.8
    assert sure("Em quantos dias cai o reembolso da passagem de avião para Lisboa?") < 0.6
    assert sure("Vocês vendem pneus de trator?") < 0.4


def test_a_found_passage_says_where_it_stands(desk: str) -> None:
    one = retrieval.search("reembolso", assistant_id=desk).passages[0]
    assert retrieval.text(one.document_id)[one.start : one.end] == one.text
    assert one.heading == "Reembolso"
    assert one.page is None


def test_k_limits_what_is_found(desk: str) -> None:
    assert len(retrieval.search("suporte", assistant_id=desk, k=2).passages) == 2


@pytest.mark.parametrize(
    "question", ["", "?!", "a o de", "x" * 4000, "palavra " * 800, "\x00 '\"("]
)
def test_no_question_breaks_the_search(desk: str, question: str) -> None:
    assert len(retrieval.search(question, assistant_id=desk).passages) <= 6


def test_without_documents_nothing_is_found(assistant: str) -> None:
    assert retrieval.search("reembolso", assistant_id=assistant).passages == []
    assert retrieval.search("reembolso", assistant_id="nobody").passages == []


def test_the_weight_of_words_and_vectors_can_be_set(desk: str) -> None:
    found = [
        retrieval.search("reembolso", assistant_id=desk, settings={"lexical": share}).passages[0]
        for share in (0.0, 0.5, 1.0)
    ]
    assert {one.document_name for one in found} == {"r.md"}


@pytest.mark.slow
def test_a_search_on_few_documents_takes_milliseconds(desk: str) -> None:
    retrieval.search("aquece", assistant_id=desk)
    began = time.process_time()
    for _ in range(20):
        retrieval.search("Em quantos dias recebo o reembolso?", assistant_id=desk)
    assert (time.process_time() - began) / 20 < 0.02
