"""Documents follow their files: added, changed, removed, and brought back."""

import os
import shutil
import time
from pathlib import Path
from threading import Event, Thread

import pytest

from core import clock, retrieval
from core.retrieval import watching
from core.retrieval.watching import Watched


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a document that nobody is writing any more."""
    path = tmp_path / "docs"
    (path / "faq").mkdir(parents=True)
    write(path / "faq" / "precos.md", "O plano custa R$ 90.")
    return path


def write(path: Path, text: str, age: float = 60) -> None:
    """A file that was last changed ``age`` seconds ago."""
    path.write_text(text, "utf-8")
    at = clock.now().timestamp() - age
    os.utime(path, (at, at))


def seen(watched: Watched) -> list[tuple[str, str]]:
    return [(one.what, one.name) for one in watched.look()]


def test_the_first_look_takes_what_is_there(assistant: str, folder: Path) -> None:
    watched = Watched(assistant, [folder])
    assert seen(watched) == [("taken", "faq/precos.md")]
    assert seen(watched) == []
    (row,) = retrieval.documents(assistant)
    assert (row.name, row.state) == ("faq/precos.md", "ready")


def test_a_changed_file_is_the_next_version(assistant: str, folder: Path) -> None:
    watched = Watched(assistant, [folder])
    seen(watched)
    write(folder / "faq" / "precos.md", "O plano custa R$ 95.", age=30)
    assert seen(watched) == [("taken", "faq/precos.md")]
    (row,) = retrieval.documents(assistant)
    assert row.version == 2


def test_a_file_still_being_written_is_waited_for(assistant: str, folder: Path) -> None:
    watched = Watched(assistant, [folder])
    seen(watched)
    write(folder / "novo.md", "O prazo", age=0)
    assert seen(watched) == []
    write(folder / "novo.md", "O prazo é de 5 dias.", age=0)
    assert seen(watched) == []
    assert seen(watched) == [("taken", "novo.md")]


def test_a_removed_file_takes_its_document_along_and_brings_it_back(
    assistant: str, folder: Path
) -> None:
    watched, file = Watched(assistant, [folder]), folder / "faq" / "precos.md"
    seen(watched)
    (before,) = retrieval.documents(assistant)
    file.unlink()
    assert seen(watched) == []  # an editor may be saving it anew
    assert seen(watched) == [("removed", "faq/precos.md")]
    assert retrieval.documents(assistant) == []
    write(file, "O plano custa R$ 99.")
    assert seen(watched) == [("taken", "faq/precos.md")]
    (after,) = retrieval.documents(assistant)
    assert (after.id, after.version) == (before.id, 2)


def test_only_what_was_taken_here_is_removed_here(assistant: str, folder: Path) -> None:
    retrieval.add(assistant, "outro.md", b"Outro documento.", now=True)
    watched = Watched(assistant, [folder])
    for _look in range(3):
        seen(watched)
    assert {row.name for row in retrieval.documents(assistant)} == {"outro.md", "faq/precos.md"}


def test_an_unplugged_folder_removes_nothing(assistant: str, folder: Path) -> None:
    watched = Watched(assistant, [folder])
    seen(watched)
    shutil.move(folder, folder.with_name("elsewhere"))
    for _look in range(3):
        assert seen(watched) == []
    shutil.move(folder.with_name("elsewhere"), folder)
    assert seen(watched) == []
    assert len(retrieval.documents(assistant)) == 1


def test_where_another_disk_lies_in_its_place_nothing_is_removed(
    assistant: str, folder: Path
) -> None:
    watched = Watched(assistant, [folder])
    seen(watched)
    watched._folders[folder] += 1  # what an unplugged disk leaves: an empty folder of another one
    shutil.rmtree(folder / "faq")
    for _look in range(3):
        assert seen(watched) == []
    assert len(retrieval.documents(assistant)) == 1


def test_a_folder_that_cannot_be_looked_into_removes_nothing(
    assistant: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched, scan = Watched(assistant, [folder]), os.scandir
    seen(watched)

    def failing(path: str) -> object:
        if str(path).endswith("faq"):
            raise PermissionError(13, "no", path)
        return scan(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", failing)
        for _look in range(3):
            assert seen(watched) == []
    assert seen(watched) == []
    assert len(retrieval.documents(assistant)) == 1


def test_links_lead_nowhere_else_and_pipes_hold_nobody_up(assistant: str, folder: Path) -> None:
    (folder.parent / "segredo.txt").write_text("A senha é 123.", "utf-8")
    (folder / "fora.txt").symlink_to(folder.parent / "segredo.txt")
    (folder / "dentro.txt").symlink_to(folder / "faq" / "precos.md")
    (folder / "pasta").symlink_to(folder.parent)
    os.mkfifo(folder / "fila.md")
    happened = list(retrieval.add_all(assistant, [folder]))
    assert [(one.what, one.name) for one in happened] == [
        ("taken", "dentro.txt"),
        ("refused", "fora.txt"),
        ("taken", "faq/precos.md"),
    ]
    assert happened[1].error
    assert happened[1].error.code == "leads_out"


def test_a_link_that_is_named_itself_is_followed(assistant: str, folder: Path) -> None:
    link = folder.parent / "precos.md"
    link.symlink_to(folder / "faq" / "precos.md")
    assert [one.what for one in retrieval.add_all(assistant, [link])] == ["taken"]


def test_each_file_tells_how_many_are_left_and_how_long_they_take(
    assistant: str, folder: Path
) -> None:
    for n in range(3):
        write(folder / f"{n}.md", f"Texto {n}.")
    left = [one.left for one in retrieval.add_all(assistant, [folder])]
    assert [one.files for one in left if one] == [3, 2, 1, 0]
    assert [one.seconds > 0 for one in left if one] == [True, True, True, False]


def test_a_file_that_cannot_be_read_is_told_once_until_it_changes(
    assistant: str, folder: Path
) -> None:
    watched = Watched(assistant, [folder])
    seen(watched)
    write(folder / "vazio.md", "")
    assert seen(watched) == [("refused", "vazio.md")]
    assert seen(watched) == []
    write(folder / "vazio.md", "Agora com texto.", age=30)
    assert seen(watched) == [("taken", "vazio.md")]


def test_what_the_disk_could_not_take_is_tried_again(
    assistant: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(assistant, [folder])
    (folder.parent / "home" / "documents").write_text("no folder")  # nothing can be kept there
    assert seen(watched) == seen(watched) == [("refused", "faq/precos.md")]
    (folder.parent / "home" / "documents").unlink()
    assert seen(watched) == [("taken", "faq/precos.md")]
    assert seen(watched) == []


def test_what_systems_and_editors_leave_behind_is_passed_over(assistant: str, folder: Path) -> None:
    names = ".oculto.md ~$precos.docx precos.md~ #precos.md# a.part b.tmp .a.swp Thumbs.db"
    for name in names.split():
        write(folder / name, "nada")
    (folder / ".git").mkdir()
    write(folder / ".git" / "notas.md", "nada")
    assert [name for _path, name in watching.files([folder])] == ["faq/precos.md"]


def test_a_single_file_can_be_followed(assistant: str, folder: Path) -> None:
    watched = Watched(assistant, [folder / "faq" / "precos.md"])
    assert seen(watched) == [("taken", "precos.md")]
    (folder / "faq" / "precos.md").unlink()
    assert seen(watched) + seen(watched) == [("removed", "precos.md")]


def test_a_document_taken_back_by_hand_stays_away_until_its_file_changes(
    assistant: str, folder: Path
) -> None:
    watched = Watched(assistant, [folder])
    seen(watched)
    (row,) = retrieval.documents(assistant)
    retrieval.remove(row.id)
    assert seen(watched) == []
    write(folder / "faq" / "precos.md", "O plano custa R$ 95.", age=30)
    assert seen(watched) == [("taken", "faq/precos.md")]
    assert retrieval.document(row.id).removed_at is None


def test_watching_ends_when_it_is_told_to(
    assistant: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "EVERY", 0.01)
    stop, happened = Event(), list[str]()

    def follow() -> None:
        happened.extend(one.name for one in retrieval.watch(assistant, [folder], stop))

    following = Thread(target=follow)
    following.start()
    while not happened and not retrieval.documents(assistant):
        time.sleep(0.01)
    stop.set()
    following.join(10)
    assert not following.is_alive()
    assert happened == ["faq/precos.md"]
