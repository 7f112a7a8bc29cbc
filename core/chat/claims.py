"""What one sentence says, in a form that can be compared with what another says.

In: a sentence in Portuguese or English. Out: its ideas, each with a sign (what it denies has a
minus), clause by clause, with its numbers, names and weekdays. No grammar is parsed: a negation
reaches to the end of its clause at most. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from core.chat.lexicon import Idea, idea
from core.chat.numbers import Number, figures, numbers
from core.text import fold, is_stopword, stem

REACH = 2  # after so many denied ideas, "and" or a comma ends a negation's reach
PHRASE_REACH = 3  # "without" and "except" deny the next few words, not the clause


class Name(NamedTuple):
    """A name as folded words and as ideas, and the word it stands behind (empty: none)."""

    words: frozenset[str]
    ideas: frozenset[str]
    before: str
    sure: bool = True  # not sure: it opens the sentence, and may owe its capital to that


@dataclass
class Clause:
    """A part of a sentence: its ideas with their signs, its numbers and weekdays.

    A sign is 1, -1 (denied), or 0 where "only" or a contradiction leaves both open. ``denies``
    tells whether its verb is denied, or a word that denies by itself stands in it.
    """

    signs: dict[str, int] = field(default_factory=dict)
    numbers: list[Number] = field(default_factory=list)
    days: frozenset[int] = frozenset()
    denies: bool = False


@dataclass
class Claim:
    """What a sentence says. ``ideas`` are those that count (light ones tell of polarity only).

    ``words`` are all its words, folded; weekdays count from Monday, 0.
    """

    clauses: list[Clause]
    ideas: frozenset[str]
    names: list[Name]
    words: frozenset[str]

    @property
    def numbers(self) -> list[Number]:
        """The numbers of all clauses."""
        return [number for clause in self.clauses for number in clause.numbers]

    @property
    def days(self) -> frozenset[int]:
        """The weekdays of all clauses."""
        return frozenset(day for clause in self.clauses for day in clause.days)

    @property
    def says_something(self) -> bool:
        """Whether there is anything to compare."""
        return bool(self.ideas or self.names or any(c.numbers or c.days for c in self.clauses))


@lru_cache(maxsize=4096)
def read(sentence: str, language: str) -> Claim:
    """What ``sentence`` (plain, without marks) says; ``language`` is "pt" or "en"."""
    text = figures(_JOINED.sub(r"\1", fold(sentence.replace("’", "'"))))
    words = frozenset(_WORD.findall(text))
    for pattern, instead in _PHRASES[language]:
        text = pattern.sub(instead, text)
    clauses, ideas = [], set()
    for piece in _pieces(text, language):
        clause, counted = _clause(piece, language)
        ideas |= counted
        if clause.signs or clause.numbers or clause.days:
            clauses.append(clause)
    return Claim(clauses, frozenset(ideas), list(_names(sentence, language)), words)


def _pieces(text: str, language: str) -> Iterator[str]:
    """The clauses of a folded sentence; "shipping is 18 to Rio and 42 to Recife" are two.

    One that goes on with "and" shares the subject: what stands before the first figure.
    """
    subject = ""
    for piece in _BREAK[language].split(text):
        held = subject if piece.startswith(_GOES_ON) else ""
        for part in _AND.split(piece):
            if held and _counts_anew(held, part, language):
                yield held
                held = subject
            held = f"{held} {part}"
            subject = subject or _DIGIT.split(held)[0]
        yield held


def _counts_anew(held: str, part: str, language: str) -> bool:
    """Whether ``part`` gives another number of the same kind to something else."""
    before = {kind for number in numbers(held) for kind in number.kinds}
    own = numbers(part)
    if not any(before & number.kinds for number in own):
        return False
    for number in own:
        part = part.replace(number.written, " ")
    return bool(_DAY.search(part)) or any(idea(w, language).name for w in _WORD.findall(part))


def _clause(piece: str, language: str) -> tuple[Clause, set[str]]:
    """A clause, and those of its ideas that count."""
    days, rest = _days(piece)
    clause, counted = Clause(numbers=numbers(piece), days=days), set()
    for known, sign, spoken in _signed(rest, language):
        if clause.signs.setdefault(known.name, sign) != sign:
            clause.signs[known.name] = 0
        clause.denies |= sign < 0 and spoken
        if not known.light:
            counted.add(known.name)
    return clause, counted


def _signed(piece: str, language: str) -> Iterator[tuple[Idea, int, bool]]:
    """The ideas of a clause with their signs, and whether a minus is a denial."""
    verbal, phrasal, only = _CUES[language]
    tokens = [found.group() for found in _TOKEN.finditer(piece)]
    found: list[tuple[Idea, int, bool]] = []
    reach, spoken, denied = 0, False, 0
    for word in tokens:
        if word in verbal or word in phrasal:
            spoken, denied = word in verbal, 0
            reach = len(tokens) if spoken else PHRASE_REACH
            continue
        if denied >= (REACH if spoken else 1) and word in (_ENDS_REACH if spoken else _ENDS_PHRASE):
            reach = 0
        known = idea(word, language)
        if not known.name or not word[0].isalpha():
            continue
        sign = known.sign if not reach else -known.sign
        found.append((known, sign, spoken if reach else known.denies))
        if reach:
            reach, denied = (0 if known.sign < 0 else reach - 1), denied + 1
    if reach and spoken and not denied:  # "padlocks are not"
        found = [(known, -sign, True) for known, sign, _ in found]
    if any(word in only for word in tokens):
        found = [(known, 0, False) for known, _, _ in found]
    yield from found


def _days(piece: str) -> tuple[frozenset[int], str]:
    """The weekdays a text speaks of, ranges filled in, and the text without them."""
    days: set[int] = set()
    for found in _DAY_RANGE.finditer(piece):
        low, high = _day(found["first"]), _day(found["last"])
        days |= {day % 7 for day in range(low, high + 1 if high >= low else high + 8)}
    days |= {_day(name) for name in _DAY.findall(piece)}
    for pattern, named in _DAY_GROUPS:
        if pattern.search(piece):
            days |= named
    return frozenset(days), _DAY.sub(" ", piece)


def _day(name: str) -> int:
    return _DAY_NAMES[name[:3]]


def _names(sentence: str, language: str) -> Iterator[Name]:
    """Runs of capitalised words that are no ordinary word at the start of the sentence."""
    for found in _NAME.finditer(sentence):
        parts = [part for part in found.group().split() if not part.islower()]
        opens = not sentence[: found.start()].strip(" \"'“”«»(*_-•")
        if opens and _is_ordinary(parts[0], language):
            parts = parts[1:]
            opens = False
        folded = [fold(part.replace("’", "'")).removesuffix("'s") for part in parts]
        told = [_JOINED.sub(r"\1", word) for word in folded if word not in _NO_NAMES]
        words = {
            piece for word in told if not _DAY.fullmatch(word) for piece in _WORD.findall(word)
        }
        if words:
            before = _WORD.findall(fold(sentence[: found.start()]))
            yield Name(
                frozenset(words),
                frozenset(idea(word, language).name for word in words),
                before[-1] if before else "",
                sure=not opens or len(parts) > 1 or not parts[0].istitle(),
            )


def _is_ordinary(part: str, language: str) -> bool:
    """Whether the first word of a sentence is known as a common word."""
    word = fold(part)
    listed = idea(word, language) != Idea(stem(word, language))
    return part.istitle() and (listed or is_stopword(word, language))


_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"[^\W_]+|,")
_JOINED = re.compile(r"\b([a-z])-(?=[a-z]{3})")  # e-mail is email
_CAPITAL = r"[a-z]?[A-ZÀ-ÖØ-Þ](?!\$)(?:[\w'’.-]*\w)?"
_NAME = re.compile(rf"(?<!\w){_CAPITAL}(?:\s+(?:(?:d[aeo]s?|of|the|e)\s+)?{_CAPITAL})*")
_NO_NAMES = frozenset(
    """i i'm i'll sr sra dr dra mr mrs ms january february march april may june july august
    september october november december sim nao yes no ok""".split()
)
_GOES_ON = ("e ", "and ", "which ", "que ")
_DIGIT = re.compile(r"[^\s]*\d")
_AND = re.compile(r"\s(?=(?:e|and)\s)")
_ENDS_REACH = frozenset({",", "e", "and"})
_ENDS_PHRASE = _ENDS_REACH | frozenset(
    """em no na nos nas para por pelo pela com que se sao foi sera pode deve nao tem ha
    in on at for by with that is are was were will can must may has have to not""".split()
)
_CUES = {
    "pt": (
        frozenset("nao nunca jamais nem tampouco nenhum nenhuma ninguem nada".split()),
        frozenset("sem exceto salvo".split()),
        frozenset("so apenas somente unicamente exclusivamente".split()),
    ),
    "en": (
        frozenset("not never no none nobody nothing neither nor".split()),
        frozenset("without except excluding unless".split()),
        frozenset("only solely exclusively alone just".split()),
    ),
}


def _compiled(*pairs: tuple[str, str]) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), instead) for pattern, instead in pairs]


_PHRASES = {
    "pt": _compiled(
        (r"^\W*(?:sim|nao)\s*[,.:]", " "),
        (r"\bnao (?:so|apenas|somente|obstante)\b|\bsem duvida\b|\bou nao\b", " "),
        (r"\bno maximo\b|\bnao mais (?:do )?que\b", " maximo "),
        (r"\b(?:pelo|ao|no) (?:menos|minimo)\b|\bou mais\b", " minimo "),
        (r"\bmais de\b|\bacima de\b", " acima "),
        (r"\bmenos de\b|\babaixo de\b", " abaixo "),
        (r"\ba parte\b", " separado "),
        (r"\bde graca\b", " gratuito "),
        (r"\bcopias? de seguranca\b", " backup "),
        (r"\b(?:nao )?custa\w* nada\b", " gratuito "),
        (r"\bcheck-?\s?out\b", " saida "),
        (r"\bcheck-?\s?in\b", " entrada "),
        (r"\ba menos que\b|\ba nao ser que\b|\ba excecao d[eoa]s?\b", " exceto "),
        (r"\bfora d[oa]\b", " "),
    ),
    "en": _compiled(
        (r"^\W*(?:yes|no)\s*[,.:]", " "),
        (r"n't\b", " not "),
        (r"\bcannot\b", " can not "),
        (r"\bnot only\b|\bor not\b|\bno doubt\b", " "),
        (r"\bno(?:t)? (?:more|later) than\b|\bat most\b|\bup to\b", " maximum "),
        (r"\bno(?:t)? (?:less|fewer) than\b|\bat least\b|\bor more\b|\bor newer\b", " minimum "),
        (r"\bno longer\b", " not "),
        (r"\bmore than\b", " above "),
        (r"\bless than\b|\bfewer than\b", " below "),
        (r"\bfree of charge\b|\bcosts? nothing\b|\bat no (?:extra )?(?:cost|charge)\b", " free "),
        (r"\b(all|every|any) (\w+(?: \w+)?) but\b", r" \1 \2 except "),
        (r"\bon hold\b", " pause "),
    ),
}
_BREAK = {
    "pt": re.compile(
        r"[;!?()]|:(?!\d)|\s[—–-]\s|,\s*(?=(?:e|que|porque|desde|enquanto|ou|quem|o qual|cujo)\b)"
        r"|\b(?:mas|porem|embora|enquanto|contudo|todavia|contanto que|desde que)\b"
    ),
    "en": re.compile(
        r"[;!?()]|:(?!\d)|\s[—–-]\s|,\s*(?=(?:and|which|who|whose|so|or|if)\b)"
        r"|\b(?:but|while|whereas|although|though|however|provided that|as long as)\b"
    ),
}
_DAY_NAMES = {
    "seg": 0, "ter": 1, "qua": 2, "qui": 3, "sex": 4, "sab": 5, "dom": 6,
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
_FEIRA = r"(?:segunda|terca|quarta|quinta|sexta)s?"
# "segunda" is also "second": it is a day before "-feira", after "na", and in a row of days
_ONE_DAY = (
    rf"{_FEIRA}-feiras?|(?:(?<=\bas )|(?<=\bna )|(?<=\bnas )|(?<=\bde )|(?<=\be )|(?<=\ba )"
    rf"|(?<=\btoda )|(?<=\bate )){_FEIRA}\b(?! \w*(?:vez|via|edic|parte|etapa))"
    r"|\b(?:sabado|domingo)s?\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
)
_DAY = re.compile(rf"(?:{_ONE_DAY})")
_DAY_RANGE = re.compile(
    rf"(?P<first>{_FEIRA}(?:-feira)?|{_ONE_DAY}) (?:a|ate|to|through|until|-|–) (?P<last>{_ONE_DAY})"
)
_DAY_GROUPS = [
    (re.compile(r"\bfi(?:m|ns) de semana\b|\bweekends?\b"), frozenset({5, 6})),
    (
        re.compile(r"(?<!\d )\b(?:dias uteis|dia util|weekdays?|working days?)\b"),
        frozenset(range(5)),
    ),
    (re.compile(r"\btodos os dias\b|\bdiariamente\b|\bevery day\b|\bdaily\b"), frozenset(range(7))),
]
