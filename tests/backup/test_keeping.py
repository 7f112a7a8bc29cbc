"""Which backups stay, and when the next one is due."""

import shutil
from collections import namedtuple
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import assistants, audit, backup, clock, i18n
from core.backup import archives, keeping, making
from core.config import settings
from core.db import room
from core.errors import InvalidInput, Unavailable

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_the_newest_of_each_day_week_and_month_stays() -> None:
    times = [START + timedelta(hours=12 * n) for n in range(2 * 200)]
    stay = keeping.kept(times, daily=7, weekly=4, monthly=6)
    newest = sorted(stay, reverse=True)
    assert newest[0] == times[-1]
    assert len({at.date() for at in newest[:7]}) == 7
    assert {at.month for at in stay} == {2, 3, 4, 5, 6, 7}
    assert len(stay) <= 7 + 4 + 6


def test_the_newest_stays_where_nothing_shall_be_kept() -> None:
    assert keeping.kept([START, START - timedelta(days=1)], 0, 0, 0) == {START}


def test_one_is_made_when_due_and_not_before(home: Path) -> None:
    making._failed.clear()
    assert backup.keep_backed_up() is not None
    assert backup.keep_backed_up() is None
    later = clock.now() + timedelta(hours=25)
    with clock.held(later):
        assert backup.keep_backed_up() is None  # nothing has changed since
        assistants.create("Loja")
        _touched(home, later)
        assert backup.keep_backed_up() is not None


def test_none_is_begun_that_would_leave_too_little_room(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = namedtuple("disk", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: disk(0, 0, room.LEAST))
    with pytest.raises(Unavailable) as refused:
        backup.make()
    assert refused.value.code == "disk_full"
    assert not backup.backups()


def test_what_fails_is_told_until_one_succeeds(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    making._failed.clear()
    monkeypatch.setenv("CICLO_BACKUP_KEY", "no-key")
    settings.cache_clear()
    with pytest.raises(InvalidInput):
        backup.keep_backed_up()
    now = backup.standing()
    assert now.failure is not None
    assert now.next_at == now.failure.at + making.RETRY
    assert now.key_error
    assert not now.encrypted
    monkeypatch.delenv("CICLO_BACKUP_KEY")
    settings.cache_clear()
    with clock.held(clock.now() + timedelta(hours=2)):
        assert backup.keep_backed_up() is not None
        assert backup.standing().failure is None


def test_the_next_one_is_a_day_after_the_last_once_anything_has_changed(home: Path) -> None:
    making._failed.clear()
    made = backup.keep_backed_up()
    assert made is not None
    now = backup.standing()
    assert now.last is not None
    assert (now.last.name, now.on_change) == (made.name, True)
    assert now.next_at == now.last.at + timedelta(hours=24)
    assert now.same_disk
    assert now.folder == home / "backups"
    _touched(home, clock.now() + timedelta(minutes=1))
    assert not backup.standing().on_change


def test_a_full_disk_of_the_backups_is_told_before_one_fails(home: Path) -> None:
    with i18n.speaking("en"):
        now = replace(backup.standing(), same_disk=False, encrypted=True, free=room.LOW)
        assert backup.risks(now) == []
        (told,) = backup.risks(replace(now, free=room.LOW - 1))
    assert "left on the disk of the backups" in told


def test_what_was_made_by_hand_stays(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DAILY", "WEEKLY", "MONTHLY"):
        monkeypatch.setenv(f"CICLO_BACKUP_{name}", "0")
    settings.cache_clear()
    with clock.held(START):
        mine = backup.make()
    for day in (1, 3, 5):
        with clock.held(START + timedelta(days=day)):
            _touched(home, clock.now())
            assert backup.keep_backed_up() is not None
    assert [one.name for one in backup.backups() if one.by_hand] == [mine.name]
    assert len(backup.backups()) == 2


def test_none_is_made_by_itself_where_that_is_off(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_BACKUP_HOURS", "0")
    settings.cache_clear()
    assert backup.keep_backed_up() is None


def test_an_archive_is_for_its_owners_eyes(home: Path) -> None:
    assert backup.make().path.stat().st_mode & 0o077 == 0


def test_a_name_tells_when_and_how_it_was_made() -> None:
    name = archives.name_of(START, by_hand=True, encrypted=True)
    assert name == "ciclo-20260101T120000Z-by-hand.tar.gz.age"
    assert archives.NAME.fullmatch(name)


def _touched(home: Path, at: datetime) -> None:
    import os

    os.utime(home / "ciclo.db", (at.timestamp(), at.timestamp()))


def test_a_copy_made_by_hand_and_one_put_back_are_in_the_audit_log(home: Path) -> None:
    made = backup.make()
    (line,) = audit.events(audit.Wanted(kind="backup"))
    assert (line.action, line.object_id) == ("create", made.name)
    whole, _before = backup.restore(made.name)
    backup.settled(whole)
    (line,) = audit.events(audit.Wanted(kind="backup"))  # what was made is older than its line
    assert (line.action, line.object_id) == ("put_back", made.name)
