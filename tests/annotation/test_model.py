"""Whatever reviewers do in whatever order, the queue does what a few lines of plain Python say.

A model of one queue beside the real one: after every step both tell the same of every seat, and
every call that one refuses the other refuses too.
"""

import itertools
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from core import access, annotation, assistants, clock, db
from core.annotation import Judged
from core.db.tables import Item, Judgement, Seat
from core.errors import Conflict
from tests.annotation.conftest import conversations

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
LEASE = 100
MOMENT = 1 / 64  # seconds, exact in microseconds: nobody judges twice at one moment
LONG = 200 if os.environ.get("CICLO_PROVE") == "1" else 20
NUMBERS = itertools.count()
PEOPLE, ITEMS = 4, 3
REVIEWERS = st.sampled_from([f"Pessoa {n}" for n in range(PEOPLE)])


@dataclass
class Place:
    """A seat as the model knows it."""

    state: str = "open"
    person: str = ""
    token: int = 0
    until: float = 0.0

    def leave(self) -> None:
        """Nobody's any more."""
        self.state, self.person, self.until = "open", "", 0.0

    def sit(self, person: str, until: float) -> None:
        """Somebody's from now on."""
        self.state, self.person, self.until = "held", person, until
        self.token += 1


@dataclass
class Told:
    """A claim as a reviewer was told of it."""

    item: int
    place: int
    token: int
    item_id: str
    claim_token: str
    person: str


@dataclass
class Model:
    """The queue in plain Python: items of seats, and who has passed on what."""

    seats: list[list[Place]]
    passed_on: set[tuple[str, int]] = field(default_factory=set)
    later: dict[tuple[str, int], float] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    decided: set[int] = field(default_factory=set)
    last: list[tuple[str, int, int, float]] = field(default_factory=list)
    now: float = 0.0

    def held_by(self, person: str) -> tuple[int, int] | None:
        """Where somebody sits."""
        for item, places in enumerate(self.seats):
            for place, seat in enumerate(places):
                if seat.state == "held" and seat.person == person:
                    return item, place
        return None

    def free(self, person: str) -> tuple[int, int] | None:
        """The first seat that somebody might take."""
        for item, places in enumerate(self.seats):
            sat = any(seat.person == person for seat in places)
            later = self.later.get((person, item), 0.0) > self.now
            if sat or later or (person, item) in self.passed_on or item in self.removed:
                continue
            for place, seat in enumerate(places):
                lapsed = seat.state == "held" and seat.until <= self.now
                if seat.state == "open" or lapsed:
                    return item, place
        return None

    def good(self, told: Told) -> bool:
        """Whether a claim is still the newest on its seat, and not used up."""
        seat = self.seats[told.item][told.place]
        return seat.state == "held" and seat.token == told.token

    def state(self, item: int) -> str:
        """What the item is, by its seats."""
        if item in self.removed:
            return "removed"
        return "done" if all(seat.state == "judged" for seat in self.seats[item]) else "pending"


