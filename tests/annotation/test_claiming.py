"""An item is in one reviewer's hands at a time, and nobody gets it twice."""

from datetime import timedelta

import pytest

from core import access, annotation, chat, clock, db
from core.annotation import Judged
from core.db.tables import Assistant, Seat
from core.errors import Conflict, InvalidInput, NotFound
from tests.annotation.conftest import Made, Talks
from tests.annotation.talks import flagged, rated, talk
from tests.conftest import ENGINES

pytestmark = pytest.mark.parametrize("engine", ENGINES)
APPROVED = Judged("approved")


@pytest.mark.slow
def test_items_come_in_the_order_in_which_they_were_added(made: Made, ana: str) -> None:
    queue = made(3)
    came = []
    while claim := annotation.claim_next(queue.id, ana):
        came.append(claim.answer.message.text)
        annotation.submit(claim.item.id, claim.claim_token, APPROVED)
    assert came == ["Resposta 0.", "Resposta 1.", "Resposta 2."]


def test_a_reviewer_gets_what_they_hold_before_anything_else(made: Made, ana: str) -> None:
    queue = made(2)
    first, second = annotation.claim_next(queue.id, ana), annotation.claim_next(queue.id, ana)
    assert first
    assert second
    assert first.claim_token == second.claim_token


def test_two_reviewers_hold_different_items(made: Made, ana: str, bia: str) -> None:
    queue = made(2)
    first, second = annotation.claim_next(queue.id, ana), annotation.claim_next(queue.id, bia)
    assert first
    assert second
    assert first.item.id != second.item.id
    assert annotation.claim_next(queue.id, access.person("Caio").id) is None


def test_an_item_for_two_is_held_by_two_at_once_and_never_by_one_twice(
    made: Made, ana: str, bia: str
) -> None:
    queue = made(1, reviewers_per_item=2)
    first, second = annotation.claim_next(queue.id, ana), annotation.claim_next(queue.id, bia)
    assert first
    assert second
    assert first.item.id == second.item.id
    annotation.submit(first.item.id, first.claim_token, APPROVED)
    assert annotation.claim_next(queue.id, ana) is None


def test_a_lapsed_claim_goes_to_whoever_asks_next(made: Made, ana: str, bia: str) -> None:
    queue = made(1, lease_seconds=60)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    with clock.held(clock.now() + timedelta(seconds=61)):
        other = annotation.claim_next(queue.id, bia)
        assert other
        assert (other.seat_id, other.token) == (claim.seat_id, claim.token + 1)
        with pytest.raises(Conflict, match="somebody else") as refused:
            annotation.submit(claim.item.id, claim.claim_token, Judged("rejected"), person_id=ana)
    assert refused.value.code == "superseded"


def test_what_a_superseded_reviewer_judged_is_kept_as_a_draft(
    made: Made, ana: str, bia: str
) -> None:
    queue = made(1, lease_seconds=60)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    with clock.held(clock.now() + timedelta(seconds=61)):
        other = annotation.claim_next(queue.id, bia)
        assert other
        with pytest.raises(Conflict):
            annotation.submit(
                claim.item.id, claim.claim_token, Judged("rejected", note="errado"), person_id=ana
            )
        (kept,) = annotation.kept_drafts(queue.id, ana)
        assert kept.data["note"] == "errado"
        annotation.release(other.item.id, other.claim_token)
        again = annotation.claim_next(queue.id, ana)
    assert again
    assert again.draft["note"] == "errado"


def test_a_late_submit_is_taken_while_nobody_else_has_the_item(made: Made, ana: str) -> None:
    queue = made(1, lease_seconds=60)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    with clock.held(clock.now() + timedelta(hours=5)):
        stored = annotation.submit(claim.item.id, claim.claim_token, APPROVED)
    assert stored.verdict == "approved"


def test_a_heartbeat_holds_on_and_keeps_the_draft(made: Made, ana: str, bia: str) -> None:
    queue = made(1, lease_seconds=60)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    with clock.held(clock.now() + timedelta(seconds=50)):
        until = annotation.heartbeat(claim.item.id, claim.claim_token, {"note": "quase"})
    assert until > claim.expires_at
    with clock.held(claim.expires_at + timedelta(seconds=1)):
        assert annotation.claim_next(queue.id, bia) is None
        mine = annotation.claim_next(queue.id, ana)
    assert mine
    assert mine.draft == {"note": "quase"}


def test_a_heartbeat_renews_a_lapsed_claim_that_nobody_took(made: Made, ana: str, bia: str) -> None:
    queue = made(1, lease_seconds=60)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    with clock.held(clock.now() + timedelta(hours=1)):
        annotation.heartbeat(claim.item.id, claim.claim_token)
        assert annotation.claim_next(queue.id, bia) is None


