"""Topics in the database: names that stay, new ones marked, and who keeps them up."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from core import access, clock, db, metrics
from core.db.tables import Assistant, Conversation, ConversationChange, Topic, TopicQuestion
from core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from core.metrics.topics import reading as topic_reading
from core.metrics.topics import state as topic_state
from core.metrics.views import View
from tests.conftest import ENGINES
from tests.metrics.made import LATER, NOON, assistant, talk

pytestmark = pytest.mark.usefixtures("now")
both = pytest.mark.parametrize("engine", ENGINES)

FREIGHT = ["qual o frete?", "o frete é grátis?", "frete pra Recife", "prazo do frete", "frete caro"]
RETURNS = [
    "quero trocar",
    "a troca demora?",
    "troca de tamanho",
    "como trocar?",
    "trocas, onde?",
]
PIX = ["aceita pix?", "chave pix da loja", "pix parcelado", "desconto no pix", "pix caiu errado"]
VIEW = View(period="90d")


def _asked(
    of: str, questions: Sequence[str], times: int = 2, at: datetime = NOON, **answer: object
) -> list[str]:
    """Conversations of different people who ask all of the questions, one each; their ids."""
    return [
        talk(
            of,
            *(
                {"asked": text, "search_query": text, "language": "pt-BR"} | answer
                for text in questions
            ),
            at=at,
            user_id=f"{questions[0]} {n} {at}",
        )
        for n in range(times)
    ]


@pytest.fixture
def shop() -> str:
    """An assistant with twenty questions: of freight, and of returns."""
    of = assistant()
    _asked(of, FREIGHT, up=1)
    _asked(of, RETURNS, down=1)
    return of


def _labels(view: View = VIEW) -> dict[str, str]:
    """Label by id."""
    return {one.id: one.label for one in metrics.topics(view) if one.id}


def _row(word: str, view: View = VIEW) -> metrics.TopicRow:
    return next(one for one in metrics.topics(view) if word in one.label)


@both
def test_questions_fall_into_topics_with_their_count_share_and_satisfaction(shop: str) -> None:
    done = metrics.regroup(shop)
    assert (done.questions, done.topics, done.made, done.retired) == (20, 2, 2, 0)
    freight, returns = _row("frete"), _row("troca")
    assert (freight.n, freight.share, freight.satisfaction.value) == (10, 0.5, 1.0)
    assert (returns.satisfaction.value, returns.satisfaction.n) == (0.0, 10)
    assert returns.satisfaction.low is not None
    assert returns.satisfaction.target == 0.85
    assert metrics.no_topics(VIEW) == ""


def test_what_belongs_to_no_topic_comes_last_under_no_id(shop: str) -> None:
    _asked(shop, ["oi", "obrigado!"])
    metrics.regroup(shop)
    last = metrics.topics(VIEW)[-1]
    assert (last.id, last.n) == (metrics.OTHER, 4)
    assert sum(one.share for one in metrics.topics(VIEW)) == pytest.approx(1.0)


def test_a_topic_narrows_a_view_to_its_answers(shop: str) -> None:
    metrics.regroup(shop)
    freight = _row("frete")
    assert metrics.figure("satisfaction", View(period="90d", topic=freight.id)).value == 1.0


def test_the_same_topics_keep_their_ids_and_names_when_grouped_again(shop: str) -> None:
    metrics.regroup(shop)
    before = _labels()
    _asked(shop, [f"{text} urgente" for text in FREIGHT])
    done = metrics.regroup(shop)
    assert (done.made, done.retired) == (0, 0)
    assert _labels() == before


def test_nothing_is_written_where_nothing_has_changed(shop: str) -> None:
    metrics.regroup(shop)
    metrics.keep_grouped()
    with db.session() as session:
        before = session.scalars(select(ConversationChange.changed_ms)).all()
    metrics.regroup(shop)
    metrics.keep_grouped()
    with db.session() as session:
        assert session.scalars(select(ConversationChange.changed_ms)).all() == before


@pytest.mark.slow
def test_a_name_given_by_a_person_stays_and_an_empty_one_gives_it_back_its_own(shop: str) -> None:
    metrics.regroup(shop)
    freight = _row("frete")
    told = metrics.rename_topic(freight.id, "  Entregas\n e prazos \x00")
    assert told is not None
    assert (told.label, told.named) == ("Entregas e prazos", True)
    _asked(shop, PIX, at=LATER - timedelta(hours=3))
    metrics.regroup(shop)
    assert _labels()[freight.id] == "Entregas e prazos"
    metrics.rename_topic(freight.id, "")
    assert "frete" in _labels()[freight.id]


def test_a_name_has_its_limit_and_a_topic_must_be_there(shop: str) -> None:
    metrics.regroup(shop)
    with pytest.raises(InvalidInput):
        metrics.rename_topic(_row("frete").id, "x" * 81)
    with pytest.raises(NotFound):
        metrics.rename_topic("nowhere", "x")


@pytest.mark.slow
def test_a_topic_that_came_up_in_the_period_is_new_and_one_from_before_is_not(shop: str) -> None:
    _asked(shop, PIX, at=LATER + timedelta(days=40))
    with clock.held(LATER + timedelta(days=41)):
        metrics.regroup(shop)
        assert _row("pix", View(period="7d")).new
        _asked(shop, FREIGHT, at=LATER + timedelta(days=40))
        metrics.keep_grouped()
        assert not _row("frete", View(period="7d")).new
        assert not any(one.new for one in metrics.topics(View(period="all")))


def test_where_all_is_from_the_period_nothing_is_new(shop: str) -> None:
    metrics.regroup(shop)
    assert not any(one.new for one in metrics.topics(View(period="7d")))


@pytest.mark.slow
def test_growth_is_against_the_time_before(shop: str) -> None:
    _asked(shop, FREIGHT, times=3, at=NOON - timedelta(days=9))
    metrics.regroup(shop)
    view = View(period="7d")
    assert _row("frete", view).growth == pytest.approx(10 / 15 - 1)
    assert _row("troca", view).growth is None


@both
def test_a_new_question_is_given_to_the_nearest_topic_and_a_strange_one_to_none(shop: str) -> None:
    metrics.regroup(shop)
    _asked(shop, ["quanto é o frete pra Natal?", "vocês vendem guarda-chuva?"], times=1)
    assert metrics.keep_grouped() == 1
    assert _row("frete").n == 11


def test_a_question_written_as_if_long_ago_is_placed_too(shop: str) -> None:
    metrics.regroup(shop)
    metrics.keep_grouped()
    _asked(shop, ["o frete demora?"], times=1, at=NOON - timedelta(days=60))
    assert metrics.keep_grouped() == 1


@pytest.mark.slow
def test_a_topic_with_nothing_left_is_retired_and_comes_back_as_itself(shop: str) -> None:
    metrics.regroup(shop)
    returns = _row("troca")
    with db.writing() as session:
        gone = Conversation.user_id.startswith(RETURNS[0])
        session.execute(update(Conversation).where(gone).values(removed_at=NOON))
    _asked(shop, PIX)
    done = metrics.regroup(shop)
    assert (done.made, done.retired) == (1, 1)
    assert returns.id not in _labels()
    with db.writing() as session:
        session.execute(update(Conversation).values(removed_at=None))
    metrics.regroup(shop)
    assert _labels()[returns.id] == returns.label


def test_conversations_that_are_deleted_take_their_places_with_them(shop: str) -> None:
    metrics.regroup(shop)
    with db.writing() as session:
        session.execute(delete(Conversation))
    with db.session() as session:
        assert session.scalars(select(TopicQuestion)).all() == []
    assert metrics.topics(VIEW) == []


def test_too_few_questions_have_no_topics_and_it_says_so() -> None:
    of = assistant()
    assert "pediu" in metrics.no_topics(VIEW) or "perguntou" in metrics.no_topics(VIEW)
    _asked(of, FREIGHT)
    done = metrics.regroup(of)
    assert not done.enough
    assert done.topics == 0
    assert metrics.topics(VIEW) == []
    assert "10" in metrics.no_topics(VIEW)
    assert metrics.keep_grouped() == 0


@pytest.mark.slow
def test_the_background_groups_by_itself_and_not_again_within_the_hour(shop: str) -> None:
    metrics.keep_grouped()
    assert len(_labels()) == 2
    _asked(shop, PIX, times=5)
    metrics.keep_grouped()
    assert len(_labels()) == 2
    with clock.held(LATER + timedelta(hours=2)):
        metrics.keep_grouped()
        assert any("pix" in label for label in _labels().values())


@pytest.mark.slow
def test_few_new_questions_are_no_reason_to_group_anew(shop: str) -> None:
    metrics.keep_grouped()
    _asked(shop, PIX, times=3)
    with clock.held(LATER + timedelta(hours=2)):
        metrics.keep_grouped()
        assert len(_labels()) == 2


@pytest.mark.slow
def test_each_assistant_has_topics_of_its_own_in_its_own_language(shop: str) -> None:
    english = assistant("Shop")
    _asked(english, ["how do I get a refund?", "refund please", "refund status"], 4, language="en")
    _asked(
        english, ["warranty length", "is the warranty free", "broken, warranty?"], 4, language="en"
    )
    metrics.keep_grouped()
    own = set(_labels(View(period="90d", assistant=english)).values())
    assert {"refund", "warranty"} <= {word for label in own for word in label.split(" · ")}
    assert not own & set(_labels(View(period="90d", assistant=shop)).values())


@pytest.mark.slow
def test_no_label_holds_what_a_person_wrote_of_themselves(shop: str) -> None:
    personal = "boleto 529.982.247-25 ana.lima@exemplo.com (11) 98765-4321"
    _asked(shop, [personal, f"{personal} de novo", f"{personal} vencido"], times=4)
    metrics.regroup(shop)
    told = " ".join([*_labels().values(), *(t for one in metrics.topics(VIEW) for t in one.terms)])
    assert "boleto" in told
    assert not set("0123456789@") & set(told)
    assert "lima" not in told
    assert "exemplo" not in told


def test_while_one_is_at_it_another_is_not(shop: str) -> None:
    with topic_state.turn() as mine:
        assert mine
        assert metrics.keep_grouped() == 0
        with pytest.raises(Conflict):
            metrics.regroup(shop)
    assert metrics.regroup(shop).topics == 2


def test_one_that_died_at_it_keeps_others_from_it_for_a_while_alone(shop: str) -> None:
    db.settled(lambda session: topic_state._taken(session, "dead"))
    with clock.held(LATER + topic_state.BUSY + timedelta(seconds=1)):
        assert metrics.regroup(shop).topics == 2


@both
def test_what_was_learned_of_an_assistant_goes_with_it(shop: str) -> None:
    metrics.regroup(shop)
    name = topic_state.name(shop)
    with db.session() as session:
        assert topic_state.value(session, name)["rarity"]
    with db.writing() as session:
        session.execute(delete(Assistant))
    metrics.keep_grouped()
    with db.session() as session:
        assert topic_state.value(session, name) == {}
        assert session.scalars(select(Topic)).all() == []


def test_a_follow_up_is_placed_by_what_was_searched_for_it(shop: str) -> None:
    metrics.regroup(shop)
    talk(shop, {"asked": "e pra Natal?", "search_query": "e pra Natal? (frete Recife)"})
    assert metrics.keep_grouped() == 1


@pytest.mark.slow
def test_large_numbers_are_read_in_pieces_and_the_sample_spreads_over_time(
    shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topic_reading, "AT_ONCE", 2)
    monkeypatch.setattr(topic_reading, "MOST_SAMPLED", 30)
    _asked(shop, ["frete?"], times=8, at=NOON - timedelta(days=3))
    with db.session() as session:
        ids = topic_reading.conversations(session, shop)
        sample = topic_reading.sample(session, ids)
    assert len({one.id for one in sample}) == len(sample)
    assert {one.text for one in sample} >= {"frete?", FREIGHT[0]}
    monkeypatch.setattr(topic_reading, "MOST_SAMPLED", 300)  # which of them are drawn is chance
    assert metrics.regroup(shop).topics == 2


def test_figures_are_for_everybody_and_changes_for_who_may_change(shop: str) -> None:
    metrics.regroup(shop)
    viewer = access.person("vera")
    access.set_roles(viewer.id, ["viewer"])
    with access.as_person(access.find("vera")):
        assert metrics.topics(VIEW)
        for verb in (lambda: metrics.regroup(shop), lambda: metrics.rename_topic("x", "y")):
            with pytest.raises(NotAllowed):
                verb()
    with pytest.raises(NotFound):
        metrics.regroup("nowhere")
