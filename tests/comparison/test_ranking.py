"""The ranking: known strengths come out of the votes, and it says what it cannot tell."""

import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

import pytest

from core import clock, comparison, db, i18n
from core.comparison import ranking, rankings_by_topic
from core.comparison.ranking import Cast, Ranked, _ranked, called
from core.comparison.ranking_saying import sentences
from core.db.tables import Version
from core.errors import InvalidInput
from tests.comparison.voting import House, cast, compared, house, reviewer


@pytest.fixture
def shop(home: Path) -> House:
    return house()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with i18n.speaking("en"):
        yield


@pytest.fixture
def same_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ids of every run are the same, and with them the sides that are dealt."""
    draw = random.Random(1)
    monkeypatch.setattr("core.db.tables.base.uuid4", lambda: UUID(int=draw.getrandbits(128)))


def said(
    draw: random.Random, left: float, right: float, place: float = 0.0, tie: float = 0.6
) -> str:
    """What a voter says of two strengths by Davidson's model; ``place`` is what standing left adds."""
    gap = left - right + place
    weights = (math.exp(gap / 2), math.exp(-gap / 2), tie)
    return draw.choices(("left", "right", "tie"), weights)[0]


def votes(
    of: House, strengths: Sequence[float], n: int, *, voters: int = 12, place: float = 0.0
) -> list[Cast]:
    """Votes of simulated people on pairs of versions, sides drawn."""
    draw, ids = random.Random(7), [one.id for one in of.versions]
    made = []
    for k in range(n):
        one, other = draw.sample(range(len(strengths)), 2)
        told = said(draw, strengths[one], strengths[other], place)
        who = f"p{k % voters}"
        made.append(Cast(who, f"q{k}", "", ids[one], ids[other], told, clock.now(), True, False))
    return made


def ranked(of: House, cast: Sequence[Cast]) -> Ranked:
    return _ranked(of.assistant.id, "", "", cast)


def test_known_strengths_come_back(shop: House) -> None:
    told = ranked(shop, votes(shop, (0.0, 1.0), 300))
    assert [one.version_id for one in told.places] == [shop.versions[1].id, shop.versions[0].id]
    true = 1 / (1 + math.exp(-1))  # of the votes that tell one better
    assert told.places[0].preferred.low <= true <= told.places[0].preferred.high
    assert told.clear
    assert told.enough
    assert told.clustered == "people"


@pytest.mark.prove
def test_strengths_of_simulated_voters_come_back_by_way_of_stored_votes(
    home: Path, same_ids: None
) -> None:
    strengths, place, draw = (0.0, 0.7, -0.8, 1.5), 0.4, random.Random(3)
    shop = house(len(strengths))
    people = [reviewer(f"p{n}") for n in range(12)]
    for k in range(900):
        pair = draw.sample(range(4), 2)
        row = compared(shop, ("sim", "não"), pair=(pair[0], pair[1]))
        who = people[k % 12]
        left = comparison.ballots.left_of(row, who.id)
        first, second = pair if left == "a" else pair[::-1]
        told = said(draw, strengths[first], strengths[second], place)
        side = {"left": left, "right": "b" if left == "a" else "a"}.get(told, told)
        cast(row, who, side)
    found = ranking(shop.assistant.id)
    order = [shop.versions.index(_of(shop, one.version_id)) for one in found.places]
    assert order == [3, 1, 0, 2]
    mean = sum(strengths) / 4
    for one in found.places:
        true = strengths[shop.versions.index(_of(shop, one.version_id))] - mean
        assert one.strength.low <= true <= one.strength.high
    assert found.biased
    assert found.enough
    assert (found.n, found.voters, found.missing) == (900, 12, 0)


def _of(shop: House, version_id: str) -> Version:
    return next(one for one in shop.versions if one.id == version_id)


def test_few_votes_are_too_thin_and_it_says_how_many_are_missing(shop: House) -> None:
    told = ranked(shop, votes(shop, (0.0, 1.0), 20))
    assert told.thin
    assert told.missing == 30
    assert sentences(told)[0] == "Too thin to rank: about 30 more votes are needed."


def test_a_habit_of_pressing_left_is_told_and_helps_no_version(shop: House) -> None:
    told = ranked(shop, votes(shop, (0.0, 0.0), 400, place=1.2))
    assert told.biased
    assert told.left
    assert told.left.low > 0.5
    assert not told.clear
    assert any("left" in one for one in sentences(told))
    even = ranked(shop, votes(shop, (0.0, 0.0), 400))
    assert not even.biased


