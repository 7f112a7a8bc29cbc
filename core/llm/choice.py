"""Which installed model answers when nobody has chosen one: a rule, pure and written down.

1. Chat models only: the server's own word (capabilities) decides; a server too old to tell is
   read by family and name.
2. Only models that run on that server: a "cloud" model would send passages to someone else, which
   a person may choose, but no rule.
3. General ones before specialists (code, safety, mathematics, raw base models).
4. Those that fit into ``memory`` before those that do not; of those that do not, the smallest.
5. Then the most parameters, then the newest.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

EMBEDDING_FAMILIES = {"bert", "nomic-bert", "nomic-bert-moe", "xlm-roberta", "gemma-embedding"}
EMBEDDING_NAMES = re.compile(r"embed|bge-|minilm|rerank|(^|/)(e5|gte)-", re.IGNORECASE)
SPECIALISTS = re.compile(
    r"cod(e|er|estral|ing)|guard|math|shieldgemma|ocr|sql|-base\b|:text", re.IGNORECASE
)
ELSEWHERE = re.compile(r"[-:]cloud$", re.IGNORECASE)
ROOM = 1.3  # memory for a model beyond its weights: the context's cache and the system itself


@dataclass(frozen=True)
class InstalledModel:
    """A model on the server. ``size`` in bytes, ``parameters`` in billions (0 when not told)."""

    name: str
    size: int = 0
    digest: str = ""
    family: str = ""
    parameters: float = 0.0
    capabilities: tuple[str, ...] = ()
    context_tokens: int | None = None
    modified_at: datetime | None = None

    @property
    def thinks(self) -> bool:
        """Whether it thinks before it speaks."""
        return "thinking" in self.capabilities


def is_chat_model(model: InstalledModel) -> bool:
    """Whether it can hold a conversation at all."""
    if model.capabilities:
        return "completion" in model.capabilities and "embedding" not in model.capabilities
    return model.family not in EMBEDDING_FAMILIES and not EMBEDDING_NAMES.search(model.name)


def best_chat_model(
    installed: Iterable[InstalledModel], memory: int | None = None
) -> InstalledModel | None:
    """The best of ``installed`` by the rule above, or None; ``memory`` in bytes, None = unknown."""
    able = [m for m in installed if is_chat_model(m) and not ELSEWHERE.search(m.name)]
    return max(able, key=lambda model: _rank(model, memory), default=None)


def _rank(model: InstalledModel, memory: int | None) -> tuple[bool, bool, float, datetime, str]:
    fits = memory is None or model.size * ROOM <= memory
    worth = model.parameters or model.size / 1e9
    changed = model.modified_at or datetime.min.replace(tzinfo=UTC)
    general = not SPECIALISTS.search(model.name)
    return general, fits, worth if fits else -worth, changed, model.name
