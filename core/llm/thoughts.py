"""Thoughts that a server leaves in the text, between <think> and </think>, cut out of it (pure).

In: an answer piece by piece, however it is split. Out: for each piece what is answer and what is
thought. Always holds: only tags where the answer begins count, so a tag that is quoted later stays
text; joined, the answer's pieces do not depend on how it was split.
"""

import re

OPENING = ("<think>", "<thinking>", "<thought>", "<reasoning>", "[THINK]")
CLOSING = {tag: tag.replace("<", "</").replace("[", "[/") for tag in OPENING}


class Cutter:
    """Takes an answer's pieces in order; ``cut`` gives (text, thought) of each."""

    def __init__(self) -> None:
        self._held = ""
        self._closing = ""  # the tag that ends the thought we are in
        self._begun = False  # the answer itself has begun
        self._thought = False  # something was thought: blanks before the answer are no part of it

    def cut(self, piece: str) -> tuple[str, str]:
        """What can be told of the answer so far beyond what was told before."""
        if self._begun:
            return piece, ""
        self._held += piece
        thought = ""
        while not self._begun:
            found = self._leave() if self._closing else self._enter()
            if found is None:
                return "", thought
            thought += found
        text, self._held = self._held, ""
        return text, thought

    def rest(self) -> tuple[str, str]:
        """What was held back, at the end: half a tag is text, a thought nobody closed is one."""
        held, self._held = self._held, ""
        return ("", held) if self._closing else (held, "")

    def _enter(self) -> str | None:
        """Step into a thought or into the answer; None where the next piece must decide."""
        start = self._held.lstrip()
        for tag in OPENING:
            if start.startswith(tag):
                self._closing, self._held, self._thought = CLOSING[tag], start[len(tag) :], True
                return ""
        if any(tag.startswith(start) for tag in OPENING):
            return None
        self._begun, self._held = True, start if self._thought else self._held
        return ""

    def _leave(self) -> str | None:
        """The thought as far as it can be told; None where all that could be is told already."""
        thought, tag, after = self._held.partition(self._closing)
        if tag:
            self._closing, self._held = "", after
            return thought
        kept = _half(self._held, self._closing)
        told, self._held = self._held[: len(self._held) - kept], self._held[-kept:] if kept else ""
        return told or None


def _half(text: str, tag: str) -> int:
    """How many characters at the end of ``text`` may be the beginning of ``tag``."""
    return next((n for n in range(len(tag) - 1, 0, -1) if text.endswith(tag[:n])), 0)


def without(text: str) -> str:
    """A whole text without the thoughts it begins with."""
    cutter = Cutter()
    return re.sub(r"^\s+", "", cutter.cut(text)[0] + cutter.rest()[0])