def test_what_is_given_back_waits_for_anybody(made: Made, ana: str) -> None:
    queue = made(1)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    annotation.release(claim.item.id, claim.claim_token)
    again = annotation.claim_next(queue.id, ana)
    assert again
    assert (again.item.id, again.token) == (claim.item.id, claim.token + 1)


@pytest.mark.parametrize("verb", [annotation.skip, annotation.not_for_me])
def test_what_is_skipped_comes_to_others_alone(
    made: Made, ana: str, bia: str, verb: object
) -> None:
    queue = made(1)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    verb(claim.item.id, claim.claim_token, "não sei")  # type: ignore[operator]
    assert annotation.claim_next(queue.id, ana) is None
    assert annotation.claim_next(queue.id, bia)


def test_what_is_put_off_comes_back_when_its_time_has_come(made: Made, ana: str) -> None:
    queue = made(1)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    annotation.postpone(claim.item.id, claim.claim_token, 30)
    assert annotation.claim_next(queue.id, ana) is None
    with clock.held(clock.now() + timedelta(minutes=31)):
        assert annotation.claim_next(queue.id, ana)


def test_when_everybody_has_skipped_each_may_think_again(made: Made, ana: str) -> None:
    queue = made(2)
    while claim := annotation.claim_next(queue.id, ana):
        annotation.skip(claim.item.id, claim.claim_token)
    assert annotation.progress(queue.id, ana).passed_on == 2
    assert annotation.reconsider(queue.id, ana) == 2
    assert annotation.claim_next(queue.id, ana)


def test_a_link_leads_to_its_very_item_and_gives_back_what_was_held(
    made: Made, ana: str, bia: str
) -> None:
    queue = made(3)
    held = annotation.claim_next(queue.id, ana)
    assert held
    wanted = annotation.items(queue.id)[2]
    assert annotation.claim(wanted.id, ana).item.id == wanted.id
    assert annotation.claim(wanted.id, ana).item.id == wanted.id
    next_one = annotation.claim_next(queue.id, bia)
    assert next_one
    assert next_one.item.id == held.item.id
    with pytest.raises(Conflict, match="in hand"):
        annotation.claim(wanted.id, bia)


def test_a_link_to_what_is_judged_says_so(made: Made, ana: str, bia: str) -> None:
    queue = made(1)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    annotation.submit(claim.item.id, claim.claim_token, APPROVED)
    for person, code in ((ana, "already_judged"), (bia, "done")):
        with pytest.raises(Conflict) as refused:
            annotation.claim(claim.item.id, person)
        assert refused.value.code == code


def test_a_removed_item_is_nobody_s_and_never_added_again(
    made: Made, talks: Talks, ana: str
) -> None:
    queue = made(1)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    annotation.remove(claim.item.id, ana)
    with pytest.raises(Conflict) as refused:
        annotation.submit(claim.item.id, claim.claim_token, APPROVED, person_id=ana)
    assert refused.value.code == "removed"
    assert annotation.claim_next(queue.id, ana) is None
    added = annotation.add(queue.id, [claim.item.conversation_id])
    assert (added.new, added.removed) == (0, 1)


def test_adding_twice_does_nothing(made: Made, talks: Talks) -> None:
    queue, ids = made(0), talks(3)
    assert annotation.add(queue.id, ids).new == 3
    assert (annotation.add(queue.id, ids).new, annotation.add(queue.id, ids).known) == (0, 3)
    assert annotation.progress(queue.id).waiting == 3


@pytest.mark.slow
def test_a_deleted_conversation_is_passed_over_and_comes_back_with_it(made: Made, ana: str) -> None:
    queue = made(2)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    chat.remove(claim.item.conversation_id)
    with pytest.raises(Conflict, match="deleted") as refused:
        annotation.submit(claim.item.id, claim.claim_token, APPROVED, person_id=ana)
    assert refused.value.code == "unavailable"
    other = annotation.claim_next(queue.id, ana)
    assert other
    assert other.item.id != claim.item.id
    annotation.submit(other.item.id, other.claim_token, APPROVED)
    assert annotation.claim_next(queue.id, ana) is None
    assert annotation.progress(queue.id).unavailable == 1
    chat.restore(claim.item.conversation_id)
    back = annotation.claim_next(queue.id, ana)
    assert back
    assert back.item.id == claim.item.id
    assert back.draft["verdict"] == "approved"


def test_more_reviewers_count_for_what_waits(made: Made, ana: str, bia: str) -> None:
    queue = made(1)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    assert annotation.claim_next(queue.id, bia) is None
    annotation.change_queue(queue.id, reviewers_per_item=2)
    assert annotation.claim_next(queue.id, bia)
    annotation.submit(claim.item.id, claim.claim_token, APPROVED)
    assert annotation.item(claim.item.id).state == "pending"


