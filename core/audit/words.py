"""What stands in the log, in words: kinds of objects, what was done to them, their fields, the doors.

Takes the names that are stored, gives the reader's words; a name that is not here is given as it is.
"""

import json
from datetime import date, datetime
from typing import Any

from core.access import ROLE_NAMES
from core.i18n import N_, _, day, moment

KINDS = {
    "person": N_("person"),
    "account": N_("sign-in account"),
    "sign_in": N_("sign-in"),
    "link": N_("one-time link"),
    "token": N_("API token"),
    "member": N_("member of an assistant"),
    "assistant": N_("assistant"),
    "model": N_("model"),
    "version": N_("version"),
    "alias": N_("who answers"),
    "document": N_("document"),
    "embedder": N_("embedder"),
    "queue": N_("review queue"),
    "guideline": N_("guideline"),
    "gate": N_("gate"),
    "run": N_("evaluation run"),
    "alert_rule": N_("alert rule"),
    "topic": N_("topic"),
    "setting": N_("setting"),
    "secret": N_("provider key"),
    "erasure": N_("erasure"),
    "conversation": N_("conversation"),
    "trace": N_("trace"),
    "feedback": N_("feedback"),
    "conversations": N_("list of conversations"),
    "traces": N_("list of traces"),
    "unanswered": N_("questions without an answer"),
    "approved": N_("approved answers"),
    "comparison": N_("comparison"),
    "comparisons": N_("list of comparisons"),
    "alert": N_("conversations behind an alert"),
    "uses": N_("questions that a document answered"),
    "audit": N_("audit log"),
    "backup": N_("backup"),
    "database": N_("database"),
    "personal": N_("all that is held about somebody"),
}
ACTIONS = {  # what somebody did: each follows a person's name
    "create": N_("made"),
    "change": N_("changed"),
    "remove": N_("took away"),
    "restore": N_("brought back"),
    "delete": N_("deleted for good"),
    "look": N_("saw personal data"),
    "export": N_("exported"),
    "sign_in": N_("signed in"),
    "sign_in_failed": N_("did not get in"),
    "sign_out": N_("signed out"),
    "end": N_("put an end to"),
    "put_back": N_("put everything back from"),
    "encrypt": N_("put encryption on"),
    "decrypt": N_("took the encryption from"),
}
DOORS = {
    "page": N_("in the browser"),
    "api": N_("by the API"),
    "cli": N_("at the command line"),
    "": N_("in the background"),
}
FIELDS = {
    "name": N_("name"),
    "roles": N_("roles"),
    "login": N_("login"),
    "issuer": N_("vouched for by"),
    "subject": N_("known there as"),
    "password_at": N_("password set at"),
    "disabled_at": N_("disabled at"),
    "kind": N_("kind"),
    "person_id": N_("person"),
    "made_by": N_("made by"),
    "expires_at": N_("ends"),
    "used_at": N_("used at"),
    "prefix": N_("begins with"),
    "scopes": N_("may"),
    "assistants": N_("assistants"),
    "revoked_at": N_("revoked at"),
    "language": N_("language"),
    "persona": N_("persona"),
    "rules": N_("rules"),
    "starters": N_("first questions"),
    "rubric": N_("rubric"),
    "modes": N_("modes"),
    "thoughts": N_("shows thoughts"),
    "is_default": N_("answers by default"),
    "follows_ollama": N_("follows Ollama"),
    "routing": N_("routing"),
    "members_only": N_("for members only"),
    "consent": N_("consent text"),
    "retention_days": N_("days conversations are kept"),
    "sample": N_("sample"),
    "removed_at": N_("gone since"),
    "provider": N_("provider"),
    "price_in": N_("price of what goes in"),
    "price_out": N_("price of what comes out"),
    "context_tokens": N_("context window"),
    "origin": N_("origin"),
    "number": N_("number"),
    "model_id": N_("model"),
    "parameters": N_("parameters"),
    "prompt": N_("prompt"),
    "retrieval": N_("search settings"),
    "memory_freeze": N_("memory frozen"),
    "version_id": N_("version"),
    "reason": N_("reason"),
    "media_type": N_("file type"),
    "digest": N_("fingerprint"),
    "size": N_("size in bytes"),
    "newest": N_("newest version"),
    "masks": N_("personal data hidden"),
    "valid_from": N_("holds from"),
    "valid_to": N_("holds until"),
    "is_sample": N_("sample data"),
    "dimension": N_("dimension"),
    "state": N_("state"),
    "reviewers_per_item": N_("reviewers per answer"),
    "lease_seconds": N_("seconds a claim holds"),
    "blind": N_("blind"),
    "random_share": N_("random share"),
    "calibration_share": N_("calibration share"),
    "judge": N_("judge model"),
    "queue_id": N_("review queue"),
    "text": N_("text"),
    "a_version_id": N_("version A"),
    "b_version_id": N_("version B"),
    "source": N_("source"),
    "n": N_("questions"),
    "settings": N_("settings"),
    "measure": N_("measure"),
    "filters": N_("filters"),
    "side": N_("bad side"),
    "bound": N_("bound"),
    "margin": N_("margin"),
    "minimum": N_("smallest n"),
    "hours": N_("hours"),
    "every_minutes": N_("looks every (minutes)"),
    "channels": N_("channels"),
    "silent_until": N_("silent until"),
    "paused": N_("paused"),
    "retired_at": N_("out of use since"),
    "retired_why": N_("out of use because"),
    "unserved_why": N_("not given any more because"),
    "label": N_("called"),
    "named": N_("named by a person"),
    "value": N_("value"),
    "set_at": N_("set at"),
    "erased": N_("erased"),
    "unreached": N_("not reached"),
    "method": N_("signed in by"),
    "of": N_("person"),
    "browsers": N_("browsers"),
    "why": N_("why"),
    "format": N_("format"),
    "encrypted": N_("encrypted"),
    "made_at": N_("made at"),
    "rows": N_("rows"),
}


