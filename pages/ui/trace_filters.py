"""Which answers the page of traces shows.

The address holds what is not as usual (``?assistant=&outcome=&who=&reason=&code=&slower=&days=
&data=&before=``); what it says that cannot be is left out.
"""

from collections.abc import Mapping
from datetime import timedelta

from core import assistants, chat, clock
from core.i18n import N_, _
from pages.ui import trace_words as words
from pages.ui.filters import DATA, SAMPLE, WHOLE, Filters, titled

FILTERS = Filters(
    "traces",
    usual=("assistant", "outcome", "who", "days"),
    more=("reason", "code", "slower", "data"),
)
DAYS = {"1": N_("last 24 hours"), "7": N_("last 7 days"), "30": N_("last 30 days")}
SLOWER = ("1", "5", "15", "60")


def wanted(said: Mapping[str, str]) -> chat.Wanted:
    """What the address asks for, for the verb."""
    provider, _colon, model = said.get("who", "").partition(":")
    days = said.get("days", "")
    return chat.Wanted(
        assistant_id=said.get("assistant"),
        outcome=said["outcome"] if said.get("outcome") in words.OUTCOMES else None,
        provider=provider or None,
        model_name=model or None,
        reason=said.get("reason"),
        error_code=said.get("code"),
        slower_than=float(said["slower"]) if said.get("slower") in SLOWER else None,
        since=clock.now() - timedelta(days=int(days)) if days in DAYS else None,
        sample=SAMPLE.get(said.get("data", "")),
    )


def show() -> None:
    """The choices."""
    choice = FILTERS.choice
    with FILTERS.row():
        choice("assistant", _("Assistant"), {one.id: one.name for one in assistants.all()})
        choice("outcome", _("Outcome"), titled(words.OUTCOMES))
        choice("who", _("Who answered"), _speakers())
        choice("days", _("Period"), titled(DAYS))
        with FILTERS.behind():
            choice("reason", _("Why it was chosen"), titled(words.REASONS), WHOLE)
            choice("code", _("What failed"), titled(words.CODES), WHOLE)
            slower = {n: _("more than {n} s").format(n=n) for n in SLOWER}
            choice("slower", _("How long it took"), slower, WHOLE)
            choice("data", _("Sample data"), titled(DATA), WHOLE)


def _speakers() -> dict[str, str]:
    return {f"{provider}:{name}": words.who(provider, name) for provider, name in chat.speakers()}
