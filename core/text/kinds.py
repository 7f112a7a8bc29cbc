"""What kind of answer a question asks for, and whether a sentence could be one.

"Quando abre?" asks for a time, so a sentence with a time in it is likelier the answer than one
without. Only kinds that leave a visible trace are told: a price, a telephone, a time, a name...
"""

import re

from core.text.folding import fold
from core.text.words import words

_DETERMINERS = r"(?:(?:e|eh|o|os|a|as|um|uma|seu|sua|de|do|da|numero|algum|is|are|the|your|an|any|number|to)\s+)*"
_ASKED = rf"(?:qual|quais|que|tem|ha|passa|passe|preciso|what(?:.?s)?|have|there)\s+{_DETERMINERS}"
_ASKS = {
    "phone": rf"{_ASKED}(?:telefone|fone|whats ?app|zap|phone)",
    "email": rf"{_ASKED}e-?mail",
    "code": rf"{_ASKED}(?:cnpj|cpf|cep)",
    "money": r"quanto (?:e|custam?|sai|saem|fica|pago|vale|(?:voces )?cobram?)|precos?|custa"
    r"|mensalidade|tarifa|how much (?:is|are|does|do)|prices?|costs?|fee",
    "time": r"quando|que (?:dia|data|ano|seculo|periodo)|qual (?:a data|o ano|o dia|e o prazo)"
    r"|(?:em )?quanto tempo|prazo|when|what (?:date|day|year)|which (?:year|day)"
    r"|how long|deadline",
    "hours": r"que horas|horarios?|(?:abr|fech)(?:e|em|a|am)|(?:opening|business) hours"
    r"|what time|(?:open|close)s?",
    "number": r"quant[oa]s?|percentual|porcentagem|valor|taxa"
    r"|how (?:many|much|old|far|often|tall|big|large)|percent(?:age)?",
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
_CLOCK = r"\d{1,2}h(?:\d{2})?|\d{1,2}:\d{2}|\d{1,2} ?[ap]\.?m|meio-?dia|meia-?noite|noon|midnight"
_SHOWS = {
    "phone": r"\d{3,5}[ .-]\d{4}|0800[ \d.-]+",
    "email": r"[\w.+-]+@[\w.-]+",
    "code": r"\w{2}\.?\w{3}\.?\w{3}/\w{4}-?\d{2}|\d{3}\.?\d{3}\.?\d{3}-?\d{2}|\d{5}-?\d{3}",
    "money": r"(?:r\$|us\$|[$€£]) ?\d[\d.,]*|gratis|gratuit[oa]s?|free"
    r"|\d[\d.,]* ?(?:reais|real|dolar(?:es)?|dollars?|euros?|pounds?)",
    "hours": rf"{_CLOCK}|24 (?:horas|hours)",
    "time": rf"(?:1\d|20)\d\d|{_CLOCK}|\d{{1,2}}/\d{{1,2}}|{_MONTHS}|{_DAYS}|{_UNITS}",
    "number": rf"[\w.,$]*\d[\w.,%]*|{_NUMBERS}",
    "cause": _BECAUSE,
}
_ASKING = {kind: re.compile(rf"\b(?:{pattern})\b") for kind, pattern in _ASKS.items()}
_SHOWING = {kind: re.compile(rf"(?<!\w)(?:{pattern})(?!\w)") for kind, pattern in _SHOWS.items()}


def kind_asked(question: str) -> str:
    """ "phone", "email", "code" (a registered number), "money", "time", "hours", "number", "name",
    "cause": what is asked for first; "" where the question does not tell."""
    folded = fold(question)
    found = {kind: asks.search(folded) for kind, asks in _ASKING.items()}
    starts = {kind: match.start() for kind, match in found.items() if match}
    return min(starts, key=lambda kind: starts[kind], default="")


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
