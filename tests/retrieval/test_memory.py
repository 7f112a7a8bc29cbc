"""The memory of approved questions: what it learns, what it lifts, and that each row can be taken back."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core import access, clock, db, retrieval
from core.db.tables import ApprovedAnswer
from core.errors import Conflict, NotAllowed, NotFound
from core.retrieval import approved, likeness, memory
from core.retrieval.search import Found
from tests.retrieval.remembered import answered, judged, undone

QUESTION = "Em quanto tempo posso devolver um livro comprado?"
PARAPHRASE = "quanto tempo tenho para devolver livro que foi comprado"
OTHER = "Qual o horário da loja na véspera de Natal?"
RIGHT = "Depois da compra há sete dias corridos de arrependimento."
WRONG = "Um livro comprado por engano pode esperar o tempo que for para devolver a outro dono."


@pytest.fixture
def shelf(assistant: str) -> str:
    """An assistant whose words lead to the wrong passage."""
    for name, text in (("certo.md", RIGHT), ("errado.md", WRONG)):
        retrieval.add(assistant, name, text.encode(), now=True)
    for n in range(4):
        retrieval.add(assistant, f"resto{n}.md", f"Assunto {n} do acervo.".encode(), now=True)
    return assistant


def found(assistant: str, question: str = PARAPHRASE, **settings: bool) -> list[str]:
    hits = retrieval.search(question, assistant_id=assistant, settings=settings).passages
    return [hit.document_name for hit in hits]


def passage(assistant: str, name: str) -> Found:
    hits = retrieval.search(f"{RIGHT} {WRONG}", assistant_id=assistant).passages
    return next(hit for hit in hits if hit.document_name == name)


@pytest.fixture
def answer(shelf: str) -> str:
    """An answer to QUESTION that cites the right passage, though another one ranks first."""
    right = passage(shelf, "certo.md")
    made = answered(shelf, QUESTION, right)
    assert found(shelf, QUESTION)[0] == "errado.md"
    return made


def rows(assistant: str, state: str | None = None) -> list[approved.Approved]:
    return approved.listed(assistant, state)


@pytest.mark.slow
def test_an_approved_passage_comes_first_for_a_question_like_it(shelf: str, answer: str) -> None:
    judged(answer)
    assert found(shelf)[0] == "certo.md"
    assert found(shelf, memory_lift=False)[0] == "errado.md"


@pytest.mark.slow
def test_other_questions_are_found_as_before(shelf: str, answer: str) -> None:
    before = retrieval.search(OTHER, assistant_id=shelf)
    judged(answer)
    after = retrieval.search(OTHER, assistant_id=shelf)
    assert after.passages == before.passages
    assert after.remembered == ()


@pytest.mark.slow
def test_a_search_names_what_lifted_it(shelf: str, answer: str) -> None:
    judged(answer)
    result = retrieval.search(PARAPHRASE, assistant_id=shelf)
    assert list(result.remembered) == [row.id for row in rows(shelf)]


@pytest.mark.slow
def test_the_lift_is_a_part_of_the_score_and_told_in_words(shelf: str, answer: str) -> None:
    judged(answer)
    explained = retrieval.explain(PARAPHRASE, assistant_id=shelf)
    first = explained.passages[0]
    assert first.points.memory > 0
    assert f"“{QUESTION}”" in retrieval.in_words(first, explained)
    for one in explained.passages:
        assert one.points.total == pytest.approx(one.score, abs=1e-6)
    assert max(one.score for one in explained.passages) == pytest.approx(explained.confidence)


@pytest.mark.slow
def test_a_rejection_teaches_nothing(shelf: str, answer: str) -> None:
    judged(answer, "rejected")
    assert rows(shelf) == []


@pytest.mark.slow
def test_undoing_a_judgement_undoes_what_it_taught(shelf: str, answer: str) -> None:
    undone(judged(answer))
    (row,) = rows(shelf)
    assert (row.state, row.why) == ("retired", memory.UNDONE)
    assert found(shelf)[0] == "errado.md"


@pytest.mark.slow
def test_a_dispute_keeps_an_answer_out_until_it_is_settled(shelf: str, answer: str) -> None:
    judged(answer)
    rejection = judged(answer, "rejected")
    assert [(row.state, row.why) for row in rows(shelf)] == [("retired", memory.DISPUTED)]
    undone(rejection)
    assert [row.state for row in rows(shelf)] == ["in_use"]


@pytest.mark.slow
def test_an_adjudication_decides_over_the_others(shelf: str, answer: str) -> None:
    judged(answer)
    judged(answer, "rejected")
    decision = judged(answer, "corrected", kind="adjudication", correction="Sete dias. [1]")
    states = {row.corrected: (row.state, row.why) for row in rows(shelf)}
    assert states == {True: ("in_use", ""), False: ("retired", memory.DECIDED)}
    undone(decision)
    states = {row.corrected: (row.state, row.why) for row in rows(shelf)}
    assert states == {True: ("retired", memory.UNDONE), False: ("retired", memory.DISPUTED)}


@pytest.mark.slow
def test_what_was_retired_by_hand_stays_so_whatever_is_judged(shelf: str, answer: str) -> None:
    judgement = judged(answer)
    (row,) = rows(shelf)
    approved.retire(row.id)
    undone(judgement)
    judged(answer)
    assert approved.approved(row.id).why == approved.BY_HAND


@pytest.mark.slow
def test_a_row_is_retired_and_brought_back_by_itself(shelf: str, answer: str) -> None:
    judged(answer)
    (row,) = rows(shelf)
    assert approved.retire(row.id).state == "retired"
    assert found(shelf)[0] == "errado.md"
    assert approved.restore(row.id).state == "in_use"
    assert found(shelf)[0] == "certo.md"
    with pytest.raises(NotFound):
        approved.retire("keine")


@pytest.mark.slow
def test_a_changed_document_is_never_lifted_for_what_it_said(shelf: str, answer: str) -> None:
    judged(answer)
    retrieval.add(shelf, "certo.md", b"Agora trata de outro assunto.", now=True)
    assert retrieval.search(PARAPHRASE, assistant_id=shelf).remembered == ()


@pytest.mark.slow
def test_a_removed_document_is_lifted_again_once_it_is_back(shelf: str, answer: str) -> None:
    judged(answer)
    document = next(one for one in retrieval.documents(shelf) if one.name == "certo.md")
    retrieval.remove(document.id)
    assert "certo.md" not in found(shelf)
    retrieval.restore(document.id)
    assert found(shelf)[0] == "certo.md"


@pytest.mark.slow
def test_a_document_out_of_force_is_not_lifted(shelf: str, answer: str) -> None:
    judged(answer)
    document = next(one for one in retrieval.documents(shelf) if one.name == "certo.md")
    retrieval.set_validity([document.id], valid_to=retrieval.today() - timedelta(days=1))
    assert "certo.md" not in found(shelf)


@pytest.mark.slow
def test_marks_say_what_an_answer_rests_on(shelf: str, answer: str) -> None:
    right = passage(shelf, "certo.md")
    with db.session() as session:
        from core.db.tables import Passage

        query = select(Passage).where(Passage.message_id == answer)
        ids = {row.document_name: row.id for row in session.scalars(query)}
    judged(answer, passages={ids["certo.md"]: "outdated", ids["errado.md"]: "right"})
    (row,) = rows(shelf)
    assert [one["text"] for one in row.passages] == [passage(shelf, "errado.md").text]
    assert right.text not in str(row.passages)


@pytest.mark.slow
def test_personal_data_of_a_question_is_not_kept(shelf: str) -> None:
    judged(answered(shelf, "Meu CPF é 529.982.247-25, em quanto tempo devolvo?"))
    assert "529" not in rows(shelf)[0].question


@pytest.mark.slow
def test_a_memory_freeze_sees_what_was_approved_by_then(shelf: str, answer: str) -> None:
    before = clock.now()
    with clock.held(before + timedelta(minutes=1)):
        judged(answer)
    for until, seen in ((before, 0), (before + timedelta(minutes=2), 1)):
        assert len(likeness.like(shelf, PARAPHRASE, until=until)) == seen


@pytest.mark.slow
def test_other_assistants_learn_nothing(shelf: str, answer: str, other_assistant: str) -> None:
    judged(answer)
    assert likeness.like(other_assistant, QUESTION) == []


@pytest.mark.slow
def test_what_another_process_stored_is_seen_at_once(shelf: str, answer: str) -> None:
    assert likeness.like(shelf, QUESTION) == []
    judged(answer)
    (row,) = rows(shelf)
    with db.writing() as session:  # as it comes from elsewhere: a row and a number, no call of ours
        stored = session.get_one(ApprovedAnswer, row.id)
        stored.retired_at = clock.now()
        memory.changed(session, [stored])
    assert likeness.like(shelf, QUESTION) == []


@pytest.mark.slow
def test_an_answer_whose_document_changed_is_brought_back_only_where_its_passages_stayed(
    shelf: str, answer: str
) -> None:
    judged(answer)
    (row,) = rows(shelf)
    retrieval.add(shelf, "certo.md", f"{RIGHT} ".encode(), now=True)
    with db.session() as session:
        assert not approved.holds(session.get_one(ApprovedAnswer, row.id), None)
    assert (approved.approved(row.id).state, approved.approved(row.id).why) == (
        "lifts",
        approved.CHANGED,
    )
    assert approved.restore(row.id).state == "in_use"
    retrieval.add(shelf, "certo.md", b"Outro texto inteiramente.", now=True)
    with db.session() as session:
        assert not approved.holds(session.get_one(ApprovedAnswer, row.id), None)
    with pytest.raises(Conflict) as refused:
        approved.restore(row.id)
    assert refused.value.code == "documents_changed"


@pytest.mark.slow
def test_a_list_is_read_page_by_page(shelf: str) -> None:
    for n in range(3):
        judged(answered(shelf, f"Pergunta número {n} sobre o acervo?"))
    first = approved.listed(shelf, limit=2)
    rest = approved.listed(shelf, after=first[-1].id, limit=2)
    assert [len(first), len(rest)] == [2, 1]
    assert len({row.id for row in [*first, *rest]}) == 3


@given(st.text(max_size=80))
def test_any_question_is_its_own_normal_form_whatever_its_case(text: str) -> None:
    words = likeness.normal(text)
    assert likeness.normal(words) == words


@pytest.mark.slow
@pytest.mark.parametrize(
    "hostile", ["", "\x00", "'; DROP TABLE x; --", "<script>", "?" * 4000, "💥"]
)
def test_no_question_breaks_the_memory(shelf: str, answer: str, hostile: str) -> None:
    judged(answer)
    assert likeness.same(shelf, hostile) == []
    assert likeness.like(shelf, hostile) == []


@pytest.mark.slow
def test_who_may_not_read_what_others_asked_does_not_see_the_memory(
    shelf: str, answer: str
) -> None:
    judged(answer)
    (row,) = rows(shelf)
    asker = access.set_roles(access.person("Rui").id, ["viewer"])
    with access.as_person(asker):
        for verb in (lambda: approved.listed(shelf), lambda: approved.retire(row.id)):
            with pytest.raises(NotAllowed):
                verb()


@pytest.mark.slow
def test_a_server_takes_the_memory_up_before_the_first_question(shelf: str, answer: str) -> None:
    judged(answer)
    likeness.forget()
    likeness.warm()
    assert likeness.same(shelf, QUESTION) == [row.id for row in rows(shelf)]
