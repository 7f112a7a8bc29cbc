"""Numbers told by their shape, their check digits and their label: CPF, CNPJ, card, CEP and RG.

In: a plain reading. Out: (start, end, certainty) in it, in order. A written form of its own with right check digits is sure; bare digits are sure behind their
label and "maybe" without one (one in a hundred bare numbers has the check digits of a CPF); bare
digits with another label ("order") are not found.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from core.privacy.nearby import Nearby

Certainty = Literal["sure", "maybe"]
# No letter or digit directly before and after (an underscore may stand there: "cpf_123.pdf").
BEFORE, AFTER = r"(?<![^\W_])", r"(?![^\W_])"


class Hit(NamedTuple):
    """A number found in a plain reading."""

    start: int
    end: int
    certainty: Certainty


_CPF = re.compile(
    rf"{BEFORE}(?<!\d[./-])(?:\d{{3}}[ .-]?\d{{3}}[ .-]?\d{{3}} ?[-./ ]? ?\d{{2}}|\d{{9,10}})"
    rf"{AFTER}(?![./-]\d)"
)
_CPF_FORM = re.compile(r"\d{3}\.\d{3}\.\d{3} ?[-/] ?\d{2}")
_CNPJ = re.compile(
    rf"{BEFORE}(?<!\d[./-])(?:\d{{2}}[ .]?\d{{3}}[ .]?\d{{3}} ?[/ ]? ?\d{{4}} ?[- ]? ?\d{{2}}|\d{{13}}"
    rf"|[a-z\d]{{2}}\.[a-z\d]{{3}}\.[a-z\d]{{3}} ?/ ?[a-z\d]{{4}} ?- ?\d{{2}}|[a-z\d]{{12}}\d{{2}})"
    rf"{AFTER}(?![./-]\d)"
)
_CNPJ_FORM = re.compile(r"\w{2}\.\w{3}\.\w{3} ?/ ?\w{4} ?- ?\d{2}")
_MOMENT = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])")
_SINGLE = re.compile(r"(?<!\S)\s?\d ")
# Looked for at every group, as a card may follow another number of fours.
_CARD = re.compile(
    rf"{BEFORE}(?<!\d[.-])(?=(?P<number>\d{{13,19}}|\d{{4}}([ .-])\d{{4}}\2\d{{4}}\2\d{{1,4}}(?:\2\d{{1,3}})?"
    rf"|\d{{4}}([ -])\d{{6}}\3\d{{4,5}}){AFTER}(?![.-]\d))"
)
_FOUR_BEFORE, _FOUR_AFTER = re.compile(r"(?<!\d)\d{4} "), re.compile(r" \d{4}(?!\d)")
_INVOICE_KEY = re.compile(r"(?<!\d)(?<!\d{4} )\d{4}(?: \d{4}){10}(?!\d)(?! \d{4})")
# Lengths by first digits: Visa, Mastercard, Amex, Diners, JCB, Discover and Elo's 65, UnionPay,
# Elo and Hipercard.
_ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12,15}"
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|62\d{14,17}"
    r"|(?:504175|5067\d\d|509\d{3}|606282|627780|636297|636368)\d{10}"
)
_CEP = re.compile(rf"{BEFORE}(?<!\d[./-])(?:\d{{2}}\.?\d{{3}}-\d{{3}}|\d{{8}}){AFTER}(?![./-]\d)")
_PLACE = re.compile(
    r"(?<![a-z])(?:ruas?|avenida|av|alameda|al|travessa|rodovia|estrada|praca|bairro|centro|endereco"
    r"|address|entregar?|entrega|logradouro|jardim|vila|quadra|street|frete)(?![a-z])"
    r"|[,/(-] ?(?:a[clmp]|ba|ce|df|es|go|m[agst]|p[abeior]|r[jnosr]|s[cpe]|to)(?![a-z])"
)
_STATE = r"(?:a[clmp]|ba|ce|df|es|go|m[agst]|p[abeior]|r[jnosr]|s[cpe]|to)"
_RG = re.compile(
    rf"{BEFORE}(?<!\d[./-])(?:{_STATE}[ -]?)?\d{{1,2}}\.?\d{{3}}\.?\d{{3}}(?:[ -]?[\dx])?"
    rf"{AFTER}(?![./-]\d)"
)


def cpfs(plain: str) -> Iterator[Hit]:
    """CPF, also with a lost leading zero behind its label; mistyped ones behind it are "maybe"."""
    from stdnum.br import cpf

    nearby = Nearby(plain)
    for match in _CPF.finditer(plain):
        digits = bare(match[0])
        valid = cpf.is_valid(digits.zfill(11))
        form = bool(_CPF_FORM.fullmatch(match[0]))
        if same(digits) or not (valid or form):
            continue
        label = nearby.label(*match.span())
        own = label in ("cpf", "taxpayer")
        if own or (valid and len(digits) == 11):
            yield from hits(match, rated(own, label, form) if valid else "maybe")


def cnpjs(plain: str) -> Iterator[Hit]:
    """CNPJ, numeric or with letters; one with letters and no points only behind its label."""
    from stdnum.br import cnpj

    nearby = Nearby(plain)
    for match in _CNPJ.finditer(plain):
        number = bare(match[0])
        letters_alone = number[:12].isalpha()  # a word with two figures behind it
        if letters_alone or same(number) or not cnpj.is_valid(number.zfill(14).upper()):
            continue
        label = nearby.label(*match.span())
        own = label in ("cnpj", "taxpayer")
        form = bool(_CNPJ_FORM.fullmatch(match[0]))
        if own or form or _stands_alone(plain, match.start(), number):
            yield from hits(match, rated(own, label, form))


def _stands_alone(plain: str, start: int, number: str) -> bool:
    """Whether 14 bare digits are no moment in time and not the end of a boleto's line."""
    boleto = _SINGLE.fullmatch(plain, max(0, start - 3), start)
    return number.isdigit() and len(number) == 14 and not boleto and not _MOMENT.match(number)


