"""What the review desk says: labels, keys, verdicts, sentences of the suggestion; all in the reader's
language, nothing of it from people or models."""

from collections.abc import Mapping, Sequence
from typing import Any

from core import feedback
from core.annotation import Compared
from core.annotation.suggesting import Check, Suggestion
from core.i18n import N_, _, ngettext, number

VERDICTS = {
    "approved": N_("Approved"),
    "corrected": N_("Approved with correction"),
    "rejected": N_("Rejected"),
}
FAILURES = {
    "retrieval": (
        N_("The search"),
        N_("The right passage was not found: the documents need work."),
    ),
    "generation": (N_("The answer"), N_("The passages were right, what was made of them was not.")),
    "safety": (N_("Safety"), N_("It says what must not be said, or shows personal data.")),
    "other": (N_("Other"), N_("Neither of these; say in the note what it was.")),
}
MARKS = {"right": N_("right"), "wrong": N_("wrong"), "outdated": N_("out of date")}
STATES = {
    "pending": N_("waiting"),
    "done": N_("done"),
    "removed": N_("taken out"),
    "unavailable": N_("conversation deleted"),
}
SIGNS = {"pending": "", "done": "good", "removed": "note", "unavailable": "note"}
KNOWN = 10  # suggestions that must have been judged before their record says anything


def verdict(name: str) -> str:
    """What a verdict is called."""
    return _(VERDICTS[name])


def state(name: str) -> str:
    """How an item stands."""
    return _(STATES[name])


def verdicts() -> list[dict[str, str]]:
    """The verdicts to choose from, with their keys."""
    return [
        {"value": name, "label": _(title), "key": str(n)}
        for n, (name, title) in enumerate(VERDICTS.items(), 1)
    ]


def failures() -> list[dict[str, str]]:
    """Where it went wrong, with keys that work in the group."""
    return [
        {"value": name, "label": _(title), "help": _(help), "key": str(n)}
        for n, (name, (title, help)) in enumerate(FAILURES.items(), 1)
    ]


def problems() -> list[dict[str, str]]:
    """The problems an asker may report, for the reviewer."""
    return [
        {"value": name, "label": feedback.title(name), "key": str(n)}
        for n, name in enumerate(feedback.PROBLEMS, 1)
    ]


def marks() -> list[dict[str, str]]:
    """What a passage may be marked as."""
    return [
        {"value": name, "label": _(title), "key": str(n)}
        for n, (name, title) in enumerate(MARKS.items(), 1)
    ]