class Reviewing(RuleBasedStateMachine):
    """Reviewers, one queue, and time that passes."""

    claims = Bundle("claims")

    @initialize(per_item=st.integers(1, 3))
    def begin(self, per_item: int) -> None:
        self.stack = ExitStack()
        self.stack.enter_context(clock.held(lambda: START + timedelta(seconds=self.model.now)))
        self.model = Model([[Place() for _p in range(per_item)] for _i in range(ITEMS)])
        self.ids = {f"Pessoa {n}": access.person(f"Pessoa {n}").id for n in range(PEOPLE)}
        self.names = {id_: name for name, id_ in self.ids.items()}
        assistant = assistants.create(f"Loja {next(NUMBERS)}")
        self.queue = annotation.create_queue(
            assistant.id, "Fila", reviewers_per_item=per_item, lease_seconds=LEASE
        )
        annotation.add(self.queue.id, conversations(assistant.id, ITEMS))
        self.items = [row.id for row in annotation.items(self.queue.id)]

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    def told(self, claim: annotation.Claim, person: str) -> Told:
        """The claim, checked against where the model says it must be."""
        at = self.model.held_by(person)
        assert at, "the model knows of no claim"
        seat = self.model.seats[at[0]][at[1]]
        assert (claim.item.id, claim.token) == (self.items[at[0]], seat.token)
        return Told(at[0], at[1], claim.token, claim.item.id, claim.claim_token, person)

    @rule(target=claims, person=REVIEWERS)
    def claim_next(self, person: str) -> Any:
        model = self.model
        at = model.held_by(person)
        if at:
            model.seats[at[0]][at[1]].until = model.now + LEASE
        elif free := model.free(person):
            model.seats[free[0]][free[1]].sit(person, model.now + LEASE)
        claim = annotation.claim_next(self.queue.id, self.ids[person])
        if claim is None:
            assert model.held_by(person) is None
            return Told(0, 0, -1, self.items[0], "0.0", person)
        return self.told(claim, person)

    @rule(target=claims, person=REVIEWERS, item=st.integers(0, ITEMS - 1))
    def follow_a_link(self, person: str, item: int) -> Any:
        model = self.model
        mine = [seat for seat in model.seats[item] if seat.person == person]
        free = [s for s in model.seats[item] if s.state == "open" or self.lapsed(s)]
        nothing = Told(0, 0, -1, self.items[0], "0.0", person)
        possible = item not in model.removed and (mine[0].state == "held" if mine else bool(free))
        if not possible:
            with pytest.raises(Conflict):
                annotation.claim(self.items[item], self.ids[person])
            return nothing
        if mine:
            mine[0].until = model.now + LEASE
        else:
            if at := model.held_by(person):
                model.seats[at[0]][at[1]].leave()
            free = [s for s in model.seats[item] if s.state == "open" or self.lapsed(s)]
            free[0].sit(person, model.now + LEASE)
            model.passed_on.discard((person, item))
            model.later.pop((person, item), None)
        return self.told(annotation.claim(self.items[item], self.ids[person]), person)

    def lapsed(self, seat: Place) -> bool:
        return seat.state == "held" and seat.until <= self.model.now

    @rule(seconds=st.sampled_from([1, 40, LEASE, LEASE + 1, 1000]))
    def time_passes(self, seconds: int) -> None:
        self.model.now += seconds

    @rule(told=claims)
    def heartbeat(self, told: Told) -> None:
        with self.expected(told):
            annotation.heartbeat(told.item_id, told.claim_token, {"note": "…"})
            self.seat(told).until = self.model.now + LEASE

    @rule(told=claims)
    def release(self, told: Told) -> None:
        with self.expected(told):
            annotation.release(told.item_id, told.claim_token)
            self.seat(told).leave()

    @rule(told=claims)
    def skip(self, told: Told) -> None:
        with self.expected(told):
            annotation.skip(told.item_id, told.claim_token, "não sei")
            self.seat(told).leave()
            self.model.passed_on.add((told.person, told.item))
            self.model.later.pop((told.person, told.item), None)

    @rule(told=claims, minutes=st.sampled_from([1, 10]))
    def postpone(self, told: Told, minutes: int) -> None:
        with self.expected(told):
            annotation.postpone(told.item_id, told.claim_token, minutes)
            self.seat(told).leave()
            self.model.passed_on.discard((told.person, told.item))
            self.model.later[told.person, told.item] = self.model.now + 60 * minutes

    @rule(told=claims, verdict=st.sampled_from(annotation.VERDICTS), twice=st.booleans())
    def submit(self, told: Told, verdict: str, twice: bool) -> None:
        judged = Judged(verdict, correction="Outra." if verdict == "corrected" else "")
        known = self.used(told)
        if known and not self.same(known, judged):
            with pytest.raises(Conflict):
                annotation.submit(told.item_id, told.claim_token, judged)
            return
        if known:
            assert annotation.submit(told.item_id, told.claim_token, judged).id == known.id
            return
        with self.expected(told):
            stored = annotation.submit(told.item_id, told.claim_token, judged)
            seat = self.seat(told)
            seat.state, seat.until = "judged", 0.0
            self.model.last.append((told.person, told.item, told.place, self.model.now))
            self.model.now += MOMENT
            if twice:
                again = annotation.submit(told.item_id, told.claim_token, judged)
                assert again.id == stored.id

    @rule(target=claims, person=REVIEWERS)
    def undo(self, person: str) -> Any:
        model = self.model
        mine = [one for one in model.last if one[0] == person]
        recent = mine[-1] if mine and mine[-1][3] >= model.now - LEASE else None
        if recent is None or recent[1] in model.decided | model.removed:
            with pytest.raises(Conflict):
                annotation.undo(self.ids[person], self.queue.id)
            return Told(0, 0, -1, self.items[0], "0.0", person)
        claim = annotation.undo(self.ids[person], self.queue.id)
        model.last.remove(recent)
        if at := model.held_by(person):
            model.seats[at[0]][at[1]].leave()
        model.seats[recent[1]][recent[2]].sit(person, model.now + LEASE)
        return self.told(claim, person)

    @rule(item=st.integers(0, ITEMS - 1))
    def take_an_item_out(self, item: int) -> None:
        annotation.remove(self.items[item])
        self.model.removed.add(item)
        for seat in self.model.seats[item]:
            if seat.state in ("open", "held"):
                seat.leave()
                seat.state = "closed"

    def used(self, told: Told) -> Judgement | None:
        """What this claim was used for, unless it was undone."""
        seat_id, number = (int(part) for part in told.claim_token.split(".")[:2])
        with db.session() as session:
            return session.scalar(
                select(Judgement).where(
                    Judgement.seat_id == seat_id,
                    Judgement.token == number,
                    Judgement.withdrawn_at.is_(None),
                )
            )

    def same(self, known: Judgement, judged: Judged) -> bool:
        return (known.verdict, known.correction) == (judged.verdict, judged.correction)

    def seat(self, told: Told) -> Place:
        return self.model.seats[told.item][told.place]

    @contextmanager
    def expected(self, told: Told) -> Iterator[None]:
        """Done where the model takes the claim as good, refused where it does not."""
        if self.model.good(told):
            yield
            return
        with pytest.raises(Conflict):
            yield

    @invariant()
    def both_tell_the_same(self) -> None:
        if not hasattr(self, "queue"):
            return
        with db.session() as session:
            seats = session.scalars(
                select(Seat)
                .where(Seat.queue_id == self.queue.id)
                .order_by(Seat.item_number, Seat.place)
            ).all()
            rows = session.scalars(
                select(Item).where(Item.queue_id == self.queue.id).order_by(Item.number)
            ).all()
            valid = session.scalars(
                select(Judgement)
                .join(Item, Item.number == Judgement.item_number)
                .where(Item.queue_id == self.queue.id, Judgement.withdrawn_at.is_(None))
            ).all()
        real = [(s.state, self.names.get(s.person_id or "", ""), s.token) for s in seats]
        plain = [
            (s.state, s.person, s.token) for s in itertools.chain.from_iterable(self.model.seats)
        ]
        assert real == plain
        assert [row.state for row in rows] == [self.model.state(n) for n in range(ITEMS)]
        judged = sorted((s.item_number, s.person_id or "") for s in seats if s.state == "judged")
        assert sorted((j.item_number, j.person_id or "") for j in valid) == judged
        assert len(set(judged)) == len(judged)


@pytest.mark.slow
def test_the_queue_does_what_its_model_does(home: Path) -> None:
    run_state_machine_as_test(Reviewing, settings=settings(max_examples=12, stateful_step_count=30))


@pytest.mark.prove
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_queue_does_what_its_model_does_for_long(home: Path) -> None:
    run_state_machine_as_test(
        Reviewing, settings=settings(max_examples=LONG, stateful_step_count=60)
    )
