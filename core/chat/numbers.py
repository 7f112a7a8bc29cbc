"""Numbers as they are written in Portuguese and English, brought to one form.

In: a folded text (lower case, no accents). Out: its numbers with what they count. "14h30" and
"2:30 p.m." are one number, as are "R$ 1.234,50" and "1234.50 reais", "dois dias" and "48 horas",
"25%" and "vinte e cinco por cento". Where a figure can be read in two ways ("1.500"), both stand.
Pure.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

NONE: frozenset[float] = frozenset()
HALF_DAY = 12 * 60.0
LONGEST_LEAD = 24


class Number(NamedTuple):
    """What a number may be worth, what it counts, its bare figure, and how it stood in the text.

    ``kinds`` (empty: unknown): clock and span in minutes, months, percent, month and year (dates),
    a currency, a unit, or id (no quantity: AES-256, a telephone).
    """

    values: frozenset[float]
    kinds: frozenset[str]
    bare: frozenset[float]
    written: str

    def matches(self, other: "Number") -> bool:
        """Whether both may be the same; a number without a unit matches one with any."""
        if "id" in self.kinds or "id" in other.kinds:
            return self.written == other.written
        if self.kinds and other.kinds:
            return bool(self.kinds & other.kinds and self.values & other.values)
        return bool(self.bare & other.bare)


def numbers(folded: str) -> list[Number]:
    """The numbers of a folded text, in order; number words must be ``figures`` already."""
    return list(_located(folded))


def _located(text: str) -> Iterator[Number]:
    """A full look, which is slow, only where a figure or a word of time stands."""
    at = 0
    while hint := _HINT.search(text, at):
        lead = _LEAD.search(text, max(at, hint.start() - LONGEST_LEAD), hint.start())
        found = _NUMBER.match(text, lead.start() if lead else hint.start())
        found = found or _NUMBER.match(text, hint.start())
        if found:
            yield from _read(found)
        at = found.end() if found else hint.end()


def figures(folded: str) -> str:
    """A folded text with number words as figures: "vinte e cinco" is "25", "one week" "1 week"."""
    if _SPELLED.isdisjoint(_LETTERS.findall(folded)):
        return folded
    text = _ONE.sub("1 ", _PER_CENT.sub("%", _HALF_HOUR.sub("30 min", folded)))
    return _WORDS.sub(lambda found: _sum(found.group()), text)


def _read(found: re.Match[str]) -> Iterator[Number]:
    """What one match means; its ``kind`` is the name of the outermost group that matched."""
    kind, written = str(found.lastgroup), found.group().strip()
    if kind == "id":
        yield Number(NONE, frozenset({"id"}), NONE, written)
    elif kind == "midday":
        minutes = HALF_DAY if written.endswith(("dia", "day", "noon")) else 0.0
        yield Number(frozenset({minutes}), frozenset({"clock"}), frozenset({12.0}), written)
    elif kind == "clock":
        yield _clock(found, written)
    elif kind == "money":
        sign = found["sign"] or found["coin"]
        yield _number(found["sum"] or found["sum2"], _CURRENCIES[sign], written, found["scale"])
    elif kind == "percent":
        yield _number(found["share"], "percent", written)
    elif kind == "measure":
        yield _measure(found["size"], found["unit"], written)
    elif kind == "month":
        at = frozenset({float(_MONTHS[found["name"]])})
        yield Number(at, frozenset({"month"}), at, written)
    elif kind == "roman":
        at = frozenset({float(_roman(found["letters"]))})
        yield Number(at, frozenset(), at, written)
    else:
        year = found["times"] is None and _YEAR.fullmatch(found["plain"])
        yield _number(found["plain"], "year" if year else "", written, found["times"])


def _clock(found: re.Match[str], written: str) -> Number:
    hours = float(found["hour"] or found["hour2"] or found["hour3"])
    minutes = float(found["minute"] or found["minute2"] or 0)
    half = re.sub(r"^in\sthe\s", "", found["half"] or found["half2"] or "")
    at = hours * 60 + minutes
    if half.startswith(("p", "after", "even", "da t", "da no", "at n")) and hours < 12:
        at += HALF_DAY
    elif half.startswith("a") and not half.startswith(("after", "at")) and hours == 12:
        at = 0.0
    kinds = frozenset({"clock"} if half or found["minute"] else {"clock", "span"})
    return Number(frozenset({at}), kinds, frozenset({hours}), written)


def _measure(size: str, unit: str, written: str) -> Number:
    kind, factor = _UNITS[unit.rstrip(".")]
    bare = _values(size)
    worth = frozenset(value * factor for value in bare)
    kinds = {kind}
    if kind == "months":  # a month is also thirty days
        worth |= frozenset(value * factor * 30 * 24 * 60 for value in bare)
        kinds.add("span")
    if kind == "span" and factor == 60:
        kinds.add("clock")
    return Number(worth, frozenset(kinds), bare, written)


def _number(figure: str, kind: str, written: str, scale: str | None = None) -> Number:
    bare = _values(figure)
    worth = frozenset(value * _SCALES.get((scale or "").strip(), 1) for value in bare)
    return Number(worth, frozenset({kind} if kind else ()), bare | worth, written)


def _values(figure: str) -> frozenset[float]:
    """What "1.234,50" or "4,800" may be worth: a lone separator before three digits is either."""
    signs = re.findall(r"[.,]", figure)
    if not signs:
        return frozenset({float(figure)})
    plain = re.sub(r"[.,]", "", figure)
    head, _, tail = figure.rpartition(signs[-1])
    decimal = float(f"{re.sub(r'[.,]', '', head)}.{tail}")
    if len(signs) == 1 and len(tail) == 3:
        return frozenset({decimal, float(plain)})
    grouped = len(set(signs)) == 1 and len(tail) == 3
    return frozenset({float(plain) if grouped else decimal})


def _sum(words: str) -> str:
    """The figure of a run of number words; words that do not add up stay apart ("5 6")."""
    values = [_WORTH[word] for word in re.findall(r"[a-z]+", words) if word in _WORTH]
    groups = [[values[0]]]
    for before, value in pairwise(values):
        if value in (100, 1000) and before < value:
            groups[-1][-1] *= value
        elif before >= 20 and value < 10 ** (len(str(before)) - 1):
            groups[-1].append(value)
        else:
            groups.append([value])
    return " ".join(str(sum(group)) for group in groups)


def _roman(letters: str) -> int:
    worth = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in letters]
    return sum(-a if a < b else a for a, b in pairwise([*worth, 0]))


_WORTH = {
    word: value
    for line, value in (
        ("dois duas two", 2),
        ("tres three", 3),
        ("quatro four", 4),
        ("cinco five", 5),
        ("seis six", 6),
        ("sete seven", 7),
        ("oito eight", 8),
        ("nove nine", 9),
        ("dez ten", 10),
        ("onze eleven", 11),
        ("doze twelve", 12),
        ("treze thirteen", 13),
        ("catorze quatorze fourteen", 14),
        ("quinze fifteen", 15),
        ("dezesseis sixteen", 16),
        ("dezessete seventeen", 17),
        ("dezoito eighteen", 18),
        ("dezenove nineteen", 19),
        ("vinte twenty", 20),
        ("trinta thirty", 30),
        ("quarenta forty", 40),
        ("cinquenta fifty", 50),
        ("sessenta sixty", 60),
        ("setenta seventy", 70),
        ("oitenta eighty", 80),
        ("noventa ninety", 90),
        ("cem cento hundred", 100),
        ("duzentos duzentas", 200),
        ("trezentos trezentas", 300),
        ("quatrocentos quatrocentas", 400),
        ("quinhentos quinhentas", 500),
        ("seiscentos seiscentas", 600),
        ("setecentos setecentas", 700),
        ("oitocentos oitocentas", 800),
        ("novecentos novecentas", 900),
        ("mil thousand", 1000),
    )
    for word in line.split()
}
_SCALES = {
    "mil": 1e3,
    "thousand": 1e3,
    "milhao": 1e6,
    "milhoes": 1e6,
    "million": 1e6,
    "bilhao": 1e9,
    "bilhoes": 1e9,
    "billion": 1e9,
}
_CURRENCIES = {
    sign: kind
    for signs, kind in (
        ("r$ real reais brl", "brl"),
        ("us$ $ usd dollar dollars dolar dolares", "usd"),
        ("€ eur euro euros", "eur"),
        ("£ gbp pound pounds libra libras", "gbp"),
    )
    for sign in signs.split()
}
_UNITS = {
    unit: (kind, factor)
    for units, kind, factor in (
        ("s seg segundo segundos second seconds sec", "span", 1 / 60),
        ("min minuto minutos minute minutes mins", "span", 1),
        ("h hora horas hour hours hrs", "span", 60),
        ("dia dias day days", "span", 24 * 60),
        ("semana semanas week weeks", "span", 7 * 24 * 60),
        ("mes meses month months", "months", 1),
        ("ano anos year years", "months", 12),
        ("km quilometro quilometros kilometre kilometres kilometer kilometers", "m", 1000),
        ("m metro metros metre metres meter meters", "m", 1),
        ("cm centimetro centimetros centimetre centimetres centimeter centimeters", "m", 0.01),
        ("mm milimetro milimetros millimetre millimetres millimeter millimeters", "m", 0.001),
        ("mile miles milha milhas", "mile", 1),
        ("kg quilo quilos kilo kilos kilogram kilograms", "g", 1000),
        ("g grama gramas gram grams", "g", 1),
        ("l litro litros litre litres liter liters", "l", 1),
        ("ml mililitro mililitros millilitre millilitres", "l", 0.001),
        ("kb", "byte", 1e3),
        ("mb megabyte megabytes", "byte", 1e6),
        ("gb gigabyte gigabytes", "byte", 1e9),
        ("tb terabyte terabytes", "byte", 1e12),
    )
    for unit in units.split()
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        """january janeiro|february fevereiro|march marco|april abril|may maio|june junho|
        july julho|august agosto|september setembro|october outubro|november novembro|
        december dezembro""".split("|"),
        1,
    )
    for name in names.split()
}


def _one_of(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_WORD = rf"(?:(?<!\d\s)(?<!\d)(?:{_one_of(_WORTH)})\b)"
_WORDS = re.compile(rf"\b{_WORD}(?:(?:\s+e\s+|\s+and\s+|\s*-\s*|\s+){_WORD})*")
_ONE = re.compile(rf"\b(?:um|uma|one)\s+(?=(?:{_one_of(_UNITS)})\b)")
_LETTERS = re.compile(r"[a-z]+")
_SPELLED = {*_WORTH, "um", "uma", "one", "half", "meia", "cento", "cent", "percent"}
_HALF_HOUR = re.compile(r"\bmeia hora\b|\bhalf an hour\b|\bhalf-hour\b")
_PER_CENT = re.compile(r"\s?\bp(?:or|er)\s?cento?\b")
_YEAR = re.compile(r"1[4-9]\d\d|20\d\d")
_FIGURE = r"\d+(?:[.,]\d+)*"
_SCALE = rf"\s(?:{_one_of(_SCALES)})\b"
_HALVES = (
    r"[ap]\.?\s?m\b\.?|(?:in\sthe\s)?(?:morning|afternoon|evening)\b|at\snight\b"
    r"|da\s(?:manha|tarde|noite|madrugada)\b"
)
# "may", "march" and "marco" are other words as well
_BEFORE_MONTH = "|".join(
    rf"(?<=\b{word}\s)" for word in ("em", "de", "ate", "desde", "in", "of", "by", "until", "since")
)
_CLEAR_MONTHS = _one_of(_MONTHS.keys() - {"may", "march", "marco"})
_HINT = re.compile(
    r"\d|\b(?:mei[ao][ -]|midday|noon|midnight|seculo|century|capitulo|chapter|volume|tomo|artigo"
    rf"|article|{_one_of(_MONTHS)})"
)
# what may stand before a figure and belong to it: "r$ ", "sha", "x-"
_LEAD = re.compile(r"(?:(?:r\$|us\$|[$€£]|\b(?:eur|usd|brl))\s?|(?<![\w.])[a-z][a-z_-]*)$")
_NUMBER = re.compile(
    rf"""
      (?P<id> (?<![\w.]) [a-z] [a-z-]* [-_]? \d [\w-]*
            | \b (?!1\d{{3}}-|20\d\d-) \d{{3,5}}-\d{{4}} \b )
    | (?P<midday> \bmeio[ -]dia\b | \bmidday\b | \bnoon\b | \bmeia[ -]noite\b | \bmidnight\b )
    | (?P<clock>
        \b (?P<hour>\d{{1,2}}) (?:\s?h\s?|:) (?P<minute>\d{{2}}) (?:min)? (?!\d)
           (?: \s? (?P<half>{_HALVES}) )?
      | \b (?P<hour2>\d{{1,2}}) (?: [:.] (?P<minute2>\d{{2}}) )? (?:\s?h)? \s? (?P<half2>{_HALVES})
      | \b (?P<hour3>\d{{1,2}}) (?: \s?h\b | \s?hrs?\b | \so'clock ) )
    | (?P<money>
        (?P<sign> r\$ | us\$ | \$ | € | £ | \beur | \busd | \bbrl ) \s?
        (?P<sum>{_FIGURE}) (?P<scale>{_SCALE})?
      | \b (?P<sum2>{_FIGURE}) \s? (?P<coin>{_one_of(_CURRENCIES)}) (?!\w) )
    | (?P<percent> \b (?P<share>{_FIGURE}) \s?% )
    | (?P<measure> \b (?P<size>{_FIGURE}) [\s-]?
        (?: (?:working|business|calendar|full|consecutive|whole|primeir[oa]s|ultim[oa]s) \s )?
        (?P<unit>{_one_of(_UNITS)}) \b )
    | (?P<month>
        \b (?P<name> (?:{_CLEAR_MONTHS})\b
           | (?: {_BEFORE_MONTH} | (?<=\d\s) | (?<=\do\s) ) (?:may|march|marco)\b
           | (?:may|march|marco)\b(?=\s\d) ) )
    | (?P<roman> \b (?:seculo|century|capitulo|chapter|volume|tomo|parte?|artigo|article) \s
        (?P<letters>[ivxlc]+) \b )
    | (?P<other> (?<!\w) (?P<plain>{_FIGURE}) (?: (?:[ao]|st|nd|rd|th)\b )? (?P<times>{_SCALE})? )
    """,
    re.VERBOSE,
)
