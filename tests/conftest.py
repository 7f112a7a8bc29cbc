"""Each test lives in a world of its own.

``home``     a temporary CICLO_HOME with a freshly migrated, empty database; none of the machine's
             own settings, and no Ollama, shows through.
``server``   the real server, started once a run on a free port with a home of its own.
``browser``  Debian's Chromium (or CICLO_TEST_BROWSER), with every other host cut off.
``page``     a fresh page of it on the server; a script error on the page fails the test.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOWHERE = "http://127.0.0.1:9"  # the discard port: nothing answers, and at once


def clean_environment(home: Path) -> dict[str, str]:
    """The environment of a world whose home is ``home``: no setting of the machine's user."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CICLO_", "OLLAMA_"))}
    return kept | {"CICLO_HOME": str(home), "CICLO_OLLAMA_URL": NOWHERE}


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file, made once a run."""
    from core import db
    from core.config import settings
    from core.db import migrate

    folder = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        _enter(patch, folder)
        migrate.upgrade()
        db.close()
        settings.cache_clear()
    return folder / "ciclo.db"


@pytest.fixture
def home(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own with an empty, migrated database; everything is closed afterwards."""
    from core.config import settings

    folder = tmp_path / "home"
    folder.mkdir()
    shutil.copyfile(template, folder / "ciclo.db")
    _enter(monkeypatch, folder)
    yield folder
    _close()
    settings.cache_clear()


def _enter(patch: pytest.MonkeyPatch, home: Path) -> None:
    from core.config import Settings, settings

    for name in [name for name in os.environ if name.startswith(("CICLO_", "OLLAMA_"))]:
        patch.delenv(name)
    for name, value in clean_environment(home).items():
        if name.startswith("CICLO_"):
            patch.setenv(name, value)
    patch.setitem(Settings.model_config, "env_file", None)
    settings.cache_clear()


def _close() -> None:
    """Let go of what a process keeps of a home: only packages that a test has loaded."""
    for name in ("core.chat", "core.retrieval", "core.db"):
        close = getattr(sys.modules.get(name), "close", None)
        if close:
            close()
