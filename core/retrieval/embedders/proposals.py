"""Which embedders there are to choose from, and what each still needs.

In: what the Ollama server has, what is installed and configured. Out: ``Proposal``s, the one that
serves first, then in the order in which they are worth trying. What always holds: nobody is called
but the configured Ollama server, and that for its list alone.
"""

from dataclasses import dataclass

from core.config import settings
from core.errors import ModelFailed
from core.i18n import N_, _
from core.llm.choice import EMBEDDING_NAMES, InstalledModel
from core.retrieval.embedders import choice, local
from core.retrieval.embedders.identity import EMBEDDED

OLLAMA = (  # multilingual, and what their makers say of them holds for Portuguese
    ("bge-m3", N_("Understands other words for the same thing, in Portuguese too; 1.2 GB.")),
    ("embeddinggemma", N_("Small and multilingual; 620 MB.")),
    ("nomic-embed-text-v2-moe", N_("Multilingual; 960 MB.")),
    ("qwen3-embedding", N_("The largest of these, multilingual; 4.7 GB.")),
)
LOCAL = (
    ("all-MiniLM-L6-v2", N_("Small and quick, for English alone.")),
    ("paraphrase-multilingual-MiniLM-L12-v2", N_("Small, for many languages.")),
)
HOSTED = (
    ("text-embedding-3-small", N_("Sends every passage and question to the configured server.")),
)


@dataclass(frozen=True)
class Proposal:
    """``state``: serving | ready (it can be chosen) | missing | not_reachable | not_installed
    | not_configured.

    ``why`` says what it is good for, ``hint`` what it still needs.
    """

    spec: str
    state: str
    why: str
    hint: str = ""


def propose_embedders() -> list[Proposal]:
    """What can be chosen, and what could once it is there."""
    words = _("Built in: finds words, their endings and typing errors, not other words.")
    found = [Proposal(EMBEDDED.key, "ready", words), *_ollama(), *_local(), *_hosted()]
    serving = choice.serving().key
    found = [_as(one, "serving") if one.spec == serving else one for one in found]
    if all(one.state != "serving" for one in found):
        found.append(Proposal(serving, "serving", ""))
    return sorted(found, key=lambda one: one.state != "serving")


def _ollama() -> list[Proposal]:
    from core.llm import ollama

    try:
        there = {_bare(model.name): model for model in ollama.installed() if _embeds(model)}
    except ModelFailed as error:
        return [
            Proposal(f"ollama:{name}", "not_reachable", _(why), f"{error.message} {error.hint}")
            for name, why in OLLAMA
        ]
    known = [_proposed(name, why, there) for name, why in OLLAMA]
    others = [name for name in sorted(there) if name not in dict(OLLAMA)]
    return known + [Proposal(f"ollama:{name}", "ready", "") for name in others]


def _proposed(name: str, why: str, there: dict[str, InstalledModel]) -> Proposal:
    exact = next((one for one in there if one.partition(":")[0] == name), "")
    if exact:
        return Proposal(f"ollama:{exact}", "ready", _(why))
    hint = _("Pull it: {command}").format(command=f"ollama pull {name}")
    return Proposal(f"ollama:{name}", "missing", _(why), hint)


def _local() -> list[Proposal]:
    state = "ready" if local.is_installed() else "not_installed"
    hint = "" if local.is_installed() else local.INSTALL
    return [Proposal(f"sentence-transformers:{name}", state, _(why), hint) for name, why in LOCAL]


def _hosted() -> list[Proposal]:
    from core.retrieval.embedders import openai

    server = settings().openai_url
    ready = openai.is_configured()
    hint = "" if ready else _("Set OPENAI_API_KEY, and CICLO_OPENAI_URL for another server.")
    state = "ready" if ready else "not_configured"
    return [Proposal(f"openai:{name}", state, f"{_(why)} ({server})", hint) for name, why in HOSTED]


def _embeds(model: InstalledModel) -> bool:
    if model.capabilities:
        return "embedding" in model.capabilities
    return bool(EMBEDDING_NAMES.search(model.name))


def _bare(name: str) -> str:
    return name.removesuffix(":latest")


def _as(one: Proposal, state: str) -> Proposal:
    return Proposal(one.spec, state, one.why)
