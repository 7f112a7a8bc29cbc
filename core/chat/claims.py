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

from core.chat.lexicon import TELLING, Idea, idea
from core.chat.numbers import Number, figures, numbers
from core.chat.weekdays import SIGNS, is_weekday, weekdays
from core.text import fold, is_stopword, stem

VERB, WORD, BESIDES = "verb", "word", "besides"
PHRASE_REACH = 3  # "without" and "except" deny the next few words, not the clause


class Name(NamedTuple):
    """A name as folded words and as ideas, and the word it stands behind (empty: none)."""

    words: frozenset[str]
    ideas: frozenset[str]
    before: str
    sure: bool = True  # not sure: it opens the sentence, and may owe its capital to that
    common: bool = False  # a common word that tells one thing from the others: "monthly"


@dataclass
class Clause:
    """A part of a sentence: its ideas with their signs, its numbers and weekdays.

    A sign is 1, -1 (denied, or the other end of a scale), or 0 where "only" or a contradiction
    leaves both open. ``denied`` holds the ideas that are denied, and how; ``denies`` tells whether
    its verb is, or a word that denies by itself stands in it.
    """

    signs: dict[str, int] = field(default_factory=dict)
    denied: dict[str, str] = field(default_factory=dict)
    numbers: list[Number] = field(default_factory=list)
    days: frozenset[int] = frozenset()
    denies: bool = False
    short: bool = False  # it leaves out what the clause before has said: "and 20% on tests"


@dataclass
class Claim:
    """What a sentence says. ``ideas`` are those that count (light ones tell of polarity only).

    ``words`` are all its words, folded; weekdays count from Monday, 0.
    """

    clauses: list[Clause]
    ideas: frozenset[str]
    names: list[Name]
    words: frozenset[str]
    numbers: list[Number]
    days: frozenset[int]

    @property
    def says_something(self) -> bool:
        """Whether there is anything to compare."""
        return bool(self.ideas or self.names or self.numbers or self.days)


@lru_cache(maxsize=4096)
def read(sentence: str, language: str) -> Claim:
    """What ``sentence`` (plain, without marks) says; ``language`` is "pt" or "en"."""
    text = fold(sentence.replace("’", "'"))
    if "-" in text:
        text = _JOINED.sub(r"\1", text)
    text = figures(text)
    words = frozenset(_WORD.findall(text))
    has_days = not words.isdisjoint(SIGNS)
    clauses, ideas = [], set()
    for piece, short in _pieces(text, language):
        clause, counted = _clause(piece, language, has_days)
        clause.short = short
        ideas |= counted
        if clause.signs or clause.numbers or clause.days:
            clauses.append(clause)
    return Claim(
        clauses,
        frozenset(ideas),
        [*_names(sentence, language), *_telling(text, language)],
        words,
        [number for clause in clauses for number in clause.numbers],
        frozenset(day for clause in clauses for day in clause.days),
    )


def _pieces(text: str, language: str) -> Iterator[tuple[str, bool]]:
    """The clauses of a folded sentence, and whether one leaves out what the last has said.

    "Shipping is 18 to Rio and 42 to Recife" are two. One that goes on with "and" shares the
    subject: what stands before the first figure.
    """
    pieces = _BREAK[language].split(text)
    if not _DIGIT.search(text):
        yield from ((piece, False) for piece in pieces)
        return
    subject = ""
    for piece in pieces:
        held, short = (subject if piece.startswith(_GOES_ON) else ""), False
        for part in _AND.split(piece):
            if _DIGIT.search(held) and _DIGIT.search(part) and _counts_anew(held, part, language):
                yield held, short
                held, short = subject, True
            held = f"{held} {part}"
            subject = subject or _DIGIT.split(held, maxsplit=1)[0].rpartition(" ")[0]
        yield held, short


def _counts_anew(held: str, part: str, language: str) -> bool:
    """Whether ``part`` gives another number of the same kind to something else."""
    before = {kind for number in numbers(held) for kind in number.kinds}
    own = numbers(part)
    if not any(before & number.kinds for number in own):
        return False
    for number in own:
        part = part.replace(number.written, " ")
    return bool(weekdays(part)[0]) or any(idea(w, language).name for w in _WORD.findall(part))


