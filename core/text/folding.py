"""Folding: the form in which "Orçamento" and "orcamento" are one word."""

import unicodedata


def fold(text: str) -> str:
    """Lower case without accents; compatibility forms (ligatures, wide digits) become plain."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in apart if not unicodedata.combining(mark)).lower()