@pytest.mark.slow
def test_one_eager_voter_is_told_and_makes_no_interval_narrow(shop: House) -> None:
    some = votes(shop, (0.0, 0.5), 120, voters=1)
    told = ranked(shop, some)
    assert (told.voters, told.most) == (1, 120)
    assert any("one person" in one for one in sentences(told))
    eager = [*some, *(one._replace(person="p2") for one in some[:10])]
    assert any("One person cast 92% of them" in one for one in sentences(ranked(shop, eager)))
    again = [one._replace(person=f"p{n}") for n in range(8) for one in some[:40]]
    few, many = ranked(shop, some[:40]), ranked(shop, again)
    assert many.clustered == "questions"  # eight who say the same of the same question say it once
    width = [one.places[0].preferred.high - one.places[0].preferred.low for one in (few, many)]
    assert width[1] > width[0] * 0.8


def test_the_sign_test_counts_each_question_once(shop: House) -> None:
    some = votes(shop, (0.0, 9.0), 40)
    told = ranked(shop, [*some, *(one._replace(person="again") for one in some)])
    assert told.sign
    assert told.sign.wins + told.sign.losses <= 40
    assert told.sign.better == shop.versions[1].id
    assert told.sign.p < 0.01
    assert any("valid however often one looks" in one for one in sentences(told))


def test_a_question_with_opposite_votes_is_a_draw(shop: House) -> None:
    ids = [one.id for one in shop.versions]
    first = Cast("p1", "q1", "", ids[0], ids[1], "left", clock.now(), True, False)
    other = first._replace(person="p2", said="right")
    assert ranked(shop, [first, other, first._replace(question="q2", said="tie")]).sign is None
    sign = ranked(shop, [first, other, other._replace(question="q2")]).sign
    assert sign
    assert (sign.better, sign.wins, sign.losses, sign.draws) == (ids[1], 1, 0, 1)
    told = sentences(ranked(shop, [first, other, other._replace(question="q2")]))
    assert "1 question with opposite votes counts as a draw." in told


def test_both_bad_says_nothing_of_which_is_better(shop: House) -> None:
    some = votes(shop, (0.0, 1.0), 60)
    bad = [one._replace(said="bad", question=f"b{n}") for n, one in enumerate(some[:20])]
    one, other = ranked(shop, some), ranked(shop, [*some, *bad])
    assert one.places[0].strength.value == pytest.approx(other.places[0].strength.value)
    assert other.bad
    assert other.bad.share == 0.25


def test_only_bad_votes_rank_nobody(shop: House) -> None:
    cast(compared(shop), reviewer("Ana"), "bad")
    told = ranking(shop.assistant.id)
    assert (told.n, told.places, told.enough) == (1, (), False)
    assert sentences(told)[0] == "No vote says yet which version is better."


def test_no_votes_say_nothing(shop: House) -> None:
    told = ranking(shop.assistant.id)
    assert (told.n, told.places, told.bad, told.left) == (0, (), None, None)
    assert sentences(told) == []


def test_votes_of_who_knew_and_on_what_was_learned_are_left_out_and_told(shop: House) -> None:
    ana = reviewer("Ana")
    cast(compared(shop), ana, "a")
    cast(compared(shop), ana, "b", blind=False)
    learned = compared(shop)
    cast(learned, ana, "b")
    with db.writing() as session:
        session.get_one(type(learned), learned.id).learned = "b"
    told = ranking(shop.assistant.id)
    assert (told.n, told.knowing, told.learned) == (1, 1, 1)


def test_votes_count_for_the_version_wherever_it_stood(shop: House) -> None:
    people = [reviewer(f"p{n}") for n in range(4)]
    for n, who in enumerate(people):
        pair = (0, 1) if n % 2 else (1, 0)
        cast(compared(shop, pair=pair), who, "b" if n % 2 else "a")
    told = ranking(shop.assistant.id)
    assert [(one.version_id, one.wins) for one in told.places] == [
        (shop.versions[1].id, 4),
        (shop.versions[0].id, 0),
    ]


def test_each_topic_has_a_ranking_of_its_own(shop: House) -> None:
    ana = reviewer("Ana")
    for topic in ("Trocas", "Trocas", "Horários", ""):
        cast(compared(shop, topic=topic), ana, "b")
    told = rankings_by_topic(shop.assistant.id)
    assert [(one.topic, one.n) for one in told] == [("Trocas", 2), ("Horários", 1)]
    assert ranking(shop.assistant.id, "Horários").n == 1


def test_another_assistants_votes_have_no_say(shop: House) -> None:
    cast(compared(house(name="Outra")), reviewer("Ana"), "b")
    assert ranking(shop.assistant.id).n == 0


def test_a_source_there_is_not_is_refused(shop: House) -> None:
    with pytest.raises(InvalidInput, match="web"):
        ranking(shop.assistant.id, source="web")


def test_versions_are_called_by_number_standing_and_engine(shop: House) -> None:
    names = called(shop.assistant.id)
    assert names[shop.versions[0].id].startswith("version 1 (champion) · Ciclo’s own engine")


def test_removed_comparisons_take_their_votes_along(shop: House) -> None:
    row = compared(shop)
    cast(row, reviewer("Ana"), "b")
    comparison.remove(row.id)
    assert ranking(shop.assistant.id).n == 0
