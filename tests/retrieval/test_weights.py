"""The weight of the words: the default, until 30 approved pairs say that another does better."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import db, retrieval
from core.db.tables import (
    Assistant,
    Chunk,
    Citation,
    Conversation,
    Feedback,
    FusionWeight,
    Message,
    Passage,
)
from core.retrieval import weighing, weights
from core.retrieval.embedders import EMBEDDED
from tests.fake_ollama import FakeOllama
from tests.retrieval.conftest import embedded

MRR = st.dictionaries(st.sampled_from(weights.GRID), st.sampled_from([0.2, 0.5, 0.8]), min_size=1)


@given(MRR, st.integers(0, 60))
def test_the_default_stays_unless_30_pairs_say_that_another_is_better(
    mrr: dict[float, float], pairs: int
) -> None:
    default = next(iter(mrr))
    chosen = weights.chosen(mrr, default, pairs)
    if pairs < 30:
        assert chosen == default
        return
    assert mrr[chosen] == max(mrr.values())
    if mrr[default] == mrr[chosen]:
        assert chosen == default
    nearer = [one for one in mrr if abs(one - default) < abs(chosen - default)]
    assert all(mrr[one] < mrr[chosen] for one in nearer)


@given(
    st.dictionaries(st.integers(0, 9), st.floats(0, 1), min_size=1),
    st.dictionaries(st.integers(0, 9), st.floats(0, 1)),
    st.sampled_from(weights.GRID),
    st.frozensets(st.integers(0, 12), min_size=1),
)
def test_a_reciprocal_rank_is_1_for_the_first_and_0_for_none(
    lexical: dict[int, float], vector: dict[int, float], share: float, right: frozenset[int]
) -> None:
    found = weighing.reciprocal_rank(lexical, vector, share, right)
    places = {0.0, *(1 / n for n in range(1, len({*lexical, *vector}) + 1))}
    assert found in places
    assert (found == 0.0) == (not right & {*lexical, *vector})


def test_every_default_is_among_the_weights_that_are_tried() -> None:
    from core.retrieval.embedders.identity import DENSE_SHARE

    assert {EMBEDDED.lexical_share, DENSE_SHARE} <= set(weights.GRID)


def approved(
    assistant_id: str, question: str, document: str, rating: str = "up", *, is_sample: bool = False
) -> str:
    """An answer that cites ``document`` and that somebody rated; its id."""
    with db.writing() as session:
        chunk = session.query(Chunk).filter_by(document_id=document).first()
        assert chunk
        held = Conversation(id=db.new_id(), assistant_id=assistant_id, is_sample=is_sample)
        session.add(held)
        session.flush()
        asked = Message(id=db.new_id(), conversation_id=held.id, role="user", text=question)
        session.add(asked)
        session.flush()
        answer = Message(
            id=db.new_id(), conversation_id=held.id, parent_id=asked.id, role="assistant"
        )
        place = {"start": 0, "end": 1, "text": chunk.text, "rank": 1, "score": 1.0}
        passage = Passage(
            id=db.new_id(),
            message_id=answer.id,
            chunk_id=chunk.id,
            document_id=document,
            document_name="x",
            **place,
        )
        session.add(answer)
        session.flush()
        session.add(passage)
        session.flush()
        marks = {"number": 1, "answer_start": 0, "answer_end": 1, "start": 0, "end": 1}
        session.add(Citation(message_id=answer.id, passage_id=passage.id, quote="", **marks))
        session.add(Feedback(message_id=answer.id, rating=rating))
        return answer.id


def added(assistant_id: str, name: str, text: str) -> str:
    return retrieval.add(assistant_id, name, text.encode(), now=True).id


def test_a_pair_is_a_question_and_what_its_liked_answer_cites(assistant: str) -> None:
    document = added(assistant, "a.md", "O prazo é de sete dias.")
    approved(assistant, "Qual o prazo?", document)
    approved(assistant, "qual o PRAZO? ", document)  # the same again counts once
    approved(assistant, "E o frete?", document, "down")
    (pair,) = weighing.pairs(assistant)
    assert pair.question.strip().lower() == "qual o prazo?"
    assert len(pair.right) == 1


def test_an_answer_that_another_person_disliked_is_no_pair(assistant: str) -> None:
    answer = approved(assistant, "Qual o prazo?", added(assistant, "a.md", "Sete dias."))
    with db.writing() as session:
        session.add(Feedback(message_id=answer, rating="down"))
    assert weighing.pairs(assistant) == []


def test_a_passage_that_is_gone_is_no_pair_and_back_it_is_one(assistant: str) -> None:
    document = added(assistant, "a.md", "O prazo é de sete dias.")
    approved(assistant, "Qual o prazo?", document)
    retrieval.remove(document)
    assert weighing.pairs(assistant) == []
    retrieval.restore(document)
    assert len(weighing.pairs(assistant)) == 1
    retrieval.add(assistant, "a.md", b"Agora diz outra coisa.", now=True)
    assert weighing.pairs(assistant) == []


def test_sample_data_counts_for_a_sample_assistant_alone(assistant: str) -> None:
    document = added(assistant, "a.md", "O prazo é de sete dias.")
    approved(assistant, "Qual o prazo?", document, is_sample=True)
    assert weighing.pairs(assistant) == []
    with db.writing() as session:
        session.get_one(Assistant, assistant).sample = "bookstore"
    assert len(weighing.pairs(assistant)) == 1


@pytest.mark.slow
def test_thirty_pairs_decide_for_their_assistant_and_their_embedder_alone(
    assistant: str, other_assistant: str, ollama: FakeOllama
) -> None:
    right = added(assistant, "right.md", "O dinheiro volta em sete dias.")
    added(assistant, "wrong.md", "A grana cai no andar de baixo, grana viva.")
    ollama.means = {"grana": "dinheiro", "cai": "volta", "quando": "sete"}
    for n in range(30):
        if n == 29:
            assert retrieval.weigh_anew() == 0
        approved(assistant, f"quando cai a grana {'x' * n}", right)
    assert retrieval.weigh_anew() == 1  # for the embedded one
    retrieval.use_embedder("ollama:bge-m3")
    embedded()
    assert retrieval.weight(assistant).source == "default"
    assert retrieval.weigh_anew() == 1
    assert retrieval.weigh_anew() == 0  # nothing has come since
    found = retrieval.weight(assistant)
    assert (found.source, found.pairs, found.embedder) == ("measured", 30, "ollama:bge-m3")
    assert found.mrr is not None
    assert found.mrr_default is not None
    assert found.mrr > found.mrr_default
    assert found.lexical < 0.65
    assert retrieval.weight(other_assistant).lexical == 0.65
    assert retrieval.weight(assistant, {"lexical": 0.9}).lexical == 0.9
    assert retrieval.weight(assistant, {"lexical": 0.9}).source == "settings"
    first = retrieval.search("quando cai a grana", assistant_id=assistant).passages[0]
    assert first.document_name == "right.md"


@pytest.mark.slow
def test_without_its_server_nothing_is_measured(assistant: str, ollama: FakeOllama) -> None:
    document = added(assistant, "a.md", "O prazo é de sete dias.")
    for n in range(30):
        approved(assistant, f"Qual o prazo {n}?", document)
    retrieval.use_embedder("ollama:bge-m3")
    embedded()
    ollama.faults["/api/embed"] = "busy"
    assert retrieval.weigh_anew() == 0
    with db.session() as session:
        assert session.query(FusionWeight).all() == []


def test_pairs_that_were_withdrawn_take_their_weight_along(assistant: str) -> None:
    with db.writing() as session:
        facts = {"lexical": 0.5, "pairs": 30, "mrr": 0.9, "mrr_default": 0.8}
        session.add(FusionWeight(assistant_id=assistant, embedder=EMBEDDED.key, **facts))
    assert retrieval.weight(assistant).source == "measured"
    retrieval.weigh_anew()
    assert retrieval.weight(assistant).lexical == EMBEDDED.lexical_share
