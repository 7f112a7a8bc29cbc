"""Fences: how text that others wrote goes into a prompt as data, and as nothing else.

In: a document's or a person's text. Out: the same text, harmless, between two marks that share a
key. Always holds: the key occurs nowhere in the data, no line of the data reads as a fence, the
turn markers and tags that models know are broken, invisible characters are gone. Pure.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise

from core.chat import citations

KEY_LENGTH = 12


def fenced(name: str, key: str, data: str, attributes: str = "") -> str:
    """``data`` made harmless, between the fences of ``key``."""
    return f"<{name}-{key}{attributes}>\n{defused(data)}\n</{name}-{key}>"


def key_for(data: Iterable[str]) -> str:
    """A key that none of ``data`` contains.

    Each message has its own, made from its own data: earlier messages stay the same from turn to
    turn, and a server that keeps what it has read of a conversation can go on from there.
    """
    texts = [_looked_through(text) for text in data]
    seed = "\0".join(texts).encode("utf-8", "replace")
    turn = 0
    while True:
        key = hashlib.sha256(seed + str(turn).encode()).hexdigest()[:KEY_LENGTH]
        if not any(key in text for text in texts):
            return key
        turn += 1


@lru_cache(maxsize=512)
def _looked_through(text: str) -> str:
    return _plain(_visible(text)).lower()


@lru_cache(maxsize=512)
def defused(text: str) -> str:
    """``text`` as data: nothing invisible, no turn markers, no fences, no marks like [1].

    Brackets become look-alikes of the same length, so that it still reads as it was. The last
    ones are remembered: answers share passages.
    """
    visible = _visible(text)
    starts = [found.start() for found in _ROLE_LINE.finditer(_plain(visible))]
    ends = [0, *starts, len(visible)]
    apart = "· ".join(visible[start:end] for start, end in pairwise(ends))
    return citations.without_brackets(tokens_broken(apart))


@lru_cache(maxsize=512)
def tokens_broken(text: str) -> str:
    """``text`` without invisible characters and with the brackets of model tokens replaced."""
    text = _visible(text)
    plain = _plain(text)
    broken = list(text)
    for found in _TOKEN.finditer(plain):
        for at in range(found.start(), found.end()):
            broken[at] = _HARMLESS.get(plain[at], broken[at])
    return "".join(broken)


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters of ``text``."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _visible(text: str) -> str:
    return _INVISIBLE.sub("", _LINE_BREAK.sub("\n", text))


def _plain(text: str) -> str:
    """Full-width and styled letters, and other brackets and bars, in their plain form.

    Same length as ``text``, so that a place in the one is the same place in the other.
    """
    return text if text.isascii() else text.translate(_look_alikes())


@cache
def _look_alikes() -> dict[int, str]:
    import unicodedata

    wide = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    styled = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x1D400, 0x1D800)}
    signs = {"<": "‹〈⟨﹤≺❮⟪《«", ">": "›〉⟩﹥≻❯⟫》»", "|": "│┃ǀ∣❘¦", "/": "⁄∕⧸"}
    alike = {ord(other): sign for sign, others in signs.items() for other in others}
    return {code: sign for code, sign in (wide | styled | alike).items() if len(sign) == 1}


# Not seen, or not text: controls, soft hyphen, fillers, zero width and direction marks, variation
# selectors and tag characters (text can be smuggled in both), surrogates, private use.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ue000-\uf8ff\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
# The turn markers and tags of the common chat templates, and our own fences. Model servers read
# such tokens wherever they stand in the text, so they must not reach them from data.
_TAGS = (
    r"s|bos|eos|pad|unk|sys(?:tem)?|user|assistant|human|developer|tool\w*|function\w*"
    r"|start_of_turn|end_of_turn|think(?:ing)?|im_start|im_end|passage|question|turn|instructions?"
)
_BRACKETED = r"inst|sys(?:tem)?_prompt|tool_calls|tool_results|available_tools"
_TOKEN = re.compile(
    r"<\s*/?\s*\|+|\|+\s*>|<<\s*/?\s*sys\s*>>"
    rf"|\[\s*/?\s*(?:{_BRACKETED})\s*\]|<\s*/?\s*(?:{_TAGS})\b[^<>\n]{{0,80}}>?",
    re.IGNORECASE,
)
_HARMLESS = {"<": "‹", ">": "›", "|": "¦", "[": "(", "]": ")"}
# Templates without tokens tell turns by words at the start of a line.
_ROLE_LINE = re.compile(
    r"^[ \t>*_]*(?:#{1,6}[ \t]*(?:system|instruction|input|response|user|assistant|human)"
    r"|(?:system|assistant|user|human|developer|sistema|assistente|usu[aá]rio|humano)"
    r"[ \t]*(?:\([^)\n]{0,40}\))?[*_]*[ \t]*[:：])",
    re.IGNORECASE | re.MULTILINE,
)
