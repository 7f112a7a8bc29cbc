"""What operators see of personal data: nothing is missed by looking quickly first."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import privacy
from core.config import settings
from core.privacy.showing import shown

PIECES = ["529.982.247-25", "52998224725", "ana@casa.br", "ana (at) casa (dot) com", "200.160.2.3"]
PIECES += ["(11) 98765-4321", "11987654321", "4111 1111 1111 1111", "CEP 01310-100", "CEP 01310100"]
PIECES += [
    "2001:12ff::10",
    "CNPJ 11.222.333/0001-81",
    "ana arroba casa ponto com",
    "RG 12.345.678-9",
]
PIECES += [
    "chave Pix 0b9e6d4e-6f0b-4a43-9a1e-4d1f2b1c7a55",
    "５２９９８２２４７２５",
    "CPF 529 982 247 25",
]


@given(st.lists(st.sampled_from([*PIECES, "um", "texto", "\n", "2.0", "x"]), max_size=6))
def test_looking_quickly_first_misses_nothing(pieces: list[str]) -> None:
    text = " ".join(pieces)
    assert shown(text) == privacy.mask(text, privacy.KINDS).text


@pytest.mark.parametrize("piece", PIECES)
def test_every_form_is_masked(piece: str) -> None:
    assert shown(f"Veja: {piece}.") != f"Veja: {piece}."


def test_what_is_no_text_stays_and_texts_within_are_masked() -> None:
    told: dict[str, Any] = {"n": 52998224725, "in": [{"who": "ana@casa.br"}], "none": None}
    assert shown(told) == {"n": 52998224725, "in": [{"who": "[EMAIL]"}], "none": None}


def test_the_setting_shows_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CICLO_SHOW_PERSONAL_DATA", "true")
    settings.cache_clear()
    assert shown("ana@casa.br") == "ana@casa.br"
