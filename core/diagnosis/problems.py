"""What diagnoses ask: small problems with answers that can be checked, in both languages (pure)."""

import re

TOKENS = 1500  # room to think; the answers themselves are a word
PROBLEMS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "pt-BR": (
        (
            "Uma livraria tem 3 caixas com 12 livros cada e vende 7 livros. Quantos sobram? "
            "Responda só com o número.",
            ("29",),
        ),
        (
            "Hoje é quarta-feira. Que dia da semana será daqui a 10 dias? Responda só com o dia.",
            ("sábado", "sabado"),
        ),
        (
            "Todo poeta lê. Ana não lê. Ana é poeta? Responda só com sim ou não.",
            ("não", "nao"),
        ),
    ),
    "en": (
        (
            "A bookstore has 3 boxes of 12 books each and sells 7 books. How many are left? "
            "Answer with the number alone.",
            ("29",),
        ),
        (
            "Today is Wednesday. What day of the week is it in 10 days? Answer with the day alone.",
            ("saturday",),
        ),
        (
            "Every poet reads. Ana does not read. Is Ana a poet? Answer with yes or no alone.",
            ("no",),
        ),
    ),
}
ANALYSES = {
    "pt-BR": {
        "basic": "Em poucas frases, do que tratam os documentos?",
        "intermediate": "Compare dois pontos importantes que os documentos tratam.",
        "advanced": "O que os documentos deixam em aberto, e em que trechos isso aparece?",
    },
    "en": {
        "basic": "In a few sentences, what are the documents about?",
        "intermediate": "Compare two important points that the documents treat.",
        "advanced": "What do the documents leave open, and in which passages does it show?",
    },
}


def of(language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(problem, right answers) in the language."""
    return PROBLEMS.get(language, PROBLEMS["en"])


def analysis(language: str, level: str) -> str:
    """A question that asks for analysis, as deep as the level."""
    asked = ANALYSES.get(language, ANALYSES["en"])
    return asked.get(level, asked["basic"])


def general(language: str) -> str:
    """A question that any documents can be asked."""
    return analysis(language, "basic")


def solves(text: str, right: tuple[str, ...]) -> bool:
    """Whether an answer begins or ends with what is right: in between, models repeat the problem."""
    words = re.findall(r"[\w-]+", text.casefold())
    return any(word in words[:2] + words[-3:] for word in right)
