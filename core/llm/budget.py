"""How much fits into a model's window, and what goes first when it does not (pure).

In: messages, or the parts of a prompt and how to build it. Out: tokens counted by ourselves, and a
prompt that fits together with what was left out of it. Always holds: the rules and the question
stay; the oldest turns go first, then the lowest-ranked passages. No tokenizer is loaded: each model
has another, and fetching one is a call nobody asked for. So ``count_tokens`` gives an upper
estimate and ``least_tokens`` a lower one; what a server says it read must lie between the two.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

ANSWER_TOKENS = 1024  # kept free for an answer whose length nobody has limited
THINKING_TOKENS = 2048  # the same for a model that thinks: its thoughts count as answer
LEAST_PROMPT = 128  # tokens; a window that leaves less than this to the prompt answers nothing
# A word costs at most a token per three letters with the vocabularies in use (32,000 and more), per
# two where its letters are not those of running text (CAPITALS, camelCase, keys); digits may come
# one by one, as signs do; what no vocabulary need hold comes byte by byte.
PIECES = re.compile(r"([A-Za-zÀ-ɏ]+)|([^\S\n]+)|([\x00-ɏ‐-⁞])|(.)", re.DOTALL)
BLANKS_PER_TOKEN = 8
MESSAGE_TOKENS = 8  # what a chat template writes around a message
PROMPT_TOKENS = 16  # and around the whole
WHOLE_WORDS = re.compile(r"[^\W\d_]+")

Turn = TypeVar("Turn")
Passage = TypeVar("Passage")


@dataclass(frozen=True)
class Fitted(Generic[Turn, Passage]):
    """A prompt as it is sent. ``tokens`` by our own count; ``limit`` in tokens.

    ``dropped_turns`` are the oldest, ``passages`` and ``dropped_passages`` keep their ranking.
    """

    messages: "list[BaseMessage]"
    tokens: int
    limit: int
    passages: tuple[Passage, ...] = ()
    dropped_turns: tuple[Turn, ...] = ()
    dropped_passages: tuple[Passage, ...] = ()

    @property
    def fits(self) -> bool:
        """False where rules and question alone are too long."""
        return self.tokens <= self.limit

    @property
    def dropped(self) -> dict[str, int]:
        """How much was left out, as it goes on record; empty where nothing was."""
        counts = {"turns": len(self.dropped_turns), "passages": len(self.dropped_passages)}
        return {name: count for name, count in counts.items() if count}


def count_tokens(messages: "Iterable[BaseMessage]") -> int:
    """Tokens that ``messages`` cost at most, whichever model reads them.

    An upper estimate of some 10 to 60 % above what models count in Portuguese and English.
    """
    return PROMPT_TOKENS + sum(MESSAGE_TOKENS + count_text(_text(each)) for each in messages)


def count_text(text: str) -> int:
    """Tokens that a plain text costs at most."""
    return sum(_cost(match) for match in PIECES.finditer(text))


def least_tokens(messages: "Iterable[BaseMessage]") -> int:
    """Tokens that ``messages`` cost at least: no vocabulary joins two words into one."""
    return sum(len(WHOLE_WORDS.findall(_text(message))) for message in messages)


def room(context_tokens: int, parameters: dict[str, Any]) -> int:
    """Tokens left for the prompt in a window of ``context_tokens``, the answer's part set aside."""
    usual = THINKING_TOKENS if parameters.get("reasoning") else ANSWER_TOKENS
    answer = parameters.get("max_tokens") or min(usual, context_tokens // 4)
    return max(LEAST_PROMPT, context_tokens - answer)


def fit(
    build: "Callable[[Sequence[Turn], Sequence[Passage]], list[BaseMessage]]",
    turns: Sequence[Turn],
    passages: Sequence[Passage],
    limit: int,
) -> Fitted[Turn, Passage]:
    """The prompt that ``build`` makes of as many ``turns`` and ``passages`` as ``limit`` allows.

    ``turns`` oldest first, ``passages`` best first; what goes, goes from the oldest and the last.
    """
    cuts = [(gone, 0) for gone in range(len(turns))]
    cuts += [(len(turns), gone) for gone in range(len(passages) + 1)]
    for without, fewer in cuts:
        kept = passages[: len(passages) - fewer]
        messages = build(turns[without:], kept)
        tokens = count_tokens(messages)
        if tokens <= limit:
            break
    lost = passages[len(kept) :]
    return Fitted(messages, tokens, limit, tuple(kept), tuple(turns[:without]), tuple(lost))


def read_as_sent(told: int | None, counted: int, least: int) -> str:
    """What a server's own count says of the prompt it read.

    "" as it should be, or not told; "cut" where it read less than the prompt has words; "more"
    where our count was too low, so that a longer prompt might not have fitted.
    """
    if not told:
        return ""
    return "cut" if told < least else "more" if told > counted else ""


def _cost(match: re.Match[str]) -> int:
    word, blank, sign, other = match.groups()
    if word:
        return -(-len(word) // (3 if len(word) == 1 or word[1:].islower() else 2))
    if blank:  # a single one is part of the word after it
        return -(-(len(blank) - 1) // BLANKS_PER_TOKEN)
    return 1 if sign else len(other.encode("utf-8", "surrogatepass"))


def _text(message: "BaseMessage") -> str:
    return message.content if isinstance(message.content, str) else str(message.text)
