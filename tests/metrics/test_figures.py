"""Figures over time, by what answers have in common, and the conversations behind them."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core import access, db, i18n, metrics
from core.db.tables import Citation, Message, Passage
from core.errors import CicloError, InvalidInput
from core.metrics import exporting, groups, kept
from core.statistics import quantile
from tests.metrics.made import NOON, assistant, document, talk

WEEK = metrics.View(period="7d")


@given(
    st.lists(st.floats(0.001, 600), min_size=1, max_size=300), st.sampled_from([0.5, 0.95, 0.99])
)
def test_percentiles_are_numpy_s_and_lie_within_their_interval(
    values: list[float], q: float
) -> None:
    found = quantile(values, q)
    assert found is not None
    assert found.value == pytest.approx(np.percentile(values, 100 * q))
    assert found.low is None or found.low <= found.value
    assert found.high is None or found.value <= found.high


def test_days_without_an_answer_stand_in_a_series_with_none(now: None) -> None:
    shop = assistant()
    talk(shop, {"up": 1}, at=NOON - timedelta(days=3))
    talk(shop, {"down": 1})
    points = metrics.series("satisfaction", WEEK, "day")
    assert [(point.figure.value, point.figure.n) for point in points] == [
        (1.0, 1),
        (None, 0),
        (None, 0),
        (0.0, 1),
        (None, 0),
    ]
    midnight = points[0].at.astimezone(i18n.zone())
    assert (midnight.hour, midnight.day) == (0, 7)


def test_a_series_adds_up_to_the_figure(now: None) -> None:
    shop = assistant()
    for n in range(20):
        talk(shop, {"up": n % 3 == 0, "down": n % 3 == 1}, at=NOON - timedelta(hours=7 * n))
    for grain in metrics.GRAINS:
        points = metrics.series("rated", WEEK, grain)
        assert sum(point.figure.n for point in points) == metrics.figure("rated", WEEK).n


@pytest.mark.parametrize("by", [by for by in groups.BY if by not in ("document", "topic")])
def test_every_answer_is_in_one_row_of_a_breakdown(now: None, by: str) -> None:
    shop, other = assistant(), assistant("Clínica")
    talk(
        shop, {"up": 1, "mode": "short"}, {"outcome": "error", "error_code": "busy"}, channel="site"
    )
    talk(other, {"down": 1}, at=NOON - timedelta(hours=30))
    rows = metrics.breakdown("rated", by, WEEK)
    assert sum(row.figure.n for row in rows) == 3
    assert sum((row.figure.value or 0) * row.figure.n for row in rows) == pytest.approx(2)


def test_a_row_s_key_is_what_the_filter_takes(now: None) -> None:
    shop, other = assistant(), assistant("Clínica")
    talk(shop, {"up": 1, "mode": "short"}, channel="site", user_tier="free")
    talk(other, {"down": 1, "language": "en"}, {}, channel="web")
    for by in ("assistant", "channel", "tier", "mode", "language", "outcome", "weekday", "hour"):
        for row in metrics.breakdown("rated", by, WEEK):
            if row.key:
                assert metrics.figure("rated", WEEK.narrowed(**{by: row.key})).n == row.figure.n


def cite(session: Session, message: str, doc: str, rank: int) -> None:
    """Let an answer cite a document by a passage of its own."""
    at = {"start": 0, "end": 1}
    passage = Passage(
        message_id=message, rank=rank, document_id=doc, document_name="x", text="x", score=1.0, **at
    )
    session.add(passage)
    session.flush()
    mark = {"number": rank, "answer_start": 0, "answer_end": 1, "quote": "x", **at}
    session.add(Citation(message_id=message, passage_id=passage.id, document_id=doc, **mark))


def test_an_answer_counts_for_each_document_that_it_cites(now: None) -> None:
    shop = assistant()
    one, other = document(shop, "a.md"), document(shop, "b.md")
    talk(shop, {"up": 1}, {"down": 1})
    with db.writing() as session:
        first, second = session.query(Message).filter_by(role="assistant").order_by("created_at")
        for message, cited in ((first, [one, other]), (second, [other, other])):
            for rank, doc in enumerate(cited):
                cite(session, message.id, doc, rank)
    rows = {row.key: row.figure for row in metrics.breakdown("satisfaction", "document", WEEK)}
    assert (rows[one].value, rows[one].n) == (1.0, 1)
    assert (rows[other].value, rows[other].n) == (0.5, 2)
    assert metrics.figure("satisfaction", WEEK.narrowed(document=one)).n == 1


def test_a_conversation_s_answers_that_do_not_fit_leave_it_in_where_one_does(now: None) -> None:
    talk(assistant(), {"language": "en"}, {"language": "pt-BR"}, solved=True)
    english = WEEK.narrowed(language="en")
    assert metrics.figure("solved", english).value == 1
    assert metrics.figure("rated", english).n == 1


def test_behind_a_bad_figure_are_the_conversations_that_make_it_bad(now: None) -> None:
    shop = assistant()
    talk(shop, {"up": 1}, title="gut")
    bad = talk(shop, {"down": 1}, {"down": 1}, title="<b>schlecht</b>")
    found = metrics.behind("satisfaction", WEEK)
    assert [(one.conversation_id, one.answers) for one in found.conversations] == [(bad, 2)]
    assert found.n == 1


def test_behind_a_figure_without_a_bad_side_is_all_it_is_of_the_newest_first(now: None) -> None:
    shop = assistant()
    old = talk(shop, {"cost": 1.0}, at=NOON - timedelta(days=1))
    new = talk(shop, {"cost": 2.0})
    found = metrics.behind("cost_answer", WEEK, limit=1)
    assert [one.conversation_id for one in found.conversations] == [new]
    assert found.n == 2
    assert old in metrics.ids_behind("cost_answer", WEEK)


def test_a_viewer_sees_figures_and_no_conversation(now: None) -> None:
    talk(assistant(), {"down": 1})
    access.act(access.set_roles(access.person("Vera").id, ["viewer"]))
    assert metrics.figure("satisfaction", WEEK).n == 1
    with pytest.raises(CicloError):
        metrics.behind("satisfaction", WEEK)
    with pytest.raises(CicloError):
        metrics.set_settings(rate=5.0)


@pytest.mark.parametrize(
    ("act", "named"),
    [
        (lambda: metrics.figure("joy", WEEK), "joy"),
        (lambda: metrics.series("errors", WEEK, "decade"), "decade"),
        (lambda: metrics.breakdown("errors", "mood", WEEK), "mood"),
        (lambda: metrics.set_settings(currency="XYZ"), "XYZ"),
        (lambda: metrics.set_settings(rate=-1), "-1"),
        (lambda: metrics.set_settings(targets={"joy": 1}), "joy"),
        (lambda: metrics.set_settings(targets={"errors": "low"}), "low"),
    ],
)
def test_what_cannot_be_is_named(now: None, act: object, named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        act()  # type: ignore[operator]


def test_money_is_told_in_the_reader_s_currency_once_a_rate_is_set(now: None) -> None:
    assert metrics.money(1234.5).split() == ["US$", "1.234,50"]
    metrics.set_settings(rate=5.4)
    assert metrics.money(10).split() == ["R$", "54,00"]


def test_a_setting_changes_and_the_others_stay(now: None) -> None:
    metrics.set_settings(rate=5.4, targets={"errors": 0.05})
    held = metrics.set_settings(silence_minutes=10)
    assert (held.rate, held.silence_minutes, held.targets["errors"]) == (5.4, 10, 0.05)
    assert held.targets["satisfaction"] == 0.85


def test_no_more_is_kept_than_there_is_room_for(now: None) -> None:
    for n in range(kept.MOST + 5):
        kept.kept(("n", n), lambda: 1)
    assert len(kept._answers) == kept.MOST


def test_a_count_of_few_is_exact_and_not_thin(now: None) -> None:
    talk(assistant(), {"up": 1})
    assert not metrics.figure("answers", WEEK).thin
    assert metrics.figure("satisfaction", WEEK).thin


def test_a_number_in_a_file_is_written_as_the_reader_s_spreadsheet_reads_it() -> None:
    for language, written in (("pt-BR", "0,25"), ("en", "0.25")):
        with i18n.speaking(language):
            assert exporting.plain(0.25) == written
