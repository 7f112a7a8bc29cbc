"""``ciclo comparison vote|ranking``: blind votes in the terminal, and the versions by votes."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, Of, document, note, say, table
from core.i18n import N_, _, ngettext, number

if TYPE_CHECKING:
    from core.comparison import Ballot, Ranked, Stream
    from core.comparison.ballots import Sheet

Topic = Annotated[str, typer.Option(help="Only what is about this.")]
PRESSED = {"1": "left", "2": "right", "3": "tie", "0": "tie", "4": "bad"}
HOW = N_("1 or 2: better; 3: equally good; 4: both bad; s: skip; z: undo; q: end")


def add_to(app: typer.Typer) -> None:
    """Hang the commands into ``ciclo comparison``."""
    app.command()(vote)
    app.command()(ranking)


def vote(
    assistant: Of = None,
    topic: Topic = "",
    source: Annotated[str, typer.Option(help="run or hand; else both.")] = "",
) -> None:
    """Vote on one pair of answers after the other; names are told after each vote."""
    terminal.ready()
    from core import assistants, comparison

    of, passed, cast, again = assistants.chosen(assistant).id, set[str](), 0, ""
    while found := _next(again, of, topic, source, passed):
        _show(found)
        again, pressed = "", _asked()
        if pressed == "q":
            break
        if pressed == "s":
            passed.add(found.comparison_id)
        elif pressed == "z":
            again = _undone(of)
        else:
            _vote(found, PRESSED[pressed])
            cast += 1
    _ended(comparison.vote_stream(of, topic, source), cast, len(passed))


def ranking(
    assistant: Of = None,
    topic: Topic = "",
    source: Annotated[
        str, typer.Option(help="hand or run; chat: those of askers, not blind; else blind ones.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Versions by what people voted, with how far it can be trusted."""
    terminal.ready()
    from core import assistants, comparison
    from core.comparison.ranking_saying import sentences

    of = assistants.chosen(assistant).id
    told = comparison.ranking(of, topic or None, source)
    topics = [] if topic else comparison.rankings_by_topic(of, source)
    if as_json:
        document(_plain(told) | {"topics": [_plain(one) for one in topics]})
        return
    for said in sentences(told) or [_("Nobody has voted yet: `ciclo comparison vote` begins.")]:
        say(said)
    if told.places:
        say()
        _table(told)
    for one in topics:
        say()
        say(f"{one.topic}: {sentences(one)[0]}")


def _next(again: str, of: str, topic: str, source: str, passed: set[str]) -> "Ballot | None":
    """The one that was asked for again, else the next one."""
    from core import comparison

    if again:
        return comparison.ballot(again)
    return comparison.next_vote(of, topic, source, passed=passed)


def _show(found: "Ballot") -> None:
    say()
    say(found.question)
    if found.known:
        note(_("You asked this yourself and saw whose answers they are: your vote counts apart."))
    for digit, sheet in (("1", found.left), ("2", found.right)):
        say(f"\n--- {digit}")
        _sheet(sheet)
    say()


def _sheet(sheet: "Sheet") -> None:
    say(sheet.text)
    for text in sheet.related:
        say(f"  · {' '.join(text.split())[:200]}")
    said = ngettext("{n} source", "{n} sources", sheet.sources)
    note(said.format(n=number(sheet.sources)) if sheet.sources else _("no source"))


def _asked() -> str:
    """What was typed, until it is something; the end of the input ends."""
    while True:
        note(_(HOW))
        try:
            typed = input("> ").strip().casefold()
        except EOFError:
            return "q"
        if typed in (*PRESSED, "s", "z", "q"):
            return typed


def _vote(found: "Ballot", choice: str) -> None:
    from core import comparison
    from core.comparison.ranking import name_of

    told = comparison.vote(found.comparison_id, choice, shown_left=found.left.answer_id)
    left, right = name_of(told.left), name_of(told.right)
    say(_("1 was {left}; 2 was {right}.").format(left=left, right=right))


def _undone(assistant_id: str) -> str:
    """The id of the comparison whose vote was taken back; "" where there was none."""
    from core import comparison

    taken = comparison.undo_vote(assistant_id)
    note(_("Your last vote is taken back.") if taken else _("You have no vote to take back."))
    return taken.comparison_id if taken else ""


def _ended(told: "Stream", cast: int, passed: int) -> None:
    said = ngettext("You voted on {n} question.", "You voted on {n} questions.", cast)
    note(said.format(n=number(cast)))
    waiting = told.open - passed
    if waiting > 0:
        more = ngettext(
            "{n} question waits for your vote.", "{n} questions wait for your vote.", waiting
        )
        note(more.format(n=number(waiting)))
    elif not told.open:
        note(_("Nothing waits for your vote."))


def _table(told: "Ranked") -> None:
    from core.comparison.ranking_saying import interval

    heads = (_("Rank"), _("Version"), _("Preferred"), _("Won"), _("Lost"), _("Alike"), "n")
    rows = [
        (one.rank, one.name, interval(one.preferred), one.wins, one.losses, one.ties, one.n)
        for one in told.places
    ]
    table([heads, *rows])


def _plain(told: "Ranked") -> dict[str, Any]:
    from core.comparison.ranking_saying import sentences

    parts = {"places": [_place(one) for one in told.places], "sentences": sentences(told)}
    names = ("topic", "source", "enough", "missing", "n", "voters", "questions", "ties", "biased")
    known = {"bad": told.bad, "left": told.left}
    shares = {name: one._asdict() if one else None for name, one in known.items()}
    more = {"knowing": told.knowing, "learned": told.learned, "thin": list(told.thin)}
    p = told.sign.p if told.sign else None
    return {name: getattr(told, name) for name in names} | shares | more | {"p": p} | parts


def _place(one: Any) -> dict[str, Any]:
    names = ("rank", "version_id", "name", "n", "wins", "losses", "ties", "missing")
    preferred = one.preferred._asdict()
    return {name: getattr(one, name) for name in names} | {"preferred": preferred}