def _clause(piece: str, language: str, has_days: bool) -> tuple[Clause, set[str]]:
    """A clause, and those of its ideas that count."""
    days, rest = weekdays(piece) if has_days else (frozenset(), piece)
    clause, counted = Clause(numbers=numbers(piece), days=days), set()
    for number in clause.numbers:
        if number.kinds == {"clock"}:  # "in the morning" is said by the hour itself
            rest = rest.replace(number.written, " ", 1)
    for known, sign, how in _signed(rest, language):
        if clause.signs.setdefault(known.name, sign) != sign:
            clause.signs[known.name] = 0
        if sign < 0 and how:
            clause.denied[known.name] = how
            clause.denies |= how != BESIDES
        if not known.light:
            counted.add(known.name)
    return clause, counted


def _signed(piece: str, language: str) -> Iterator[tuple[Idea, int, str]]:
    """The ideas of a clause with their signs, and how a minus came about.

    VERB: the verb is denied; WORD: the word denies; BESIDES: "without" stands before it; empty:
    it is the other end of a scale, which denies nothing.
    """
    verbal, phrasal, only = _CUES[language]
    tokens = _one_word_each(_TOKEN.findall(piece), language)
    found: list[tuple[Idea, int, str]] = []
    cue, reach, reached, since, denied = "", 0, 0, 0, 0
    for word in tokens:
        since = len(found) if word == "," else since
        if word in verbal or word in phrasal:
            cue, reached, denied = (VERB if word in verbal else BESIDES), 0, 0
            reach = len(tokens) if cue == VERB else PHRASE_REACH
            continue
        if reached and word in (_ENDS_REACH if cue == VERB else _ENDS_PHRASE):
            reach = 0
        known = idea(word, language)
        reached += word[0].isalpha() and not is_stopword(word, language)
        if not known.name or not word[0].isalpha():
            continue
        if not reach:
            found.append((known, known.sign, WORD if known.denies else ""))
            continue
        compares = known.light and not known.denies  # "not above 45" is no denial
        found.append((known, -known.sign, "" if compares else cue))
        denied += 1
        reach = 0 if compares or known.sign < 0 else reach - 1
    if reach and cue == VERB and not denied:  # "towels are free, padlocks are not"
        found[since:] = [(known, -sign, VERB) for known, sign, _ in found[since:]]
    yield from _opened(found, tokens, only, cue)


def _opened(
    found: list[tuple[Idea, int, str]], tokens: list[str], only: frozenset[str], cue: str
) -> Iterator[tuple[Idea, int, str]]:
    """Signs as 0 where "only" leaves it open what holds for the rest; a denial stays one."""
    opens = any(word in only for word in tokens)
    for known, sign, how in found:
        stays = not opens or (cue == VERB and how == VERB and sign < 0)
        yield (known, sign, how) if stays else (known, 0, "")


def _one_word_each(tokens: list[str], language: str) -> list[str]:
    """Phrases as the one word they mean; an opening "Yes," goes, "don't" becomes "not"."""
    if tokens[1:2] == [","] and tokens[0] in _ANSWERS:
        tokens = tokens[2:]
    phrases = _MEANINGS[language]
    out: list[str] = []
    at = 0
    while at < len(tokens):
        word = tokens[at]
        for rest, meant in phrases.get(word, ()):
            if tokens[at + 1 : at + 1 + len(rest)] == rest:
                word, at = meant, at + len(rest)
                break
        if word == "t" and out and out[-1].endswith("n"):
            word = "not"
        if word:
            out.append(word)
        at += 1
    return out


def _names(sentence: str, language: str) -> Iterator[Name]:
    """Runs of capitalised words that are no ordinary word at the start of the sentence."""
    for found in _NAME.finditer(sentence):
        parts = [part for part in found.group().split() if not part.islower()]
        opens = not found.start() or not sentence[: found.start()].strip(" \"'“”«»(*_-•")
        if opens and _is_ordinary(parts[0], language):
            parts = parts[1:]
            opens = False
        words = frozenset(word for part in parts for word in _name_words(part))
        if words:
            yield Name(
                words,
                frozenset(idea(word, language).name for word in words),
                _word_before(sentence, found.start()),
                sure=not opens or len(parts) > 1 or _has_inner_capital(parts[0]),
            )


def _telling(text: str, language: str) -> Iterator[Name]:
    """Common words that are as good as names: "monthly", "blue", "inglês"."""
    before = ""
    for word in _WORD.findall(text):
        if word in TELLING[language]:
            known = frozenset({idea(word, language).name})
            yield Name(frozenset({word}), known, before, common=True)
        before = word


@lru_cache(maxsize=4096)
def _name_words(part: str) -> tuple[str, ...]:
    """A capitalised word folded, in pieces; nothing where it is no name."""
    word = fold(part.replace("’", "'")).removesuffix("'s")
    if word in _NO_NAMES or is_weekday(word):
        return ()
    return tuple(_WORD.findall(_JOINED.sub(r"\1", word)))


