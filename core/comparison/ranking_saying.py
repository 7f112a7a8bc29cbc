"""A ranking of versions in sentences, the same ones on the page, by the API and at the command line.

In: a ``Ranked``. Out: plain text in the reader's language. Always holds: where it is too thin to rank,
that is said first, with what is missing.
"""

from collections.abc import Iterator

from core.comparison.ranking import Ranked, Sign
from core.i18n import N_, _, ngettext, number, percent
from core.statistics import Interval, Share

EAGER = 0.5  # of the votes: from here on one person's taste outweighs all others together
SURE = 0.05
TINY = 0.001
SOURCES = {
    "": N_("Blind votes"),
    "run": N_("Blind votes on runs"),
    "hand": N_("Blind votes on questions by hand"),
    "chat": N_("Votes out of chat (not blind)"),
}
THIN = {
    "disconnected": N_(
        "Some versions were never compared with the others, not even by way of a third."
    ),
    "order": N_(
        "Two versions always stood in the same order, so that place and worth cannot be told apart."
    ),
}


def sentences(told: Ranked) -> list[str]:
    """Everything that a reader should know of it, the verdict first."""
    if not told.n:
        return list(_left_out(told))
    said = [_verdict(told), *_thin(told), _who(told)]
    more = [*_sign(told), *_both_bad(told), *_bias(told), *_asked_again(told)]
    return [*said, *more, *_left_out(told)]


def interval(one: Interval | Share) -> str:
    """A share with its interval: "62% [51%, 72%]"."""
    value, low, high = one[:3]
    return f"{percent(value)} [{percent(low)}, {percent(high)}]"


def _verdict(told: Ranked) -> str:
    if not told.places:
        return _("No vote says yet which version is better.")
    first = told.places[0]
    if told.missing and not told.enough:
        said = ngettext(
            "Too thin to rank: about {n} more vote is needed.",
            "Too thin to rank: about {n} more votes are needed.",
            told.missing,
        )
        return said.format(n=number(told.missing))
    if not told.enough:
        return _("These votes do not tell an order.")
    if told.clear:
        said = _("{name} is ahead: preferred in {share} of the votes that tell one better.")
        whole = said.format(name=first.name, share=interval(first.preferred))
        return whole[:1].upper() + whole[1:]
    return _("No version is surely ahead.")


def _thin(told: Ranked) -> Iterator[str]:
    yield from (_(THIN[why]) for why in told.thin if why in THIN)


def _who(told: Ranked) -> str:
    votes = ngettext("{n} vote", "{n} votes", told.n).format(n=number(told.n))
    people = ngettext("{n} person", "{n} people", told.voters).format(n=number(told.voters))
    asked = ngettext("{n} question", "{n} questions", told.questions)
    said = _("{votes} by {people} on {questions}.").format(
        votes=votes, people=people, questions=asked.format(n=number(told.questions))
    )
    return " ".join([said, *_eager(told)])


def _eager(told: Ranked) -> Iterator[str]:
    if told.voters == 1 and told.n > 1:
        yield _("All are one person’s: this is their taste, let others vote, too.")
    elif told.voters > 1 and told.most > EAGER * told.n:
        share = percent(told.most / told.n)
        yield _("One person cast {share} of them: let others vote, too.").format(share=share)


def _sign(told: Ranked) -> Iterator[str]:
    if told.sign is None:
        return
    names = {one.version_id: one.name for one in told.places}
    one = told.sign
    said = _("Counting each question once, {name} was better in {k} of {n}").format(
        name=names[one.better], k=number(one.wins), n=number(one.wins + one.losses)
    )
    sure = (
        _("more than chance alone explains") if one.p <= SURE else _("chance alone may explain it")
    )
    yield _("{said}: {sure} ({p}, valid however often one looks).").format(
        said=said, sure=sure, p=p_value(one)
    )
    if one.draws:
        drawn = ngettext(
            "{n} question with opposite votes counts as a draw.",
            "{n} questions with opposite votes count as draws.",
            one.draws,
        )
        yield drawn.format(n=number(one.draws))


def p_value(one: Sign) -> str:
    """As "p = 0.03"."""
    return (
        f"p < {number(TINY, 3)}"
        if one.p < TINY
        else f"p = {number(one.p, 3 if one.p < 0.1 else 2)}"
    )


def _both_bad(told: Ranked) -> Iterator[str]:
    if told.bad and told.bad.share:
        yield _("Both were told bad in {share} of the votes.").format(share=interval(told.bad))


def _bias(told: Ranked) -> Iterator[str]:
    if told.left is None or not told.biased:
        return
    if told.left.share > 0.5:
        said = _(
            "Voters favour the left answer: {share} of the votes that tell one better went to it."
        )
    else:
        said = _(
            "Voters favour the right answer: only {share} of the votes that tell one better went to the left one."
        )
    after = _("Sides are drawn and the ranking takes it out, so that it helps no version.")
    yield f"{said.format(share=interval(told.left))} {after}"


def _asked_again(told: Ranked) -> Iterator[str]:
    if told.source == "chat":
        yield _(
            "Who asks again often disliked the first answer, so these votes favour the later one."
        )


def _left_out(told: Ranked) -> Iterator[str]:
    if told.knowing:
        said = ngettext(
            "{n} vote by somebody who knew whose the answers were counts apart.",
            "{n} votes by people who knew whose the answers were count apart.",
            told.knowing,
        )
        yield said.format(n=number(told.knowing))
    if told.learned:
        said = ngettext(
            "{n} vote on a question that a version learned from is left out.",
            "{n} votes on questions that a version learned from are left out.",
            told.learned,
        )
        yield said.format(n=number(told.learned))
