"""Folding: the form in which "Orçamento" and "orcamento" are one word."""

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]")  # accents that stand beside their letter


def _folded(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower()


# most of what we read is Latin: a table of it is ten times faster than taking letters apart
_LATIN = {code: _folded(chr(code)) for code in range(0x80, 0x250)}


def fold(text: str) -> str:
    """Lower case without accents; compatibility forms (ligatures, wide digits) become plain."""
    if text.isascii():
        return text.lower()
    plain = text.lower().translate(_LATIN)
    if plain.isascii() or (unicodedata.is_normalized("NFKD", plain) and not _MARKS.search(plain)):
        return plain
    return _folded(plain)
