"""Who makes the vectors: a name, a dimension, prefixes, a digest.

In: "provider:model" and, where wanted, prefixes. Out: an ``Identity``, which is stored with every
index and every cached vector. What always holds: two vectors are only ever compared if one and
the same identity made both; asking for one calls nobody (``embedders.identify`` does).
"""

from dataclasses import asdict, dataclass
from typing import Any

from core.db.tables import Embedder
from core.errors import InvalidInput
from core.i18n import _
from core.retrieval import embedding

PROVIDERS = ("embedded", "ollama", "openai", "openai-compatible", "sentence-transformers")
NAME_LENGTH = 200
PREFIX_LENGTH = 500
DENSE_SHARE = 0.65  # of the words in the fused score, where the vectors know other words as well


@dataclass(frozen=True)
class Identity:
    """``id`` is the row's, "" for the embedded one. The prefixes stand before what is embedded."""

    id: str
    provider: str
    name: str
    dimension: int
    query_prefix: str = ""
    document_prefix: str = ""
    digest: str = ""

    @property
    def key(self) -> str:
        """ "provider:model"."""
        return f"{self.provider}:{self.name}"

    @property
    def is_embedded(self) -> bool:
        """Whether it is the one that needs nobody: hashed words."""
        return self.provider == "embedded"

    @property
    def lexical_share(self) -> float:
        """What the words' score weighs as long as nothing has been measured, 0 to 1."""
        return embedding.LEXICAL_SHARE if self.is_embedded else DENSE_SHARE

    @property
    def facts(self) -> dict[str, Any]:
        """What an index says of it on disk; ``from_facts`` reads it."""
        return asdict(self)


EMBEDDED = Identity("", "embedded", embedding.NAME.partition(":")[2], embedding.DIMENSION)


def from_facts(facts: dict[str, Any]) -> Identity:
    """The identity that ``facts`` tell of; TypeError, ValueError or KeyError where they tell none."""
    found = Identity(**facts)
    if found.provider not in PROVIDERS or int(found.dimension) <= 0:
        raise ValueError(f"no embedder: {facts}")
    return found


def of_row(row: Embedder) -> Identity:
    """The identity that a row stands for."""
    return Identity(
        row.id,
        row.provider,
        row.name,
        row.dimension,
        row.query_prefix,
        row.document_prefix,
        row.digest,
    )


def parsed(spec: str) -> tuple[str, str]:
    """ "ollama:bge-m3" -> ("ollama", "bge-m3"); InvalidInput names the providers."""
    provider, _colon, name = spec.strip().partition(":")
    if provider not in PROVIDERS or not name.isprintable() or not 0 < len(name) <= NAME_LENGTH:
        raise InvalidInput(
            _("'{name}' names no embedder.").format(name=spec),
            hint=_("Write provider:model; the providers are {providers}.").format(
                providers=", ".join(PROVIDERS)
            ),
            field="embedder",
            code="unknown_provider" if provider not in PROVIDERS else "invalid",
        )
    if provider == "embedded" and name != EMBEDDED.name:
        raise InvalidInput(
            _("There is no embedded embedder '{name}'.").format(name=name),
            hint=_("Its name is {name}.").format(name=EMBEDDED.key),
            field="embedder",
        )
    return provider, name


def checked_prefix(prefix: str) -> str:
    """A prefix that can be stored, or InvalidInput."""
    if len(prefix) > PREFIX_LENGTH or any(c == "\0" or "\ud800" <= c <= "\udfff" for c in prefix):
        message = _("A prefix has at most {n} characters, all of them text.")
        raise InvalidInput(message.format(n=PREFIX_LENGTH), field="prefix")
    return prefix
