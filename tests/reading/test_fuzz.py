"""Broken in every way: a mutated file ends in ready or in a refusal, and the reader goes on.

`make test` tries 20 files, `make prove` 200.
"""

import io
import os
import random
import time
import zipfile
from collections.abc import Callable

import pytest

from core import reading
from core.config import settings
from core.errors import InvalidInput
from tests.reading.conftest import Reads, docx, drawn, grid, repacked, said, with_notes, xlsx
from tests.reading.hostile import NOTED, many_fields

COUNT = 200 if os.environ.get("CICLO_PROVE") == "1" else 20
SECONDS = 5.0
PATIENCE = 3.0

TABLE = [["Produto", "Preço"], ["Bule", "R$ 10,00"], ["Coador", "R$ 8,50"]]
PAGE = "<main><h1>Ajuda</h1><p>Texto &amp; mais.</p><ul><li>um</ul><table><tr><th>A<th>B<tr><td>1"
VALID = {
    "a.pdf": drawn(said(50, 780, "Guia", 20) + said(50, 700, "Texto.") + grid(50, 600, TABLE)),
    "a.docx": docx("# Guia", "Texto.", "- item", TABLE),
    "notas.docx": with_notes(NOTED),
    "colunas.pdf": drawn(
        "".join(said(50 + x, y, "Bule 1") for y in (700, 680, 660) for x in (0, 90))
    ),
    "ficha.pdf": many_fields(3),
    "a.xlsx": xlsx({"Preços": TABLE}, merged=["A2:A3"]),
    "a.html": PAGE.encode(),
    "a.csv": "Produto;Preço\nBule;10,00\n".encode() * 20,
    "b.md": b"---\ntitle: Guia\n---\n\nUm\n===\n\nDois\n---\n",
    "a.md": b"# Guia\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n```\nx\n```\n",
    "a.txt": "GUIA\n\nTexto com acentuação.".encode("utf-16"),
}


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The data with some of its bytes changed, cut out, doubled or moved."""
    out = bytearray(data)
    for _time in range(chance.choice([1, 1, 2, 8, 64])):
        start = chance.randrange(len(out) or 1)
        end = start + chance.choice([1, 2, 16, 256])
        piece = bytes(out[start:end])
        out[start:end] = chance.choice(CHANGES)(piece, chance)
    return bytes(out)


CHANGES: list[Callable[[bytes, random.Random], bytes]] = [
    lambda piece, chance: chance.randbytes(len(piece)),
    lambda piece, chance: b"",
    lambda piece, chance: piece * chance.choice([2, 50]),
    lambda piece, chance: piece[::-1],
    lambda piece, chance: bytes(len(piece)),
    lambda piece, chance: piece.replace(b"1", b"99999999"),
    lambda piece, chance: piece + chance.choice([b"<", b">", b"&", b'"', b"[", b"(", b"\xff"]),
]


def mutated_within(archive: bytes, chance: random.Random) -> bytes:
    """The archive with one of its parts mutated: it opens, and its parsers have to cope."""
    with zipfile.ZipFile(io.BytesIO(archive)) as parts:
        names = [name for name in parts.namelist() if name.endswith((".xml", ".rels"))]
        name = chance.choice(names)
        return repacked(archive, {name: mutated(parts.read(name), chance)})


@pytest.mark.prove
def test_no_mutation_of_a_file_harms_its_reader(
    reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_READ_SECONDS", str(SECONDS))
    settings.cache_clear()
    for seed in range(COUNT):
        chance = random.Random(seed)
        name = chance.choice(sorted(VALID))
        within = name.endswith(("docx", "xlsx")) and chance.random() < 0.8
        data = (mutated_within if within else mutated)(VALID[name], chance)
        began = time.monotonic()
        assert outcome(reads, data, name) in ("ready", *reading.REFUSALS), seed
        assert time.monotonic() - began < SECONDS + PATIENCE, seed
    for name, data in VALID.items():
        assert reads(data, name)[1], name


def outcome(reads: Reads, data: bytes, name: str) -> str:
    """ "ready", or the code of the refusal."""
    try:
        parsed, pieces = reads(data, name)
    except InvalidInput as refused:
        return refused.code
    assert all(parsed.text[one.start : one.end] == one.text for one in pieces)
    return "ready"
