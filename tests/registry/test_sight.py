"""What the server has is asked as seldom as is honest."""

from dataclasses import replace
from time import monotonic

import pytest

from core.registry import sight
from tests.fake_ollama import FakeOllama


def looks(ollama: FakeOllama) -> int:
    return sum(path == "/api/tags" for path, _body in ollama.asked)


def test_a_look_that_ended_while_we_waited_for_our_turn_is_fresh_enough(
    ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = replace(sight.look(afresh=True), at=monotonic(), took=60.0)  # ends after we ask
    monkeypatch.setattr(sight, "_last", theirs)
    assert sight.look(afresh=True) is theirs
    assert looks(ollama) == 1


def test_who_asks_afresh_after_a_look_has_ended_has_the_server_asked_again(
    ollama: FakeOllama,
) -> None:
    first = sight.look(afresh=True)
    assert sight.look() is first
    assert sight.look(afresh=True) is not first
    assert looks(ollama) == 2