def _has_inner_capital(part: str) -> bool:
    return any(sign.isupper() for sign in part[1:])


def _word_before(sentence: str, at: int) -> str:
    words = _WORD.findall(sentence[max(0, at - 30) : at])
    return fold(words[-1]) if words else ""


@lru_cache(maxsize=4096)
def _is_ordinary(part: str, language: str) -> bool:
    """Whether the first word of a sentence is known as a common word."""
    word = fold(part.replace("’", "'"))
    listed = idea(word, language) != Idea(stem(word, language))
    return not _has_inner_capital(part) and (listed or "'" in word or is_stopword(word, language))


_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"[^\W_]+|,")
_JOINED = re.compile(r"\b([a-z])-(?=[a-z]{3})")  # e-mail is email
_CAPITAL = r"[a-z]?[A-ZÀ-ÖØ-Þ](?!\$)(?:[\w'’.-]*\w)?"
_NAME = re.compile(rf"(?<!\w){_CAPITAL}(?:\s+(?:(?:d[aeo]s?|of|the|e)\s+)?{_CAPITAL})*")
_NO_NAMES = frozenset(
    """i i'm i'll sr sra dr dra mr mrs ms january february march april may june july august
    september october november december sim nao yes no ok""".split()
)
_ANSWERS = frozenset("sim nao yes no".split())
_GOES_ON = ("e ", "and ", "which ", "que ")
_DIGIT = re.compile(r"\d")
_AND = re.compile(r"\s(?=(?:e|and)\s)")
_ENDS_REACH = frozenset(
    """, e ate antes se quando porque pois and until before if when because since so""".split()
)
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
        frozenset("not cannot never no none nobody nothing neither nor".split()),
        frozenset("without except excluding unless but".split()),
        frozenset("only solely exclusively alone just".split()),
    ),
}


# What is said in several words, and the one word it means ("": nothing that matters here).
_PHRASES = {
    "pt": """
        nao so|nao apenas|nao somente|nao obstante|sem duvida|ou nao|fora do|fora da =
        no maximo|nao mais que|nao mais do que = maximo
        pelo menos|ao menos|no minimo|ou mais = minimo
        mais de|acima de = acima
        menos de|abaixo de = abaixo
        a parte = separado
        de graca|nao custa nada|custa nada|nao custam nada|custam nada = gratuito
        copia de seguranca|copias de seguranca = backup
        check out = saida
        check in = entrada
        a menos que|a nao ser que|a excecao do|a excecao da|a excecao de = exceto
        em vez de|ao inves de|livre de|livres de = sem
        de fora = excluido
    """,
    "en": """
        not only|or not|no doubt =
        no more than|not more than|no later than|not later than|at most|up to = maximum
        no less than|not less than|no fewer than|at least|or more|or newer = minimum
        no longer = not
        with no|rather than|instead of|free from|free of = without
        more than = above
        less than|fewer than = below
        free of charge|costs nothing|cost nothing|at no cost|at no charge|at no extra cost = free
        on hold = pause
        left out|leave out|leaves out|leaving out = excluded
        off by default|switched off|turned off|is off|are off|switch off|turn off = disabled
        on by default|switched on|turned on|switch on|turn on = enabled
    """,
}
_MEANINGS: dict[str, dict[str, list[tuple[list[str], str]]]] = {}
for _spoken, _lines in _PHRASES.items():
    _MEANINGS[_spoken] = {}
    for _line in _lines.strip().splitlines():
        _said, _, _meant = _line.partition("=")
        for _phrase in _said.strip().split("|"):
            _first, *_rest = _phrase.split()
            _MEANINGS[_spoken].setdefault(_first, []).append((_rest, _meant.strip()))
_BREAK = {
    "pt": re.compile(
        r"[;!?()]|:(?!\d)|\s[—–-]\s|,\s*(?=(?:e|que|porque|desde|enquanto|ou|quem|o qual|cujo)\b)"
        r"|\b(?:mas|porem|embora|enquanto|contudo|todavia|contanto que|desde que)\b"
    ),
    "en": re.compile(
        r"[;!?()]|:(?!\d)|\s[—–-]\s|,\s*(?=(?:and|which|who|whose|so|or|if)\b)"
        r"|(?<!\ball )(?<!\bone )(?<!rooms )(?<!days )\bbut\b|\b(?:while|whereas|although|though|however|provided that|as long as)\b"
    ),
}
