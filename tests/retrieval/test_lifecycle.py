"""Whatever is done to documents in whatever order, they are what they should be.

A model of a few lines says what must serve, wait or have failed; after every step rows, texts,
counts and search are compared with it.
"""

import os
import random
from dataclasses import dataclass, field
from functools import cache

import pytest

from core import retrieval
from tests.retrieval.conftest import pdf

SEEDS = 40 if os.environ.get("CICLO_PROVE") == "1" else 4
STEPS = 50
NAMES = [f"{n}.pdf" for n in range(3)]
PHONE = "(11) 90000-1234"


@cache
def content(number: int) -> bytes:
    """One of many contents; every fifth cannot be read."""
    if is_broken(number):
        return b"%%PDF-1.7\nbroken %d" % number
    return pdf([f"O prazo do texto {number} consta aqui. Telefone {PHONE}."])


def is_broken(number: int) -> bool:
    return number % 5 == 4


@dataclass
class Expected:
    """What a document must be; contents are told by their numbers, ``versions`` have served."""

    id: str
    name: str
    newest: int
    state: str = "queued"
    versions: list[int] = field(default_factory=list)
    masks: set[str] = field(default_factory=lambda: {"cpf", "card"})
    hides_phone: bool = False
    gone: bool = False

    @property
    def serves(self) -> int | None:
        return self.versions[-1] if self.versions else None

    def add(self, number: int, again: bool) -> None:
        """Content is added; ``again``: what serves is still to be read with other masks."""
        if number == self.newest:
            self.state = "queued" if self.state == "failed" else self.state
        elif number == self.serves:
            self.newest, self.state = number, "queued" if again else "ready"
        else:
            self.newest, self.state = number, "queued"

    def read(self) -> None:
        """All that waits is read."""
        if self.state == "queued" and not self.gone:
            if self.newest != self.serves and not is_broken(self.newest):
                self.versions.append(self.newest)
            self.state = "ready" if self.newest == self.serves else "failed"
            self.hides_phone = "phone" in self.masks


class World:
    """Some documents, what they must be, and all that may be done to them."""

    def __init__(self, assistant_id: str, seed: int) -> None:
        self.assistant_id, self.dice = assistant_id, random.Random(seed)
        self.all: list[Expected] = []
        self.masked_anew: set[str] = set()

    def step(self) -> None:
        """Do something."""
        verbs = [self.add, self.add, self.add, self.read, self.remove, self.restore, self.mask]
        self.dice.choice([*verbs, retrieval.close])()

    def live(self) -> list[Expected]:
        return [one for one in self.all if not one.gone]

    def add(self) -> None:
        name, number = self.dice.choice(NAMES), self.dice.randrange(8)
        row = retrieval.add(self.assistant_id, name, content(number))
        known = next((one for one in self.live() if one.name == name), None)
        if known is None:
            self.all.append(Expected(row.id, name, number))
        else:
            known.add(number, known.id in self.masked_anew)

    def read(self) -> None:
        retrieval.process_waiting()
        for one in self.live():
            one.read()
            self.masked_anew.discard(one.id)

    def remove(self) -> None:
        chosen = [one for one in self.live() if self.dice.random() < 0.4]
        retrieval.remove_many(one.id for one in chosen)
        for one in chosen:
            one.gone = True

    def restore(self) -> None:
        taken = {one.name for one in self.live()}
        for one in self.all:
            if one.gone and one.name not in taken:
                retrieval.restore(one.id)
                one.gone = False
                taken.add(one.name)

    def mask(self) -> None:
        for one in self.live()[:1]:
            one.masks = self.dice.choice([{"phone"}, {"cpf"}, set()])
            changed = set(retrieval.document(one.id).masks) != one.masks
            retrieval.set_masks([one.id], one.masks)
            if changed:
                one.state = "queued"
                self.masked_anew.add(one.id)

    def check(self) -> None:
        """Everything is as it must be."""
        rows = {row.id: row for row in retrieval.documents(self.assistant_id)}
        assert rows.keys() == {one.id for one in self.live()}
        for one in self.live():
            row = rows[one.id]
            assert (row.state, row.version) == (one.state, len(one.versions))
            assert set(row.masks) == one.masks
            for number, said in enumerate(one.versions, 1):
                assert f"texto {said} " in retrieval.text(one.id, number)
            assert (PHONE in retrieval.text(one.id)) == bool(one.versions and not one.hides_phone)
        serving = {(one.id, one.serves) for one in self.live() if one.versions}
        assert retrieval.chunk_count(self.assistant_id) == len(serving)
        found = retrieval.search("prazo do texto", assistant_id=self.assistant_id, k=50).passages
        texts = {(one.document_id, int(one.text.split()[4])) for one in found}
        assert texts == serving


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(SEEDS))
def test_any_order_of_changes_leaves_what_it_should(assistant: str, seed: int) -> None:
    world = World(assistant, seed)
    for _step in range(STEPS):
        world.step()
        world.check()
    world.read()
    world.check()
    live = {row.id for row in retrieval.documents(assistant, limit=1000)}
    assert live == {one.id for one in world.live()}
