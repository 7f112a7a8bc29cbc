"""A model in this process as a LangChain chat model: it speaks in a thread of its own.

In: messages and our parameters. Out: LangChain's chunks as an outside provider's package would make
them, for ``Listener`` to hear, so that limits, thoughts and ends are those of every other model.
Always holds: one answer is written at a time; what nobody listens to any more stops at its next
token; the time until a model was loaded and free is told as ``load_duration``.
Imported on first use only: LangChain takes a second.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextvars import copy_context
from importlib import import_module
from queue import SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import Any

from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk

from core.config import settings
from core.errors import ModelFailed
from core.i18n import _
from core.llm import budget, huggingface
from core.llm.hearing import NANO, Speaker
from core.llm.listening import Listener

MOST_OF_A_LETTER = 8  # tokens; what is no letter after so many will be none
HERE = "transformers"  # where an error says that it speaks
ROLES = {"human": "user", "ai": "assistant", "system": "system"}


def opened(model: str, parameters: dict[str, Any]) -> Listener:
    """The chat model in the folder ``model``, or fetched under that name, set to ``parameters``."""
    return Listener(
        inner=LocalModel(model, parameters),
        speaker=Speaker(huggingface.PROVIDER, model, HERE),
        silence=settings().longest_silence,
    )


class LocalModel:
    """What ``Listener`` needs of a provider's package: a stream of chunks, on a loop or off it."""

    def __init__(self, model: str, parameters: dict[str, Any]) -> None:
        self.model, self.parameters = model, parameters

    def _stream(
        self, messages: Sequence[BaseMessage], stop: list[str] | None = None, **given: Any
    ) -> Iterator[ChatGenerationChunk]:
        speech = Speech(self.model, messages, self.parameters | given, stop or [])
        try:
            while chunk := speech.next():
                yield chunk
        finally:
            speech.let_go()

    async def _astream(
        self, messages: Sequence[BaseMessage], stop: list[str] | None = None, **given: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        speech = Speech(self.model, messages, self.parameters | given, stop or [])
        try:
            while chunk := await asyncio.to_thread(speech.next):
                yield chunk
        finally:
            speech.let_go()


class Speech:
    """One answer being written. ``next`` waits for the next chunk; None after the last."""

    def __init__(
        self,
        model: str,
        messages: Sequence[BaseMessage],
        parameters: dict[str, Any],
        stop: Sequence[str],
    ) -> None:
        self.model, self.messages, self.parameters = model, messages, parameters
        self.stop = [text for text in stop if text]
        self.began, self._kept = monotonic(), ""
        self._heard: SimpleQueue[ChatGenerationChunk | BaseException | None] = SimpleQueue()
        self._nobody = Event()
        Thread(
            target=copy_context().run, args=(self._speak,), name="ciclo-local-model", daemon=True
        ).start()

    def next(self) -> ChatGenerationChunk | None:
        """The next chunk; raises what went wrong."""
        found = self._heard.get()
        if isinstance(found, BaseException):
            raise found
        return found

    def let_go(self) -> None:
        """Nobody listens any more."""
        self._nobody.set()
        self._heard.put(None)

    def _speak(self) -> None:
        try:
            with huggingface.held(self.model) as held:
                if not self._nobody.is_set():
                    self._heard.put(self._said(held))
        except ModelFailed as error:
            self._heard.put(error)
        except Exception as error:  # what torch finds wrong: no memory, mostly
            self._heard.put(_refused(self.model, str(error) or type(error).__name__))
        finally:
            self._heard.put(None)

    def _said(self, held: huggingface.Held) -> ChatGenerationChunk:
        """Says all there is, then the end."""
        loaded = monotonic()
        torch = import_module("torch")
        asked = tokens_of(held, self.messages, self.parameters.get("reasoning"))
        n_in = int(asked["input_ids"].shape[1])
        room = _room(held, self.parameters, n_in)
        if (seed := self.parameters.get("seed")) is not None:
            torch.manual_seed(seed)
        with torch.inference_mode():
            made = held.model.generate(
                **asked,
                **_way(self.parameters),
                max_new_tokens=room,
                pad_token_id=_padding(held),
                streamer=Spelling(held.tokenizer, self._hear),
                stopping_criteria=[lambda ids, _scores, **_: _all(ids, self._nobody.is_set())],
                **({"stop_strings": self.stop, "tokenizer": held.tokenizer} if self.stop else {}),
            )
        n_out = int(made.shape[1]) - n_in
        return _end(self, "length" if n_out >= room else "stop", n_in, n_out, loaded)

    def _hear(self, text: str, over: bool) -> None:
        """Says what comes, but for what may be the beginning of a stop text."""
        self._kept += text
        found = [at for one in self.stop if (at := self._kept.find(one)) >= 0]
        behind = 0 if over else max(map(len, self.stop), default=1) - 1
        end = min(found, default=max(0, len(self._kept) - behind))
        said, self._kept = self._kept[:end], self._kept[end:]
        if said:
            self._heard.put(ChatGenerationChunk(message=AIMessageChunk(content=said)))


class Spelling:
    """Tokens as they come (transformers' streamer) into text, each piece as soon as it is whole.

    A letter may take several tokens, and a word its blank from the token before: so what is new is
    what the last tokens say together with those before them, less what these say alone.
    """

    def __init__(self, tokenizer: Any, hear: Callable[[str, bool], None]) -> None:
        self._tokenizer, self._hear = tokenizer, hear
        self._prompt = True
        self._said: list[int] = []
        self._new: list[int] = []

    def put(self, value: Any) -> None:
        """The prompt, which nobody needs to hear, then token by token."""
        if not self._prompt:
            self._new += value.flatten().tolist()
            self._say(len(self._new) >= MOST_OF_A_LETTER)
        self._prompt = False

    def end(self) -> None:
        """The answer is over."""
        self._say(True)
        self._hear("", True)

    def _say(self, whole: bool) -> None:
        before, after = self._text(self._said), self._text(self._said + self._new)
        if whole or (len(after) > len(before) and not after.endswith("\ufffd")):
            self._hear(after[len(before) :], False)
            self._said, self._new = self._new, []

    def _text(self, ids: list[int]) -> str:
        return str(self._tokenizer.decode(ids, skip_special_tokens=True)) if ids else ""


def tokens_of(
    held: huggingface.Held, messages: Sequence[BaseMessage], reasoning: bool | str | None = None
) -> Any:
    """The prompt as the model reads it: by its chat template, or plainly where it has none.

    ``reasoning`` is told to templates that know of thinking; the others leave it unread.
    """
    said = [{"role": ROLES.get(one.type, "user"), "content": one.text} for one in messages]
    if not getattr(held.tokenizer, "chat_template", None):
        text = "\n\n".join(one["content"] for one in said) + "\n\n"
        return held.tokenizer(text, return_tensors="pt").to(held.device)
    way = {"add_generation_prompt": True, "return_tensors": "pt", "return_dict": True}
    way |= {} if reasoning is None else {"enable_thinking": bool(reasoning)}
    try:
        found = held.tokenizer.apply_chat_template(said, **way)
    except Exception:  # its template knows no system message; each raises what it likes
        found = held.tokenizer.apply_chat_template(_without_system(said), **way)
    return found.to(held.device)


def _without_system(said: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rules before the first question instead."""
    rules = "\n\n".join(one["content"] for one in said if one["role"] == "system")
    rest = [one for one in said if one["role"] != "system"]
    if not rules or not rest:
        return rest
    return [{**rest[0], "content": f"{rules}\n\n{rest[0]['content']}"}, *rest[1:]]


def _room(held: huggingface.Held, parameters: dict[str, Any], n_in: int) -> int:
    """Tokens that the answer may have."""
    most = min(held.window, int(parameters.get("num_ctx") or held.window))
    left = most - n_in
    if left < 1:
        why = _("what it was sent has {n} tokens, and it reads {most}").format(n=n_in, most=most)
        raise _refused(held.name, why)
    return min(left, int(parameters.get("max_tokens") or budget.ANSWER_TOKENS))


def _way(parameters: dict[str, Any]) -> dict[str, Any]:
    """How words are drawn; what is not set is left to what the model came with."""
    heat, share = parameters.get("temperature"), parameters.get("top_p")
    if heat == 0:
        return {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
    given = {"temperature": heat, "top_p": share}
    told = {name: float(value) for name, value in given.items() if value}
    return {"do_sample": True, **told} if told else {}


def _padding(held: huggingface.Held) -> int | None:
    pad = held.tokenizer.pad_token_id
    return held.tokenizer.eos_token_id if pad is None else pad


def _all(ids: Any, over: bool) -> Any:
    """For each answer being written whether it is over."""
    torch = import_module("torch")
    return torch.full((ids.shape[0],), over, dtype=torch.bool, device=ids.device)


def _end(speech: Speech, reason: str, n_in: int, n_out: int, loaded: float) -> ChatGenerationChunk:
    message = AIMessageChunk(
        content="",
        response_metadata={
            "done": True,
            "done_reason": reason,
            "model_name": speech.model,
            "load_duration": (loaded - speech.began) / NANO,
            "eval_duration": (monotonic() - loaded) / NANO,
        },
        usage_metadata=UsageMetadata(
            input_tokens=n_in, output_tokens=n_out, total_tokens=n_in + n_out
        ),
    )
    return ChatGenerationChunk(message=message)


def _refused(model: str, why: str) -> ModelFailed:
    return ModelFailed(
        _("Model '{model}' could not answer: {reason}").format(model=model, reason=why[:200]),
        hint=_("Choose a smaller model, or let it read less."),
        code="refused",
    )
