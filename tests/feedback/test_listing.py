"""What people said, listed in pages, counted and exported; a request with a key done once."""

import csv
import io
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from core import assistants, chat, clock, db, feedback, i18n
from core.db.tables import Assistant, Feedback, IdempotencyKey
from core.errors import Conflict, InvalidInput
from core.feedback import RATINGS, Saying, Wanted, exporting
from core.i18n import sheets
from tests.conftest import ENGINES

both = pytest.mark.parametrize("engine", ENGINES)
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def shop(home: object) -> Assistant:
    return assistants.create("Loja")


@pytest.fixture
def answer(shop: Assistant) -> chat.Answer:
    return chat.ask("Que horas abre?", assistant=shop.id)


def _of_all_kinds(answer: chat.Answer, user: str, at: datetime = AT) -> None:
    who = {"person_id": None, "user_id": user, "created_at": at}
    feedback.give(answer.message.id, "down", reasons=["tone", "slow"], comment="Péssimo", **who)  # type: ignore[arg-type]
    feedback.flag(answer.message.id, "tone", channel="site", **who)  # type: ignore[arg-type]
    feedback.rate_conversation(answer.conversation.id, stars=2, solved=False, **who)  # type: ignore[arg-type]


@pytest.mark.slow
@both
@pytest.mark.parametrize("limit", [1, 2, 5, 100])
def test_pages_miss_nothing_and_repeat_nothing_where_moments_are_equal(
    answer: chat.Answer, limit: int
) -> None:
    for n in range(4):
        _of_all_kinds(answer, f"u{n}", AT + timedelta(days=n // 2))
    seen, after = [], None
    while rows := feedback.listing(limit=limit, after=after):
        seen += rows
        after = rows[-1].created_at, rows[-1].id
    assert len({row.id for row in seen}) == len(seen) == 12
    assert seen == sorted(seen, key=lambda row: (row.created_at, row.id), reverse=True)


@pytest.mark.slow
@both
def test_each_filter_finds_its_own(answer: chat.Answer, shop: Assistant) -> None:
    _of_all_kinds(answer, "u")
    version = answer.message.version_id
    found = {
        "all": Wanted(),
        "down": Wanted(rating="down"),
        "up": Wanted(rating="up"),
        "problem": Wanted(rating="problem"),
        "2": Wanted(rating="2"),
        "not_solved": Wanted(rating="not_solved"),
        "tone": Wanted(reason="tone"),
        "slow": Wanted(reason="slow"),
        "site": Wanted(channel="site"),
        "words": Wanted(text="péssimo".upper()[:1] + "éssimo"),
        "question": Wanted(text="horas"),
        "%": Wanted(text="%"),
        "assistant": Wanted(assistant_id=shop.id),
        "nobody": Wanted(assistant_id="x"),
        "version": Wanted(version_id=version),
        "cites nothing": Wanted(topic=""),
        "before": Wanted(until=AT),
        "since": Wanted(since=AT, until=AT + timedelta(seconds=1)),
        "sample": Wanted(sample=True),
        "real": Wanted(sample=False),
    }
    assert {name: len(feedback.listing(wanted)) for name, wanted in found.items()} == {
        **{"all": 3, "down": 1, "up": 0, "problem": 1, "2": 1, "not_solved": 1, "tone": 2},
        **{"slow": 1, "site": 1, "words": 1, "question": 3, "%": 0, "assistant": 3, "nobody": 0},
        **{"version": 3, "cites nothing": 3, "before": 0, "since": 3, "sample": 0, "real": 3},
    }


@pytest.mark.slow
@both
@pytest.mark.parametrize("by", feedback.BY)
def test_counts_agree_with_the_list_whatever_is_wanted(answer: chat.Answer, by: str) -> None:
    for n in range(3):
        _of_all_kinds(answer, f"u{n}", AT + timedelta(days=n))
    for rating in (None, *RATINGS):
        wanted = Wanted(rating=rating)
        counted = feedback.total(feedback.counts(by, wanted))
        rows = feedback.listing(wanted)
        thumbs = sum(row.kind == "rating" for row in rows)
        assert counted.down == (2 * thumbs if by == "reason" else thumbs)  # two reasons each
        assert counted.problems == sum(row.kind == "problem" for row in rows)
        stars = sum(row.stars or 0 for row in rows)
        assert counted.stars == (0 if by == "reason" else stars)


@both
@pytest.mark.parametrize(
    ("zone", "day"),
    [("America/Sao_Paulo", "2026-11-19"), ("Asia/Kolkata", "2026-11-20"), ("UTC", "2026-11-20")],
)
def test_a_day_is_one_of_the_reader_s_zone(answer: chat.Answer, zone: str, day: str) -> None:
    at = datetime(2026, 11, 20, 2, 45, tzinfo=UTC)
    feedback.give(answer.message.id, "up", person_id=None, user_id="u", created_at=at)
    assert [one.key for one in feedback.counts("day", zone=ZoneInfo(zone))] == [day]
    late = datetime(2026, 11, 20, 18, 35, tzinfo=UTC)  # the 21st, five minutes past midnight
    feedback.give(answer.message.id, "up", person_id=None, user_id="v", created_at=late)
    told = [one.key for one in feedback.counts("day", zone=ZoneInfo("Asia/Kolkata"))]
    assert told == ["2026-11-20", "2026-11-21"]


@both
def test_what_belongs_to_a_removed_conversation_is_nowhere(answer: chat.Answer) -> None:
    _of_all_kinds(answer, "u")
    chat.remove(answer.conversation.id)
    assert feedback.listing() == []
    assert [feedback.counts(by) for by in feedback.BY] == [[]] * 5
    assert "".join(feedback.export("jsonl")) == ""


@given(st.text(max_size=30))
def test_no_cell_is_a_formula_and_every_cell_reads_back(text: str) -> None:
    cell = sheets.safe(text)
    assert not cell.startswith(sheets.FORMULA)
    assert cell.removeprefix("'") in (text.replace("\x00", ""), text.replace("\x00", "")[1:])
    (row,) = csv.reader(io.StringIO(sheets.lines([[cell, "x"]]), newline=""), delimiter=";")
    assert row == [cell, "x"]


@pytest.mark.slow
def test_both_files_hold_every_row_of_every_page(
    answer: chat.Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 4)
    for n in range(5):
        _of_all_kinds(answer, f"u{n}")
    lines = "".join(feedback.export("jsonl")).splitlines()
    assert [json.loads(line)["id"] for line in lines] == [row.id for row in feedback.listing()]
    for language, separator in (("pt-BR", ";"), ("en", ",")):
        with i18n.speaking(language):
            text = "".join(feedback.export("csv")).removeprefix("\ufeff")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
        assert {len(row) for row in rows} == {17}
        assert len(rows) == 16
    with pytest.raises(InvalidInput):
        feedback.export("xlsx")


def test_a_page_of_the_list_is_read_by_sqlite_in_order_and_no_table_sorted(home: object) -> None:
    plans: list[str] = []

    def note(connection: object, cursor: object, statement: str, values: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            plain = db.engine().raw_connection()
            rows = plain.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.append(" | ".join(str(row[3]) for row in rows))
            plain.close()

    event.listen(db.engine(), "before_cursor_execute", note)
    feedback.listing(Wanted(assistant_id="a", version_id="v", text="x"), after=(AT, "i"))
    first = [plan for plan in plans if "created_at" in plan]
    assert len(first) == 3
    assert [plan for plan in first if "ORDER BY" in plan and "LAST TERM" not in plan
            and "RIGHT PART" not in plan] == []  # fmt: skip


@both
def test_the_same_key_at_the_same_moment_is_done_once(answer: chat.Answer) -> None:
    said = Saying(answer.message.id, rating="up", user_id="55")
    told: list[tuple[feedback.Told, bool]] = []
    askers = [
        threading.Thread(target=lambda: told.append(feedback.say(said, person_id=None, key="k")))
        for _ in range(8)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert sorted(again for _told, again in told) == [False] + [True] * 7
    assert len({one.id for one, _again in told}) == 1
    with db.session() as session:
        assert session.scalar(select(func.count()).select_from(Feedback)) == 1


@both
def test_a_key_is_of_one_person_and_of_one_request(answer: chat.Answer) -> None:
    feedback.say(Saying(answer.message.id, rating="up", user_id="5"), person_id="a", key="k")
    _told, again = feedback.say(
        Saying(answer.message.id, rating="up", user_id="5"), person_id="b", key="k"
    )
    assert not again
    with pytest.raises(Conflict):
        feedback.say(Saying(answer.message.id, rating="down", user_id="5"), person_id="a", key="k")


@both
def test_old_keys_are_swept_and_young_ones_stay(answer: chat.Answer) -> None:
    said = Saying(answer.message.id, rating="up", user_id="5")
    feedback.say(said, person_id=None, key="old")
    with clock.held(clock.now() + timedelta(days=8)):
        feedback.say(said, person_id=None, key="young")
        assert feedback.sweep_keys() == 1
    with db.session() as session:
        assert session.scalars(select(IdempotencyKey.key)).all() == ["young"]