def kind(name: str) -> str:
    """What an object is."""
    return _(KINDS.get(name, name))


def action(name: str) -> str:
    """What was done."""
    return _(ACTIONS.get(name, name))


def door(name: str) -> str:
    """Which way somebody came."""
    return _(DOORS.get(name, name))


def erased(person_id: str) -> str:
    """What somebody who was erased is called."""
    return _("an erased person ({id})").format(id=person_id[:8])


def who(person: str, person_id: str, door: str) -> str:
    """Whose deed a line tells of; without a name at the command line, it is the machine's owner's."""
    if person_id:
        return person or person_id[:8]
    return _("the machine's owner (command line)") if door == "cli" else _("nobody")


def field(name: str) -> str:
    """What a field of an object is called."""
    return _(FIELDS.get(name, name))


def value(name: str, held: Any) -> str:
    """What a field held, for people: times in their zone, a list line by line, the rest as JSON."""
    if held is None:
        return ""
    if isinstance(held, bool):
        return _("yes") if held else _("no")
    if isinstance(held, list) and all(isinstance(one, str) for one in held):
        named = ROLE_NAMES if name == "roles" else {}
        return "\n".join(_(named[one]) if one in named else one for one in held)
    if not isinstance(held, str):
        return json.dumps(
            held, ensure_ascii=False, indent=2 if isinstance(held, list | dict) else 0
        )
    return _time(held) if name.endswith(("_at", "_until", "_from", "_to", "_freeze")) else held


def _time(text: str) -> str:
    try:
        return (
            day(date.fromisoformat(text))
            if len(text) == 10
            else moment(datetime.fromisoformat(text))
        )
    except ValueError:
        return text


def summary(before: dict[str, Any], after: dict[str, Any], most: int = 90) -> str:
    """A change in a line: "name: Loja → Loja 2"; where that is long, the names of the fields alone."""
    if not (before and after):
        return ""
    parts = []
    for name in after:
        was, now = (_flat(name, held.get(name)) for held in (before, after))
        longest = most if name == "roles" else most // 3  # who may what is never left out
        short = max(len(was), len(now)) <= longest and "\n" not in was + now
        parts.append(f"{field(name)}: {was or '—'} → {now or '—'}" if short else field(name))
    return " · ".join(parts)


def _flat(name: str, held: Any) -> str:
    """A field's words in a line: what is a list, between commas."""
    told = value(name, held)
    return told.replace("\n", ", ") if isinstance(held, list) else told
