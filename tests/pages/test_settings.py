"""The settings: how backups stand, what the disk holds, and who may look."""

import shutil
from pathlib import Path

import pytest

from core import access, backup
from core.backup import making
from core.config import settings
from core.db import room
from core.errors import CicloError
from tests.db.test_room import Disk
from tests.pages.conftest import Opens, elements, keys, said

PAGE = "pages/manage/settings.py"


def told(app: object) -> str:
    """Every text in the page's tables."""
    return "\n".join(str(one) for one in elements(app))  # type: ignore[arg-type]


def test_before_the_first_backup_its_time_and_what_is_risky_are_said(opens: Opens) -> None:
    app = opens(PAGE, language="en")
    assert "There is none yet." in told(app)
    assert "within ten minutes" in told(app)
    risks = said(app)
    assert "not encrypted" in risks
    assert "Set CICLO_BACKUP_DIR" in risks


def test_each_backup_is_told_with_a_way_to_check_it(opens: Opens) -> None:
    made = backup.make()
    app = opens(PAGE, language="en")
    assert made.name in said(app)
    assert f"backups.check.{made.name}" in keys(app)
    assert "by hand" in told(app)


def test_a_damaged_one_is_named_as_such_and_stays_marked(opens: Opens, home: Path) -> None:
    made = backup.make()
    made.path.write_bytes(b"spoilt")
    app = opens(PAGE, language="en")
    app.button(key=f"backups.check.{made.name}").click().run()
    for _again in range(50):  # the check goes on beside the page
        if app.error:
            break
        app.run()
    assert "damaged" in app.error[0].value
    assert "checked at" in said(app)


def test_a_backup_that_did_not_come_says_why(opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    making._failed.clear()
    monkeypatch.setenv("CICLO_BACKUP_KEY", "no-key")
    settings.cache_clear()
    with pytest.raises(CicloError):
        backup.keep_backed_up()
    app = opens(PAGE, language="en")
    assert "The last backup failed" in app.error[0].value.replace("\\", "")
    assert "CICLO\\_BACKUP\\_KEY is no key" in app.error[1].value
    making._failed.clear()


def test_who_may_operate_hears_early_that_the_disk_runs_full(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Disk(10**10, 0, room.LOW - 1))
    monkeypatch.setattr(room, "LOOK_EVERY", -1.0)
    assert "filling up" in opens(language="en").warning[0].value
    access.person("Admin")
    access.set_roles(access.local_person().id, ["viewer"])
    assert not opens(language="en").warning
    room._seen.clear()


def test_storage_tells_what_takes_the_room(opens: Opens, home: Path) -> None:
    (home / "documents").mkdir(exist_ok=True)
    (home / "documents" / "one").write_bytes(b"x" * 5_000_000)
    app = opens(PAGE, language="en", view="storage")
    assert "5.0 MB" in told(app)


def test_whoever_may_not_operate_is_shown_no_settings(opens: Opens) -> None:
    access.person("Admin")
    access.set_roles(access.local_person().id, ["analyst"])
    app = opens(PAGE, language="en")
    assert "may not operate" in app.error[0].value
    assert not app.title
