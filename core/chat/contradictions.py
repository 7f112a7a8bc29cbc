"""Whether sentences of a document speak against a claim whose words they all hold.

In: a claim and the claims of one to three sentences. Out: what is said otherwise there: a number
or a name that belongs to something else, or a denial on one side only. Always holds: where the
wording leaves it open, nothing is said against. Pure.
"""

from collections.abc import Sequence

from core.chat.claims import VERB, Claim, Clause, Name
from core.chat.numbers import Number


def misplaced_number(claim: Claim, names: Sequence[Name], own: Sequence[Clause]) -> Number | None:
    """A number of ``claim`` that ``own`` gives to something else, as they give another to this.

    "Basic costs 99" beside "Pro costs 99; Basic costs 49".
    """
    named = frozenset(idea for name in names for idea in name.ideas)
    for clause in claim.clauses:
        for number in clause.numbers:
            if _is_anothers(number, clause, claim, own, named):
                return number
    return None


def replaced_name(claim: Claim, names: Sequence[Name], own: Sequence[Claim]) -> Name | None:
    """One of ``names`` for which the sentence nearest to ``claim`` has another name."""
    if not names:
        return None
    nearest = _nearest(claim, names, own)
    told = frozenset(word for name in names for word in name.words)
    others = [other for other in nearest.names if other.sure and not other.words & told]
    for name in names:
        if not name.words & nearest.words and any(_takes_its_place(o, name) for o in others):
            return name
    return None


def denied(claim: Claim, own: Sequence[Clause]) -> bool:
    """Whether ``own`` deny what ``claim`` affirms, or affirm what it denies."""
    return any(_contradicts(clause, own) for clause in claim.clauses)


def _is_anothers(
    number: Number, clause: Clause, claim: Claim, own: Sequence[Clause], named: frozenset[str]
) -> bool:
    carriers = [other for other in own if any(number.matches(n) for n in other.numbers)]
    rivals = [
        other
        for other in own
        if any(n.kinds & number.kinds for n in other.numbers)
        and not any(n.matches(m) for n in other.numbers for m in claim.numbers)
    ]
    return any(all(_fits_better(clause, r, c, named) for c in carriers) for r in rivals)


def _fits_better(clause: Clause, rival: Clause, carrier: Clause, named: frozenset[str]) -> bool:
    """Whether the rival shares with the clause what tells things apart, and the carrier does not."""
    ideas = clause.signs.keys()
    more = (ideas & rival.signs.keys()) - carrier.signs.keys()
    less = (ideas & carrier.signs.keys()) - rival.signs.keys()
    days_more = bool(clause.days & rival.days) and not clause.days & carrier.days
    days_less = bool(clause.days & carrier.days) and not clause.days & rival.days
    if days_less or less & named:
        return False
    return days_more or bool(more & named) or bool(more and (rival.short or not less))


def _nearest(claim: Claim, names: Sequence[Name], own: Sequence[Claim]) -> Claim:
    """The sentence that holds most of the claim, its names left aside."""
    ideas = claim.ideas - {idea for name in names for idea in name.ideas}

    def held(other: Claim) -> int:
        numbers = sum(any(a.matches(b) for b in other.numbers) for a in claim.numbers)
        return numbers + len(ideas & {name for clause in other.clauses for name in clause.signs})

    return max(own, key=held)


def _takes_its_place(other: Name, name: Name) -> bool:
    """As the subject that opens the sentence, or behind the same word."""
    opens = not other.before and not name.common
    return other.common == name.common and (opens or other.before == name.before)


def _contradicts(clause: Clause, own: Sequence[Clause]) -> bool:
    likeness = [_likeness(clause, other) for other in own]
    if not any(likeness):
        return False
    best = own[likeness.index(max(likeness))]
    if not clause.denies:
        return any(sign > 0 and _sign(name, best, own) < 0 for name, sign in clause.signs.items())
    if _denies_more(best, clause):
        return True
    if best.denies or any(other.denied.keys() & clause.signs.keys() for other in own):
        return False
    return any(best.signs.get(name, 0) > 0 for name in clause.denied)


def _denies_more(best: Clause, clause: Clause) -> bool:
    """Both hold the same denying word, and ``best`` denies its verb besides.

    "The exemption is automatic" beside "The exemption is not automatic".
    """
    if VERB in clause.denied.values():
        return False
    agreed = all(best.denied.get(name) == how for name, how in clause.denied.items())
    affirmed = {name for name, sign in clause.signs.items() if sign > 0}
    return agreed and any(best.denied.get(name) == VERB for name in affirmed)


def _likeness(clause: Clause, other: Clause) -> int:
    """How much two clauses speak of the same thing; days and numbers tell more than words."""
    numbers = sum(any(a.matches(b) for b in other.numbers) for a in clause.numbers)
    shared = len(clause.signs.keys() & other.signs.keys())
    return shared + 2 * (len(clause.days & other.days) + numbers)


def _sign(name: str, best: Clause, own: Sequence[Clause]) -> int:
    """How the nearest clause takes an idea, or else those that deny something."""
    if name in best.signs:
        return best.signs[name]
    signs = [other.signs[name] for other in own if name in other.signs]
    return max(signs) if signs and any(name in other.denied for other in own) else 0
