"""The random share is drawn before anything else, and by nothing that is known of a conversation."""

from hypothesis import given
from hypothesis import strategies as some

from core.annotation import rules
from core.annotation.hits import Hit, Hits
from core.annotation.rules import Rule
from core.annotation.selecting import choose, complaint, draw, drawn

IDS = [f"conversation {n}" for n in range(4_000)]
RULES = rules.usual()


def test_the_draw_is_even_and_about_the_share() -> None:
    assert 340 <= len(drawn("queue", RULES, IDS)) <= 460  # 400 ± 3 standard errors


def test_queues_draw_apart() -> None:
    both = drawn("queue", RULES, IDS).keys() & drawn("another", RULES, IDS).keys()
    assert len(both) < 80  # 40 expected


@given(some.text(max_size=40), some.text(max_size=40))
def test_a_draw_is_a_share_and_always_the_same(queue: str, talk: str) -> None:
    assert 0 <= draw(queue, talk) < 1
    assert draw(queue, talk) == draw(queue, talk)


@given(some.floats(0.001, 1), some.floats(0.001, 1))
def test_a_larger_share_holds_the_smaller_one(one: float, other: float) -> None:
    small, large = (
        drawn("q", [Rule("random", True, 1, share)], IDS[:200]) for share in sorted((one, other))
    )
    assert small.keys() <= large.keys()


@given(some.sets(some.sampled_from(IDS[:300])))
def test_what_the_rules_take_changes_nothing_in_who_is_drawn(taken: set[str]) -> None:
    found: dict[str, Hits] = {"flagged": {one: Hit({"problem": "tone"}) for one in taken}}
    chosen = choose("q", RULES, IDS[:300], found)
    protected = [one.conversation_id for one in chosen if one.protected]
    assert protected == [one.conversation_id for one in choose("q", RULES, IDS[:300], {})]
    assert {one.conversation_id for one in chosen} == taken | set(protected)
    assert len(chosen) == len({one.conversation_id for one in chosen})


def test_a_drawn_one_waits_for_that_reason_alone() -> None:
    one = next(iter(drawn("q", RULES, IDS)))
    (chosen,) = choose("q", RULES, [one], {"flagged": {one: Hit({"problem": "tone"}, "m")}})
    assert (chosen.protected, chosen.pointed) == (True, "")
    assert chosen.reasons == [{"name": "random", "weight": 4}]


def test_the_priority_is_the_sum_of_the_reasons_and_the_heaviest_comes_first() -> None:
    off = rules.checked([{"name": "stars"}, {"name": "flagged"}, {"name": "long"}])
    found = {
        "long": {"a": Hit({"messages": 12})},
        "stars": {"a": Hit({"stars": 1})},
        "flagged": {"a": Hit({"problem": "wrong_fact"}, "m")},
    }
    (chosen,) = choose("q", off, ["a", "b"], found)
    assert [reason["name"] for reason in chosen.reasons] == ["flagged", "stars", "long"]
    assert (chosen.priority, chosen.pointed) == (10, "m")


def test_only_a_complaint_of_another_answer_brings_a_judged_conversation_back() -> None:
    found = {"long": {"a": Hit({"messages": 12})}, "flagged": {"a": Hit({"problem": "x"}, "m")}}
    assert complaint(RULES, "a", found, {"m"}) is None
    assert complaint(RULES, "b", found, set()) is None
    assert [one["name"] for one in complaint(RULES, "a", found, set()).reasons] == ["flagged"]