def cards(plain: str) -> Iterator[Hit]:
    """Payment cards: the length and first digits of an issuer, and the Luhn digit."""
    from stdnum import luhn

    plain = _INVOICE_KEY.sub(lambda key: " " * len(key[0]), plain)
    nearby = Nearby(plain)
    for match in _CARD.finditer(plain):
        digits = bare(match["number"])
        if not _ISSUED.fullmatch(digits) or same(digits) or luhn.checksum(digits):
            continue
        start, end = match.span("number")
        label = nearby.label(start, end)
        own, form = label == "card", len(digits) < end - start and not _in_a_row(plain, start, end)
        certainty = rated(own, label, form)
        if certainty and (own or form or len(digits) in (15, 16)):
            yield Hit(start, end, certainty)


def _in_a_row(plain: str, start: int, end: int) -> bool:
    """Whether further groups of four stand beside it, as in other long numbers."""
    before = _FOUR_BEFORE.fullmatch(plain, max(0, start - 5), start)
    return bool(before or _FOUR_AFTER.match(plain, end))


def ceps(plain: str) -> Iterator[Hit]:
    """Postal codes; without a label they are sure in an address and "maybe" elsewhere."""
    nearby = Nearby(plain)
    for match in _CEP.finditer(plain):
        digits = bare(match[0])
        if digits < "01000000" or same(digits):
            continue
        label = nearby.label(*match.span())
        form = "-" in match[0]
        if label == "cep":
            yield from hits(match, "sure")
        elif form and label != "other":
            around = plain[max(0, match.start() - 80) : match.end() + 16]
            yield from hits(match, "sure" if _PLACE.search(around) else "maybe")


def rgs(plain: str) -> Iterator[Hit]:
    """Identity cards, only behind their label: each state numbers as it likes."""
    nearby = Nearby(plain)
    for match in _RG.finditer(plain):
        if nearby.label(*match.span()) == "rg" and not same(bare(match[0])):
            yield from hits(match, "sure")


def rated(own: bool, label: str, form: bool) -> Certainty | None:
    """How certain a valid number is: behind its own label, another's, or none."""
    if own or (form and label != "other"):
        return "sure"
    return "maybe" if form or label != "other" else None


def hits(match: re.Match[str], certainty: Certainty | None) -> Iterator[Hit]:
    """The match as a hit, or nothing."""
    if certainty:
        yield Hit(match.start(), match.end(), certainty)


def bare(number: str) -> str:
    """Its digits and letters alone."""
    return number.translate(_BARE)


_BARE = str.maketrans("", "", " .-/()+")


def same(digits: str) -> bool:
    """Whether it is one digit repeated, as in forms and examples."""
    return digits == digits[0] * len(digits)