def test_fewer_reviewers_send_the_last_away_and_finish_what_is_judged(
    made: Made, ana: str, bia: str
) -> None:
    queue = made(2, reviewers_per_item=2)
    first, second = annotation.claim_next(queue.id, ana), annotation.claim_next(queue.id, bia)
    assert first
    assert second
    annotation.submit(first.item.id, first.claim_token, APPROVED)
    annotation.change_queue(queue.id, reviewers_per_item=1)
    assert annotation.item(first.item.id).state == "done"
    with pytest.raises(Conflict, match="no further") as refused:
        annotation.submit(second.item.id, second.claim_token, APPROVED, person_id=bia)
    assert refused.value.code == "superseded"
    assert open_seats(queue.id) == 1


def open_seats(queue_id: str) -> int:
    with db.session() as session:
        found = session.query(Seat).filter(Seat.queue_id == queue_id, Seat.state == "open")
        return found.count()


def test_a_clock_that_went_back_locks_nobody_out(made: Made, ana: str, bia: str) -> None:
    queue = made(1, lease_seconds=60)
    with clock.held(clock.now() + timedelta(days=2)):
        assert annotation.claim_next(queue.id, ana)
    assert annotation.claim_next(queue.id, bia)


def test_a_removed_queue_hands_nothing_out_until_it_is_back(made: Made, ana: str) -> None:
    queue = made(1)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    annotation.remove_queue(queue.id)
    with pytest.raises(NotFound):
        annotation.claim_next(queue.id, ana)
    with pytest.raises(Conflict, match="removed"):
        annotation.submit(claim.item.id, claim.claim_token, APPROVED, person_id=ana)
    annotation.restore_queue(queue.id)
    assert annotation.claim_next(queue.id, ana)


@pytest.mark.parametrize("token", ["", "x", "1", "1.x", "-1.2", "1.2e3", "９.１", "9" * 40 + ".1"])
def test_a_token_that_is_none_of_ours_is_refused(made: Made, token: str) -> None:
    item = annotation.items(made(1).id)[0]
    with pytest.raises(InvalidInput, match="none of ours"):
        annotation.submit(item.id, token, APPROVED)


def test_a_token_of_another_item_opens_nothing(made: Made, ana: str) -> None:
    queue = made(2)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    other = annotation.items(queue.id)[1]
    with pytest.raises(Conflict, match="never made"):
        annotation.submit(other.id, claim.claim_token, APPROVED)


def test_nobody_submits_in_another_s_name(made: Made, ana: str, bia: str) -> None:
    queue = made(1)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    with pytest.raises(Conflict) as refused:
        annotation.submit(claim.item.id, claim.claim_token, APPROVED, person_id=bia)
    assert refused.value.code == "not_yours"


def test_a_reviewer_reads_what_raters_wrote_and_not_what_was_taken_back(
    made: Made, ana: str
) -> None:
    queue = made(1)
    (item,) = annotation.items(queue.id)
    rated(item.message_id, comment="Faltou o prazo.")
    rated(item.message_id, comment="Retirado.", withdrawn_at=clock.now())
    flagged(item.message_id, "other", text="O preço está <b>velho</b>; meu CPF é 529.982.247-25.")
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    assert claim.said == [
        "Faltou o prazo.",
        "O preço está <b>velho</b>; meu CPF é 529.982.247-25.",
    ]
    annotation.release(claim.item.id, claim.claim_token)
    access.set_roles(access.person("Zélia").id, ["reviewer"])
    masked = annotation.claim_next(queue.id, access.person("Zélia").id)
    assert masked
    assert "529.982.247-25" not in " ".join(masked.said)


def test_what_an_answer_repeats_of_the_asker_s_own_is_masked_and_the_house_s_own_is_not(
    assistant: Assistant, ana: str
) -> None:
    asked = "Meu e-mail é ana.silva@gmail.com, para onde escrevo?"
    said = "Anotado, ana.silva@gmail.com. Escreva para suporte@loja.com.br."
    talk_id, _ids = talk(assistant.id, {"text": said}, question=asked)
    queue = annotation.create_queue(assistant.id, "Fila")
    annotation.add(queue.id, [talk_id])
    access.set_roles(access.person("Zélia").id, ["reviewer"])
    claim = annotation.claim_next(queue.id, access.person("Zélia").id)
    assert claim
    assert "ana.silva" not in claim.answer.question.text + claim.answer.message.text
    assert "suporte@loja.com.br" in claim.answer.message.text
    assert len(claim.answer.message.text) == len(said)
