"""``ciclo models setup``: from nothing to a model that answers, in the fewest steps.

In: what the Ollama server has and how much memory its machine has. Out: a ``Proposal``; then, after
a yes, progress of a pull, assistants that follow, and findings that prove it. Nothing is fetched or
changed by proposing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from core import assistants, registry
from core.access import allowed
from core.config import settings
from core.diagnosis import probing
from core.diagnosis.answering import answer
from core.diagnosis.finding import Finding
from core.diagnosis.readiness import fits
from core.diagnosis.running import Check, run
from core.errors import ModelFailed
from core.i18n import N_, _, seconds
from core.llm.choice import is_chat_model
from core.registry.sight import look, memory

SHARE = 0.5  # of the memory that a proposed model may take: Ciclo and the rest need some, too
GREETING = N_("Answer in one sentence: what is the capital of Brazil?")


@dataclass(frozen=True)
class Offer:
    """A model that could be pulled; ``size`` in bytes, as Ollama's library told it in November 2026."""

    name: str
    size: int
    fits: bool = True


# small to large; all answer in Portuguese and English and call themselves general
OFFERS = (
    Offer("llama3.2:1b", 1_300_000_000),
    Offer("llama3.2", 2_000_000_000),
    Offer("gemma3:4b", 3_300_000_000),
    Offer("llama3.1:8b", 4_900_000_000),
    Offer("gemma3:12b", 8_100_000_000),
)


@dataclass(frozen=True)
class Proposal:
    """What setting up would do. ``state``: ready (``name`` is installed) | pull (it would be fetched)
    | absent (no server, see ``failure``). ``memory`` in bytes, None where it is another machine's.
    """

    state: str
    server: str
    name: str = ""
    size: int = 0
    memory: int | None = None
    offers: tuple[Offer, ...] = ()
    failure: ModelFailed | None = None


def propose(wanted: str = "") -> Proposal:
    """The best installed model; without one (or for ``wanted``), what to pull."""
    sight, server = look(afresh=True), settings().ollama
    room = memory(server)
    if sight.failure:
        return Proposal("absent", server, memory=room, failure=sight.failure)
    found = sight.called(wanted) if wanted else sight.best()
    if found and is_chat_model(found):
        return Proposal("ready", server, found.name, found.size, room)
    offers = offered(room)
    if wanted:
        return Proposal("pull", server, wanted, 0, room, offers)
    best = next(one for one in reversed(offers) if one.fits or one.name == offers[0].name)
    return Proposal("pull", server, best.name, best.size, room, offers)


def offered(room: int | None) -> tuple[Offer, ...]:
    """The list to choose from, each with whether it fits into its share of ``room`` bytes.

    Where the memory is unknown, what fits into 8 GB counts as fitting.
    """
    spare = (8_000_000_000 if room is None else room) * SHARE
    return tuple(Offer(one.name, one.size, fits(one.size, int(spare))) for one in OFFERS)


@allowed("change")
def follow() -> list[str]:
    """Let the assistants for which nobody chose a model use the best one; their names."""
    registry.follow_ollama()
    using = [one for one in assistants.all() if one.follows_ollama]
    return [one.name for one in using]


@allowed("change")
def prove(name: str) -> Iterator[Finding]:
    """One question, to an assistant that is answered for by the model, else to the model itself."""
    model = f"ollama:{name}"
    everybody = [one for one in assistants.all() if registry.route(one.id).name == model]
    if everybody:
        chosen = next((one for one in everybody if one.is_default), everybody[0])
        yield from answer(chosen.id, group="setup")
        return
    yield from run([Check("answer", partial(_greeted, model), 160, model)], "setup")


def _greeted(model: str) -> Finding:
    reply = probing.call(model, _(GREETING), limit=150, max_tokens=probing.PROBE_TOKENS)
    told = " ".join(reply.text.split())[:80]
    state = _("answers in {time}").format(time=seconds(reply.seconds))
    return Finding("answer", "good", f"{state}: {told}", "", model, reply.seconds)
