"""The embedded engine: answers with sentences quoted from the passages; needs nothing else.

In: messages, the last of which carries ``additional_kwargs["ciclo"]`` = question, language and
numbered passages. Out: one to three quoted sentences, each followed by its mark [n], as a stream
of words; the last chunk says the outcome (answered, related, not_found) and where the quoted
words lie in the passages. It never says a word that is not quoted, except that it found nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.messages import BaseMessage

from core.errors import ModelFailed
from core.i18n import N_, _, speaking
from core.llm import EMBEDDED, quoting
from core.llm.speech import OwnModel, Timed, piece, question_of, words_of

NOTHING_QUOTED = {
    "not_found": N_("The documents do not hold an answer to this."),
    "related": N_("The documents do not answer this directly; these passages may be related."),
}


class EmbeddedQuotes(OwnModel):
    """The quoting engine as a LangChain chat model."""

    @property
    def _llm_type(self) -> str:
        return "embedded-quotes"

    def spoken(self, messages: Sequence[BaseMessage]) -> Iterator[Timed]:
        """The quoted sentences, word by word."""
        asking = question_of(messages)
        if "passages" not in asking:
            raise ModelFailed(
                _("The embedded engine quotes passages; it cannot follow other instructions."),
                hint=_("Choose a model of Ollama for this."),
                code="refused",
            )
        picked = quoting.pick(asking["question"], asking["passages"])
        text, quotes = _text(picked, asking)
        for word in words_of(text):
            yield 0.0, piece(word)
        yield 0.0, piece("", end=_end(picked, text, asking, quotes))


def _text(picked: quoting.Quoting, asking: dict[str, Any]) -> tuple[str, list[dict[str, int]]]:
    if picked.outcome != "answered":
        with speaking(asking.get("language", "")):
            return _(NOTHING_QUOTED[picked.outcome]), []
    quotes = [{"number": q.number, "start": q.start, "end": q.end} for q in picked.sentences]
    return " ".join(f"{q.text} [{q.number}]" for q in picked.sentences), quotes


def _end(
    picked: quoting.Quoting, text: str, asking: dict[str, Any], quotes: list[dict[str, int]]
) -> dict[str, Any]:
    return {
        "model_name": EMBEDDED.partition(":")[2],
        "model_provider": "embedded",
        "outcome": picked.outcome,
        "confidence": picked.confidence,
        "quotes": quotes,
        "tokens_in": sum(len(str(passage["text"]).split()) for passage in asking["passages"]),
        "tokens_out": len(text.split()),
    }
