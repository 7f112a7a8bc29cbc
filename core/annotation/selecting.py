"""Which conversations come into a queue, and why: pure, from what the rules have found.

In: the rules, the conversations looked at, the hits by rule. Out: ``Chosen``, the drawn ones first.
Always holds: whether a conversation is drawn depends on its id and the queue's alone, not on what
anybody said of it, on when it is looked at or on how many were taken; a drawn one is protected and
waits for this one reason, so that neither its rank nor its reviewer knows what the rules think.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from core.annotation.hits import Hits
from core.annotation.rules import Rule, priority, reason, share

# Whose answer is looked at where several rules point at one: what a person said, then what failed.
POINTING = (
    *("flagged", "negative_rating", "disagreement", "cut_off"),
    *("low_groundedness", "fallback", "slow", "keyword"),
)
COMPLAINTS = ("flagged", "negative_rating")  # what brings a judged conversation back


@dataclass(frozen=True)
class Chosen:
    """A conversation that shall wait. ``pointed`` is the message its rules point at, or ""."""

    conversation_id: str
    reasons: list[dict[str, Any]]
    priority: float
    protected: bool = False
    pointed: str = ""


def draw(queue_id: str, conversation_id: str) -> float:
    """A number from 0 to 1 (not included), the same for ever, even over conversations."""
    digest = blake2b(f"{queue_id}:{conversation_id}".encode(), digest_size=7).digest()
    return int.from_bytes(digest, "big") / 2**56  # 53 bits fit a float exactly; 1.0 is not reached


def drawn(
    queue_id: str, rules: Iterable[Rule], conversation_ids: Iterable[str]
) -> dict[str, float]:
    """{conversation id: its draw} of those in the random share, in the order of the draw."""
    least = share(rules)
    if not least:
        return {}
    found = ((draw(queue_id, one), one) for one in conversation_ids)
    return {one: number for number, one in sorted(pair for pair in found if pair[0] < least)}


def choose(
    queue_id: str, rules: Sequence[Rule], conversation_ids: Sequence[str], found: Mapping[str, Hits]
) -> list[Chosen]:
    """The drawn ones in the order of their draw, then those that rules take, in the order given."""
    random = drawn(queue_id, rules, conversation_ids)
    by_name = {rule.name: rule for rule in rules if rule.on}
    chosen = [_protected(by_name["random"], one) for one in random]
    taken = set().union(*(found[name] for name in by_name if name in found))
    rest = (one for one in conversation_ids if one in taken and one not in random)
    return chosen + [_by_rules(by_name, one, found) for one in rest]


def complaint(rules: Sequence[Rule], talk: str, found: Mapping[str, Hits], judged: set[str]) -> Any:
    """``Chosen`` where somebody complained of an answer that is not yet judged, else None."""
    hits = {
        name: {talk: hit}
        for name in COMPLAINTS
        if (hit := found.get(name, {}).get(talk)) and hit.message_id not in judged
    }
    by_name = {rule.name: rule for rule in rules if rule.on}
    return _by_rules(by_name, talk, hits) if hits else None


def _protected(rule: Rule, conversation_id: str) -> Chosen:
    return Chosen(conversation_id, [reason(rule, {})], rule.weight, protected=True)


def _by_rules(by_name: Mapping[str, Rule], talk: str, found: Mapping[str, Hits]) -> Chosen:
    hits = {name: found[name][talk] for name in by_name if name in found and talk in found[name]}
    reasons = [reason(by_name[name], hit.facts) for name, hit in hits.items()]
    reasons.sort(key=lambda one: -one["weight"])
    pointed = next((hits[name].message_id for name in POINTING if name in hits), "")
    return Chosen(talk, reasons, priority(reasons), pointed=pointed)
