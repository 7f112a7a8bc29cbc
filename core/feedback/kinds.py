"""The words of feedback: reasons, problems, channels, and what people read for each.

Rules only: what a rating, a flag and a text may be. Raises InvalidInput where one is not.
"""

from collections.abc import Sequence

from core.errors import InvalidInput
from core.i18n import N_, _

UP_REASONS = ("correct", "clear", "complete", "good_sources", "fast", "other")
DOWN_REASONS = (
    "wrong_fact",
    "incomplete",
    "out_of_scope",
    "wrong_source",
    "hard_to_read",
    "outdated",
    "tone",
    "slow",
    "other",
)
PROBLEMS = ("wrong_fact", "out_of_scope", "tone", "unsafe", "wrong_source", "outdated", "other")
CHANNELS = ("web", "whatsapp", "site", "api", "cli", "sample", "import")
MAX_COMMENT = 4000
MAX_USER = 200
STARS = (1, 5)

TITLES = {
    "correct": N_("Correct"),
    "clear": N_("Clear"),
    "complete": N_("Complete"),
    "good_sources": N_("Good sources"),
    "fast": N_("Fast"),
    "wrong_fact": N_("Wrong fact"),
    "incomplete": N_("Incomplete"),
    "out_of_scope": N_("Not what I asked"),
    "wrong_source": N_("Wrong source"),
    "hard_to_read": N_("Hard to read"),
    "outdated": N_("Out of date"),
    "tone": N_("Tone"),
    "slow": N_("Slow"),
    "unsafe": N_("Unsafe"),
    "other": N_("Something else"),
}


def title(name: str) -> str:
    """A reason or problem in the reader's language; a word that is none stays as it is."""
    return _(TITLES[name]) if name in TITLES else name


def check_rating(rating: str, reasons: Sequence[str]) -> None:
    """Up or down, with reasons that fit it."""
    if rating not in ("up", "down"):
        raise InvalidInput(
            _("A rating is “up” or “down”, not “{value}”.").format(value=rating), field="rating"
        )
    fitting = UP_REASONS if rating == "up" else DOWN_REASONS
    for reason in reasons:
        if reason not in fitting:
            raise InvalidInput(
                _("“{value}” is not a reason for this rating.").format(value=reason),
                field="reasons",
                hint=_one_of(fitting),
            )


def check_problem(problem: str, text: str) -> None:
    """A problem we know; "other" needs a text that says which."""
    if problem not in PROBLEMS:
        raise InvalidInput(
            _("“{value}” is no problem that can be reported.").format(value=problem),
            field="problem",
            hint=_one_of(PROBLEMS),
        )
    if problem == "other" and not text.strip():
        raise InvalidInput(
            _("Say in a few words what the problem is."),
            field="text",
            hint=_("“Something else” needs a text."),
        )


def check_stars(stars: int | None) -> None:
    """1 to 5, or none."""
    least, most = STARS
    if stars is not None and not least <= stars <= most:
        raise InvalidInput(
            _("Stars go from {least} to {most}, not {value}.").format(
                least=least, most=most, value=stars
            ),
            field="stars",
        )


def check_comment(comment: str, field: str = "comment") -> None:
    """At most MAX_COMMENT characters."""
    if len(comment) > MAX_COMMENT:
        raise InvalidInput(
            _("The comment has {n} characters; at most {most} fit.").format(
                n=len(comment), most=MAX_COMMENT
            ),
            field=field,
        )


def check_channel(channel: str) -> None:
    """A channel we know."""
    if channel not in CHANNELS:
        raise InvalidInput(
            _("“{value}” is no channel.").format(value=channel),
            field="channel",
            hint=_one_of(CHANNELS),
        )


def _one_of(words: Sequence[str]) -> str:
    return _("Use one of: {reasons}.").format(reasons=", ".join(words))
