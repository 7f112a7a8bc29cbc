"""A judge at work is killed with -9: another process goes on, and nothing that was said is asked again."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from core import comparison
from core.config import settings
from tests.comparison.judged import SCORES, opinions, run_of
from tests.conftest import ROOT
from tests.fake_ollama import FakeOllama

JUDGES = """
import sys
from datetime import UTC, datetime, timedelta
from core import clock, comparison
late = timedelta(seconds=float(sys.argv[1]))
with clock.held(lambda: datetime.now(UTC) + late):  # every lease of the dead has lapsed
    print([one.state for one in comparison.keep_judging()], flush=True)
"""


@pytest.mark.slow
def test_killed_while_it_judges_another_process_goes_on_and_asks_nothing_twice(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = json.dumps({"choice": "second", "scores": SCORES})
    with FakeOllama(says=told, pause=0.005) as server:
        monkeypatch.setenv("CICLO_OLLAMA_URL", server.url)
        settings.cache_clear()
        texts = [(f"Resposta um, {n}.", f"Resposta dois, {n}.") for n in range(10)]
        run, _rows = run_of(texts=texts, judge="ollama:llama3.2:latest")
        first = begun(0)
        while len(server.bodies("/api/chat")) < 14:
            assert first.poll() is None
            time.sleep(0.02)
        first.kill()
        first.communicate()
        assert len(opinions(run)) < 40
        said, _errors = begun(3600).communicate(timeout=120)
        assert "done" in said
        asked = len(server.bodies("/api/chat"))
    told_of = Counter((one.comparison_id, one.kind, one.side, one.first) for one in opinions(run))
    assert len(told_of) == 40
    assert set(told_of.values()) == {1}
    assert asked <= 41  # the one that was under way when it died
    assert comparison.judging(run.id).state == "done"


def begun(late: float) -> "subprocess.Popen[str]":
    """A process that judges what waits, ``late`` seconds after now."""
    command = [sys.executable, "-c", JUDGES, str(late)]
    return subprocess.Popen(
        command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True
    )
