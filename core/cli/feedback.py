"""``ciclo feedback``: list, export, give."""

from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, Of, document, say, table
from core.errors import InvalidInput
from core.i18n import _, moment, ngettext, number

if TYPE_CHECKING:
    from core import feedback

app = typer.Typer(help="What people say of answers.", no_args_is_help=True)
Rating = Annotated[
    str | None,
    typer.Option(help="up, down, problem, solved, not_solved, or stars: 1 to 5."),
]
Reason = Annotated[str | None, typer.Option(help="A reason, or a problem.")]
Channel = Annotated[str | None, typer.Option(help="Where it was said.")]
Words = Annotated[str, typer.Option(help="Words of the comment or the question.")]
Topic = Annotated[str | None, typer.Option(help="The section that the answer cites most.")]
Since = Annotated[str | None, typer.Option(help="A day, such as 2026-03-01.")]
Until = Annotated[str | None, typer.Option(help="A day, itself included.")]
Version = Annotated[str | None, typer.Option(help="Id of the version that answered.")]


@app.command("list")
def listing(
    assistant: Of = None,
    rating: Rating = None,
    reason: Reason = None,
    topic: Topic = None,
    version: Version = None,
    channel: Channel = None,
    search: Words = "",
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """What people said, newest first."""
    terminal.ready()
    from core import feedback

    narrowed = (assistant, rating, reason, topic, version, channel, search, since, until)
    rows = feedback.listing(_wanted(*narrowed), limit=limit)
    if as_json:
        document({"data": [feedback.plain(row) for row in rows]})
        return
    table(_line(row) for row in rows)
    if not rows:
        say(_("Nobody has said anything yet, or nothing that fits."))


@app.command()
def export(
    format: Annotated[Literal["csv", "jsonl"], typer.Option()] = "csv",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file.")] = None,
    assistant: Of = None,
    rating: Rating = None,
    reason: Reason = None,
    topic: Topic = None,
    version: Version = None,
    channel: Channel = None,
    search: Words = "",
    since: Since = None,
    until: Until = None,
) -> None:
    """What people said, as CSV for a spreadsheet or JSONL, on the screen or into a file."""
    terminal.ready()
    from core import feedback

    narrowed = (assistant, rating, reason, topic, version, channel, search, since, until)
    pieces = feedback.export(format, _wanted(*narrowed))
    if output is None:
        terminal.pour(pieces)
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        for piece in pieces:
            file.write(piece)
    say(_("Written: {path}").format(path=output))


@app.command()
def give(
    message_id: Annotated[
        str, typer.Argument(metavar="ANSWER_ID", help="The message_id of an answer.")
    ] = "",
    rating: Annotated[str, typer.Option(help="up or down.")] = "",
    reaction: Annotated[str | None, typer.Option(help="An emoji, in place of a rating.")] = None,
    reason: Annotated[list[str] | None, typer.Option(help="Several times for several.")] = None,
    comment: Annotated[str, typer.Option(help="In the asker's words.")] = "",
    flag: Annotated[list[str] | None, typer.Option(help="A problem, or problem:text.")] = None,
    conversation: Annotated[str, typer.Option(help="Its id or external_id.")] = "",
    stars: Annotated[int | None, typer.Option(help="1 to 5, of the conversation.")] = None,
    solved: Annotated[bool | None, typer.Option("--solved/--not-solved")] = None,
    person: Annotated[str, typer.Option(help="Who says it, by name.")] = "",
    user: Annotated[str, typer.Option(help="An outside system's id of who says it.")] = "",
    channel: Annotated[str, typer.Option(help="Where it was said.")] = "cli",
    as_json: AsJson = False,
) -> None:
    """Say what an answer or a conversation was like; said twice it holds once."""
    terminal.ready()
    from core import access, feedback

    said = feedback.Saying(
        message_id=message_id,
        conversation=conversation,
        rating=rating,
        reaction=reaction,
        reasons=tuple(reason or ()),
        comment=comment,
        flags=dict(_flag(one) for one in flag or ()),
        stars=stars,
        solved=solved,
        channel=channel,
        user_id=user,
    )
    who = access.person(person) if person else access.local_person()
    told, _again = feedback.say(said, person_id=who.id)
    if as_json:
        document(asdict(told))
    else:
        _told(told)


def _flag(written: str) -> tuple[str, str]:
    problem, _colon, text = written.partition(":")
    return problem.strip(), text.strip()


def _wanted(
    assistant: str | None,
    rating: str | None,
    reason: str | None,
    topic: str | None,
    version: str | None,
    channel: str | None,
    text: str,
    since: str | None,
    until: str | None,
) -> "feedback.Wanted":
    from core import assistants, feedback

    if rating is not None and rating not in feedback.RATINGS:
        known = ", ".join(feedback.RATINGS)
        raise InvalidInput(
            _("“{value}” is no rating.").format(value=rating),
            hint=_("Use one of: {reasons}.").format(reasons=known),
        )
    return feedback.Wanted(
        assistant_id=assistants.chosen(assistant).id if assistant else None,
        version_id=version,
        rating=rating,
        reason=reason,
        topic=topic,
        channel=channel,
        text=text,
        since=_midnight(since),
        until=_midnight(until, days=1),
    )


def _midnight(day: str | None, days: int = 0) -> datetime | None:
    found = terminal.day(day)
    return datetime.combine(found + timedelta(days), time(), UTC) if found else None


def _line(row: "feedback.Entry") -> tuple[str, ...]:
    from core import feedback

    about = [feedback.title(name) for name in (*row.reasons, row.problem) if name]
    if row.stars is not None:
        about.append(ngettext("{n} star", "{n} stars", row.stars).format(n=number(row.stars)))
    if row.solved is not None:
        about.append(_("solved") if row.solved else _("not solved"))
    words = " · ".join([*about, " ".join(row.text.split())[:80]]).strip(" ·")
    asked = " ".join(row.question.split())[:60]
    return (moment(row.created_at), feedback.said(row), row.channel, asked, words)


def _told(told: "feedback.Told") -> None:
    from core import feedback

    said = [told.rating or "", *told.reasons, *(one["problem"] for one in told.flags)]
    if told.stars:
        said.append(ngettext("{n} star", "{n} stars", told.stars).format(n=number(told.stars)))
    if told.solved is not None:
        said.append(_("solved") if told.solved else _("not solved"))
    words = [feedback.title(one) for one in said if one]
    say(_("Kept: {said}").format(said=", ".join(words)) if words else _("Taken back."))