def criteria(rubric: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A rubric with its titles and anchors in the reader's language, as far as they are ours."""
    return [
        {**one, "title": ours(one, "title"), "scale": [_point(point) for point in one["scale"]]}
        for one in rubric
    ]


def ours(given: Mapping[str, Any], key: str) -> str:
    """A title or an anchor; what people wrote comes out of the catalogue unchanged."""
    text = str(given[key])
    return _(text) if text else ""


def _point(point: Mapping[str, Any]) -> dict[str, Any]:
    return {"value": point["value"], "anchor": ours(point, "anchor")}


def stars() -> dict[str, Any]:
    """The row for the conversation as a whole."""
    scale = [{"value": n, "anchor": ""} for n in range(1, 6)]
    return {"name": "stars", "title": _("Whole conversation (stars)"), "scale": scale}


def suggested(suggestion: Suggestion) -> str:
    """The suggestion in a few words."""
    if not suggestion.verdict:
        return _("nothing sure; see what was checked")
    said = verdict(suggestion.verdict)
    if suggestion.failure_type:
        return f"{said} · {_(FAILURES[suggestion.failure_type][0])}"
    return said


def confidence(record: tuple[int, int] | None, verdict: str) -> str:
    """How far a suggestion can be trusted, as it was measured."""
    if not verdict:
        return ""
    agreed, n = record or (0, 0)
    if n < KNOWN:
        return _("How often such a suggestion is right is not known yet.")
    said = _("Reviewers judged so in {k} of the {n} cases before.")
    return said.format(k=number(agreed), n=number(n))


def checked(check: Check) -> str:
    """A check in words."""
    facts = check.facts
    if check.name == "supported":
        said = ngettext(
            "{k} of {n} sentence supported", "{k} of {n} sentences supported", facts["n"]
        )
        return said.format(k=facts["k"], n=facts["n"])
    if check.name == "citations":
        n = facts["n"]
        return (
            ngettext("cites {n} passage", "cites {n} passages", n).format(n=n)
            if n
            else _("cites nothing")
        )
    if check.name == "personal_data":
        return _("shows personal data: {kinds}").format(kinds=", ".join(facts["kinds"]).upper())
    return {
        "quoted": _("word for word from the documents"),
        "broken_off": _("broke off"),
        "not_found": _("says that the documents do not tell"),
        "fallback": _("a fallback model answered"),
        "complaint": _("the asker was not content"),
    }[check.name]


def keys() -> list[tuple[str, str]]:
    """The keys, and what they do."""
    return [
        ("1 2 3", _("verdict: approved, with correction, rejected")),
        ("↵", _("submit, and the next item (in a field: Ctrl+Enter)")),
        ("E", _("correct the answer")),
        ("F", _("what failed: 1 to 4")),
        ("C", _("criteria: a digit scores and goes on")),
        ("T", _("problems: 1 to 7")),
        ("N", _("note")),
        ("P", _("passages: 1 right, 2 wrong, 3 out of date")),
        ("M", _("a document that should have been found")),
        ("A", _("take the suggestion")),
        ("S", _("skip, with a reason")),
        ("L", _("items like this one")),
        ("Z", _("undo the last judgement")),
        ("G", _("guidelines")),
        ("H", _("these keys")),
        ("Esc", _("leave a field, close what is open")),
    ]


def ways() -> list[tuple[str, str, str]]:
    """What can be done instead of judging: a name, its label, its key."""
    return [
        ("skip", _("Skip: others get it"), "↵"),
        ("not_for_me", _("Not for me"), ""),
        ("postpone", _("In half an hour"), ""),
        ("release", _("Give it back"), ""),
    ]


def desk() -> dict[str, str]:
    """The labels that do not depend on the item."""
    return {
        "desk": _("Review of an answer"),
        "conversation": _("Conversation"),
        "reasons": _("Why it was chosen"),
        "inFocus": _("The answer to judge"),
        "link": _("Link to this item"),
        "verdict": _("Your verdict"),
        "suggestion": _("Suggestion"),
        "showSuggestion": _("Show a suggestion"),
        "accept": _("Take it"),
        "failure": _("What failed"),
        "problems": _("Problems"),
        "criteria": _("Criteria"),
        "needed": _("needed"),
        "note": _("Note"),
        "others": _("Judged by others"),
        "correction": _("Corrected answer"),
        "correctionHelp": _("Ctrl+Enter submits, Esc leaves the field."),
        "original": _("Back to the original"),
        "diff": _("What your correction changes"),
        "passages": _("Passages the answer was built on"),
        "raterSaid": _("What was said of it:"),
        "foundOnly": _("Passages found, none of them cited"),
        "more": _("More passages found: %s"),
        "noPassages": _("No passage was found for this question."),
        "uncited": _("Found, not cited: %s"),
        "mark": _("The passage of “{name}” is").format(name="%s"),
        "open": _("Open the document here"),
        "missing": _("A document is missing?"),
        "find": _("Search for what should have been found"),
        "should": _("Should have been found"),
        "notMissing": _("take back that it is missing"),
        "keys": _("Keys"),
        "guideline": _("Guidelines"),
        "skip": _("Skip"),
        "skipHelp": _("Others get it; you do not get it again unless you ask for it."),
        "skipReason": _("Reason (optional)"),
        "alike": _("Items like this one"),
        "looking": _("Looking for them…"),
        "undo": _("Undo"),
        "close": _("Close"),
        "submit": _("Submit and next"),
        "sending": _("Storing…"),
        "unsaved": _("Saving what you typed…"),
        "silent": _("The server does not answer. What you typed is kept here; trying again."),
        "needVerdict": _("Choose a verdict first: 1, 2 or 3."),
        "needCorrection": _("Change the answer's text, or choose another verdict."),
        "needScore": _("“{name}” needs a score.").format(name="%s"),
        "takeUp": _("Take it up again"),
        "dismiss": _("Do not show it again"),
    }


def compared(found: Compared) -> str:
    """What a reviewer is told of an item whose answer was known, once they have judged it."""
    if found.agrees:
        words = _("The answer to this one was known: you judged as expected ({known}).")
    else:
        words = _("The answer to this one was known: “{known}” was expected, you chose “{given}”.")
    said = words.format(known=verdict(found.known), given=verdict(found.verdict))
    return f"{said} {found.note}".strip()
