"""Telephone numbers: Brazilian ones in every usual form, foreign ones behind a "+", American ones.

In: a plain reading. Out: hits in it. A number with country, or area in brackets or set apart, is
sure; bare digits are sure behind a label; a mobile number without one is "maybe".
"""

import re
from collections.abc import Iterator
from itertools import chain

from core.privacy.nearby import Nearby
from core.privacy.numbers import AFTER, BEFORE, Certainty, Hit, bare, hits, rated, same

BRAZIL = 55
_NATIONAL = re.compile(
    rf"{BEFORE}(?<!\d[.-])(?P<country>(?:\+|00)?55[ .-]{{0,2}})?"
    r"(?P<area>(?P<open>\()?(?:0(?:xx|\d\d)?[ .-]?)?(?P<code>[1-9]\d)(?(open)\))[ .-]{0,3})?"
    rf"(?P<line>(?:9[ .-]?)?\d{{4}}(?P<split>[ .-]?)\d{{4}}){AFTER}(?![.-]\d)"
)
_FREE = re.compile(
    rf"{BEFORE}(?<!\d[.-])0[3589]00[ .-]?(?:\d{{2,3}}[ .-]?\d{{4}}|\d{{6,7}}){AFTER}(?![.-]\d)"
)
_FOREIGN = re.compile(rf"{BEFORE}\+(?!55)\d{{1,3}}(?:[ .()-]{{0,2}}\d){{6,12}}{AFTER}(?![.-]\d)")
_AMERICAN = re.compile(rf"(?<!\w)\([2-9]\d\d\) ?\d{{3}}-\d{{4}}{AFTER}(?![.-]\d)")
_LOCAL = re.compile(r"9\d{8}|[2-5]\d{7}")
_YEARS = re.compile(r"(?:19|20)\d\d[ .-]?(?:19|20)\d\d")


def phones(plain: str) -> Iterator[Hit]:
    """Every telephone number, of a person or of a company."""
    yield from _national(plain)
    yield from _free(plain)
    yield from _foreign(plain)


def _national(plain: str) -> Iterator[Hit]:
    nearby = Nearby(plain)
    for match in _NATIONAL.finditer(plain):
        line, code = bare(match["line"]), match["code"]
        if same(line[-8:]):
            continue
        if _assigned(code + line) if code else _LOCAL.fullmatch(line):
            label = nearby.label(*match.span())
            yield from hits(match, "sure" if label == "phone" else _unlabelled(match, label))


def _unlabelled(match: re.Match[str], label: str) -> Certainty | None:
    """How certain a valid number is that no word calls a telephone."""
    area, line, split = match["area"] or "", match["line"], match["split"]
    if match[0].startswith("+") or ")" in area:
        return rated(False, label, True)
    apart = area[-1:] in (" ", ".", "-")  # "11 90000-1234", not "11900001234"
    if not area:
        likely = len(bare(line)) == 9 and split == "-" and not label
    elif len(bare(line)) == 9:
        if apart and split:
            return rated(False, label, True)
        likely = apart or line[1].isdigit()
    else:
        likely = apart and split == "-" and not _YEARS.fullmatch(line)
    return rated(False, label, False) if likely else None


def _assigned(number: str) -> bool:
    from phonenumbers import PhoneNumber, is_valid_number

    return is_valid_number(PhoneNumber(country_code=BRAZIL, national_number=int(number)))


def _free(plain: str) -> Iterator[Hit]:
    nearby = Nearby(plain)
    for match in _FREE.finditer(plain):
        label = nearby.label(*match.span())
        yield from hits(match, rated(label == "phone", label, not match[0].isdigit()))


def _foreign(plain: str) -> Iterator[Hit]:
    from phonenumbers import NumberParseException, is_valid_number, parse

    for match in chain(_FOREIGN.finditer(plain), _AMERICAN.finditer(plain)):
        try:
            valid = is_valid_number(parse(match[0], "US"))
        except NumberParseException:
            continue  # no country has this code: no telephone number
        if valid:
            yield from hits(match, "sure")
