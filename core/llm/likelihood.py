"""How likely a text is for a model whose weights are here, after what it was asked.

In: a model in memory, the messages it would be sent, and the text it might answer. Out: the negative
logarithm of the probability of the whole text, in nats; None where both do not fit into its window.
No server tells this: those give probabilities of the words they chose themselves.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from core.llm.huggingface import Held

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage


def nats(held: Held, messages: "Sequence[BaseMessage]", text: str) -> float | None:
    """-log p(text | messages), natural logarithm, summed over the tokens of ``text``."""
    from core.llm.huggingface_chat import tokens_of

    torch = import_module("torch")
    asked = tokens_of(held, messages)["input_ids"]
    read = held.tokenizer(text, add_special_tokens=False, return_tensors="pt")
    said = read["input_ids"].to(held.device)
    n = int(said.shape[1])
    if not n or int(asked.shape[1]) + n > held.window:
        return None
    with torch.inference_mode():
        both = torch.cat([asked, said], dim=1)
        told = held.model(input_ids=both, logits_to_keep=n + 1).logits[0, -n - 1 : -1]
        chances = torch.log_softmax(told.float(), dim=-1)
        return -float(chances.gather(1, said[0].unsqueeze(1)).sum())
