"""Stop texts: an answer ends before the first of them. Pure.

In: pieces of text as they come. Out: what may be shown of them. Always holds: no stop text, nor the
beginning of one that may still become whole, is ever shown; without stop texts every piece passes.
"""

from collections.abc import Sequence


class Stops:
    """Watches one answer; ``ended`` once a stop text has come."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = [text for text in texts if text]
        self._held = ""
        self.ended = False

    def passed(self, piece: str) -> str:
        """What may be shown now that ``piece`` has come."""
        if self.ended:
            return ""
        text = self._held + piece
        found = [at for one in self._texts if (at := text.find(one)) >= 0]
        if found:
            self.ended, self._held = True, ""
            return text[: min(found)]
        keep = max((_begun(text, one) for one in self._texts), default=0)
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep]

    def rest(self) -> str:
        """What was held back, at the end of the answer."""
        held, self._held = self._held, ""
        return held


def _begun(text: str, stop: str) -> int:
    """How many characters at the end of ``text`` are the beginning of ``stop``."""
    longest = min(len(text), len(stop) - 1)
    return next((n for n in range(longest, 0, -1) if text.endswith(stop[:n])), 0)
