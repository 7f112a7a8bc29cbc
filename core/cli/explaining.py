"""Passages found, and why, as ``ciclo search`` shows them."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.cli.terminal import document, fields, note, say
from core.i18n import _, number, percent

if TYPE_CHECKING:
    from core.retrieval import ExplainedPassage, Explanation, Found

FOUND = ("document_id", "version", "heading", "text", "page", "start", "end", "score")
UNDERSTOOD = ("language", "words", "unknown", "stopwords", "left_out", "confidence", "embedder")
WEIGHED = ("share", "share_from", "chunks", "candidates", "seconds")
WHY = ("missing", "together_words", "words", "together", "runs", "lexical", "vector", "cosine")
MATCHED = ("word", "found", "how", "idf", "holding", "times", "in_heading", "spans")


def show(told: "Explanation", as_json: bool) -> None:
    """The passages with why each was found, and what became of the question's words."""
    if as_json:
        understood = fields(told, *UNDERSTOOD, *WEIGHED)
        hits = [hit(one.found) | {"why": _why(one, told)} for one in told.passages]
        document({"data": hits, "meaning": told.meaning, "explanation": understood})
        return
    for one in told.passages:
        say(passage(one.rank, one.found))
        _say_why(one, told)
    _say_understood(told)


def hit(one: "Found") -> dict[str, Any]:
    """A passage as plain data, with the names that the API uses."""
    return {"document": one.document_name, **fields(one, *FOUND)}


def passage(rank: int, one: "Found") -> str:
    """A passage in two lines."""
    head = f"{rank}. {place(one.document_name, one.page)}  ({one.score:.2f})"
    return f"{head}\n   {' '.join(one.text.split())[:300]}"


def place(document_name: str, page: int | None) -> str:
    """Where it stands, in words."""
    return document_name + (_(", page {n}").format(n=page) if page else "")


def _why(one: "ExplainedPassage", told: "Explanation") -> dict[str, Any]:
    from core import retrieval

    return {
        "said": retrieval.in_words(one, told),
        "matched": [fields(match, *MATCHED) for match in one.matched],
        **fields(one, *WHY, "share", "age"),
        "points": asdict(one.points),
    }


def _say_why(one: "ExplainedPassage", told: "Explanation") -> None:
    from core import retrieval

    say(f"   {retrieval.in_words(one, told)}")
    points = _("words {words} + together {together} + pieces {runs} + vectors {vector} = {score}")
    if one.lift:
        points = _(
            "words {words} + together {together} + pieces {runs} + vectors {vector}"
            " + approved before {memory} = {score}"
        )
    shown = {name: number(value, 3) for name, value in asdict(one.points).items()}
    say(f"   {points.format(**shown, score=number(one.score, 3))}\n")


def _say_understood(told: "Explanation") -> None:
    if not told.passages:
        say(_("Nothing was found."))
    for words, said in (
        (told.unknown, _("In no document: {words}")),
        (told.stopwords, _("Not looked for, because they say nothing by themselves: {words}")),
        (told.left_out, _("Not looked for, because the question is too long: {words}")),
    ):
        if words:
            say(said.format(words=", ".join(words)))
    weighed = _(
        "{n} of {all} passages were weighed; words count {share}, vectors of {embedder} {rest}."
    )
    say(
        weighed.format(
            n=number(told.candidates),
            all=number(told.chunks),
            share=percent(told.share),
            embedder=told.embedder,
            rest=percent(1 - told.share),
        )
    )
    if told.meaning:
        note(told.meaning)
