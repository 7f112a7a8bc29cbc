"""What kind of answer a question asks for, and whether a sentence could be one.

"Quando abre?" asks for a time, so a sentence with a time in it is likelier the answer than one
without. Only kinds that leave a visible trace are told: time, number, name, cause.
"""

import re

from core.text.folding import fold
from core.text.words import words

_ASKS = {
    "time": r"quando|que (?:dia|data|ano|horas?|seculo|periodo)|qual (?:a data|o ano|o dia|e o prazo)"
    r"|(?:em )?quanto tempo|prazo|horarios?|when|what (?:time|date|day|year)|which (?:year|day)"
    r"|how long|opening hours|deadline",
    "number": r"quant[oa]s?|percentual|porcentagem|preco|valor|custa[m]?|taxa"
    r"|how (?:many|much|old|far|often|tall|big|large)|percent(?:age)?|price|cost[s]?",
    "name": r"quem|onde|aonde|qual (?:e )?o nome|who(?:m|se)?|where|which (?:person|city|country)",
    "cause": r"por ?que|porque|motivo|razao|why|reason|what causes",
}
_MONTHS = (
    r"janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
)
_DAYS = (
    r"segunda|terca|quarta|quinta|sexta|sabado|domingo|feriados?"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?|holidays?"
)
_UNITS = (
    r"seculo|dias?|horas?|minutos?|semanas?|mes(?:es)?|anos?|century|hours?|minutes?|weeks?|years?"
)
_NUMBERS = (
    r"um|uma|dois|duas|tres|quatro|cinco|seis|sete|oito|nove|dez|vinte|trinta|cem|mil|milhao|milhoes"
    r"|metade|one|two|three|four|five|six|seven|eight|nine|ten|twenty|hundred|thousand|million|half"
)
_BECAUSE = (
    r"porque|pois|devido|por causa|ja que|uma vez que|para que|a fim de|por isso|causad[oa]s?"
    r"|because|due to|since|as a result|therefore|caused?|so that|in order to|led to"
)
_SHOWS = {
    "time": rf"(?:1\d|20)\d\d|\d{{1,2}}(?:h|:)\d{{0,2}}|\d{{1,2}}/\d{{1,2}}|{_MONTHS}|{_DAYS}|{_UNITS}",
    "number": rf"[\w.,$]*\d[\w.,%]*|{_NUMBERS}",
    "cause": _BECAUSE,
}
_ASKING = {kind: re.compile(rf"\b(?:{pattern})\b") for kind, pattern in _ASKS.items()}
_SHOWING = {kind: re.compile(rf"\b(?:{pattern})\b") for kind, pattern in _SHOWS.items()}


def kind_asked(question: str) -> str:
    """ "time", "number", "name", "cause", or "" where the question does not tell."""
    folded = fold(question)
    return next((kind for kind, asks in _ASKING.items() if asks.search(folded)), "")


def shows(kind: str, sentence: str, question: str = "") -> bool:
    """Whether ``sentence`` holds something of that kind (a name that is not in the question)."""
    if kind == "name":
        return bool(names(sentence) - {fold(word.text) for word in words(question)})
    return kind in _SHOWING and bool(_SHOWING[kind].search(fold(sentence)))


def names(text: str) -> set[str]:
    """Folded words written as names: capitalised, but not for beginning the text.

    A text in capitals, or with a capital in front of most words, has none: nothing can be told.
    """
    later = [word.text for word in words(text)[1:] if not word.text[0].isdigit()]
    capital = [word for word in later if word[0].isupper()]
    return set() if 2 * len(capital) > len(later) > 2 else {fold(word) for word in capital}
