"""Personal data found, counted and masked in one text; see the package for what is promised."""

from bisect import bisect
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from core.errors import InvalidInput
from core.i18n import _
from core.privacy.addresses import emails, ips, pix_keys
from core.privacy.numbers import Certainty, Hit, cards, ceps, cnpjs, cpfs, rgs
from core.privacy.phones import phones
from core.privacy.reading import read

# From the strongest down: where two overlap and are equally certain, the earlier one stands.
_RULES: dict[str, Callable[[str], Iterator[Hit]]] = {
    "email": emails,
    "pix": pix_keys,
    "card": cards,
    "cnpj": cnpjs,
    "cpf": cpfs,
    "ip": ips,
    "phone": phones,
    "cep": ceps,
    "rg": rgs,
}
KINDS = tuple(_RULES)
MASKED_BY_DEFAULT = ("cpf", "card")
BUSINESS = ("cnpj", "phone", "email", "cep")  # askers want the support phone: masked if chosen
# Short forms that Portuguese and English share where there is one; the text decides its language,
# not the reader, so they are not translated.
PLACEHOLDERS = {kind: f"[{kind.upper()}]" for kind in KINDS} | {"phone": "[TEL]"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of personal data: ``text`` is ``whole[start:end]``, kept out of every repr."""

    kind: str
    start: int
    end: int
    text: str = field(repr=False)
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with placeholders, and what they replaced, with offsets into the text as it was."""

    text: str
    findings: tuple[Finding, ...]


def find(text: str, kinds: Collection[str] = KINDS) -> list[Finding]:
    """The personal data in ``text``, in order, none overlapping.

    A kind that is not asked for still wins its place, so leaving it out changes no other.
    Raises InvalidInput for an unknown kind.
    """
    _check(kinds)
    reading = read(text)
    found = []
    for kind, hit in _strongest(reading.plain):
        if kind in kinds:
            start, end = reading.span(hit.start, hit.end)
            found.append(Finding(kind, start, end, text[start:end], hit.certainty))
    return found


def count(text: str, kinds: Collection[str] = KINDS) -> dict[str, int]:
    """How many of each kind ``text`` holds, sure and maybe; kinds without any are left out."""
    return dict(Counter(found.kind for found in find(text, kinds)))


def mask(
    text: str, kinds: Collection[str] = MASKED_BY_DEFAULT, *, least: Certainty = "maybe"
) -> Masked:
    """``text`` with a placeholder in place of each finding of ``kinds``.

    ``least="sure"`` leaves what may be personal data standing. Masking twice changes nothing.
    Raises InvalidInput for an unknown kind.
    """
    chosen = [found for found in find(text, kinds) if least in ("maybe", found.certainty)]
    pieces, end = [], 0
    for found in chosen:
        pieces += [text[end : found.start], PLACEHOLDERS[found.kind]]
        end = found.end
    return Masked("".join([*pieces, text[end:]]), tuple(chosen))


def _strongest(plain: str) -> list[tuple[str, Hit]]:
    """The hits of all rules, in order, where of two that overlap the weaker has gone."""
    every = [(kind, hit) for kind, rule in _RULES.items() for hit in rule(plain)]
    every.sort(key=lambda found: (found[1].certainty != "sure", KINDS.index(found[0])))
    standing: list[tuple[int, int, str, Hit]] = []
    for kind, hit in every:
        _place(standing, (hit.start, hit.end, kind, hit))
    return [(kind, hit) for _start, _end, kind, hit in standing]


def _place(standing: list[tuple[int, int, str, Hit]], new: tuple[int, int, str, Hit]) -> None:
    at = bisect(standing, new)
    free_left = at == 0 or standing[at - 1][1] <= new[0]
    if free_left and (at == len(standing) or new[1] <= standing[at][0]):
        standing.insert(at, new)


def _check(kinds: Iterable[str]) -> None:
    for kind in kinds:
        if kind not in _RULES:
            raise InvalidInput(
                _("'{kind}' is no kind of personal data.").format(kind=kind),
                field="kinds",
                hint=_("The kinds are {names}.").format(names=", ".join(KINDS)),
            )
