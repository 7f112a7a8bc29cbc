"""Both languages of every sentence: gettext catalogues, and numbers and dates as the reader writes them.

``_("Ask")`` gives the text in the language of the present context (a request, a page run, a
command), which a door sets once with ``use()``. Sentences in code are English; ``pt_BR.po`` beside
this file holds the Portuguese. ``N_`` only marks a text for the catalogue. Nothing is compiled
beforehand: catalogues are read on first use.
"""

import gettext as _gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

LANGUAGES = {"pt-BR": "Português", "en": "English"}
DEFAULT = "pt-BR"
CATALOGUES = Path(__file__).parent
HOUR, DAY = 3600, 86_400  # seconds

_language: ContextVar[str] = ContextVar("language", default=DEFAULT)
_timezone: ContextVar[tzinfo] = ContextVar("timezone", default=UTC)


def choose(*wanted: str | None) -> str:
    """The first of ``wanted`` that we speak ("pt-PT,pt;q=0.9" is pt-BR), else the default."""
    for text in wanted:
        for tag in (text or "").replace("_", "-").split(","):
            primary = tag.split(";")[0].strip().split("-")[0].lower()
            for language in LANGUAGES:
                if primary and language.split("-")[0] == primary:
                    return language
    return DEFAULT


def language() -> str:
    """The language of the present context: "pt-BR" or "en"."""
    return _language.get()


def use(language: str, timezone: str = "") -> None:
    """From here on, in this context, texts and numbers are in ``language`` and times in ``timezone``."""
    _language.set(language if language in LANGUAGES else choose(language))
    if timezone:
        _timezone.set(_zone(timezone))


def zone() -> tzinfo:
    """The time zone of the present context."""
    return _timezone.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within the block, texts are in ``language``."""
    token = _language.set(language if language in LANGUAGES else choose(language))
    try:
        yield
    finally:
        _language.reset(token)


def _(message: str) -> str:
    """``message`` in the present language."""
    return _catalogue(language()).gettext(message) if message else ""


def ngettext(one: str, many: str, n: int) -> str:
    """The form that fits ``n``, in the present language."""
    return _catalogue(language()).ngettext(one, many, n)


def N_(message: str) -> str:
    """Mark ``message`` for the catalogue; translate it later with ``_``."""
    return message


def number(value: float, digits: int = 0) -> str:
    """1234.5 -> "1.234,5" in pt-BR with ``digits=1``."""
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=_babel())


def percent(share: float) -> str:
    """0.853 -> "85%"; ``share`` lies between 0 and 1."""
    return number(share * 100) + "%"


def money(amount: float, currency: str = "BRL", digits: int = 2) -> str:
    """1234.5 -> "R$ 1.234,50"; below nothing with a minus, as all figures."""
    from babel.numbers import format_currency

    zeros = "0" * digits
    said = format_currency(
        amount, currency, format=f"¤ #,##0.{zeros}", locale=_babel(), currency_digits=False
    )
    return said.replace("-", "−")


def day(moment: datetime | date) -> str:
    """The date, short: "20/11/2026" or "Nov 20, 2026"."""
    from babel.dates import format_date

    at = moment.astimezone(_timezone.get()) if isinstance(moment, datetime) else moment
    return format_date(at, format="short" if language() == "pt-BR" else "medium", locale=_babel())


def moment(at: datetime) -> str:
    """Date and time in the reader's zone: "20/11/2026 14:30"."""
    from babel.dates import format_time

    local = at.astimezone(_timezone.get())
    return f"{day(at)} {format_time(local, format='short', locale=_babel())}"


def ordinal(place: int) -> str:
    """A place in a line: "1st", "3ª" (its word in Portuguese is feminine)."""
    if language() == "pt-BR":
        return f"{number(place)}ª"
    teen = 10 < place % 100 < 20
    return number(place) + ({1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th") if not teen else "th")


def seconds(value: float) -> str:
    """A duration: "0,4 s", "12 s", "2 min 5 s", "3 h 20 min", "4 d 2 h"."""
    if value < 10:
        return f"{number(value, 1)} s"
    if value < 60:
        return f"{number(value)} s"
    if value < HOUR:
        return f"{int(value // 60)} min {int(value % 60)} s"
    if value < 2 * DAY:
        return f"{int(value // HOUR)} h {int(value % HOUR // 60)} min"
    return f"{number(int(value // DAY))} d {int(value % DAY // HOUR)} h"


def _babel() -> str:
    return language().replace("-", "_")


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    path = CATALOGUES / f"{language.replace('-', '_')}.po"
    if not path.exists():  # English: the sentences in the code are the catalogue
        return _gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language.replace("-", "_")))
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)
