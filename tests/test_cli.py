"""The command line: every verb, plain and as JSON, with exit codes that mean something."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run, clean_environment

HOURS = """# Horários

O suporte atende de segunda a sexta, das 9h às 18h.

Aos sábados o suporte atende das 9h às 13h, só por e-mail.
"""
SATURDAYS = "Qual é o horário do suporte aos sábados?"


@pytest.fixture
def hours(tmp_path: Path) -> Path:
    """A file about opening hours."""
    path = tmp_path / "horarios.md"
    path.write_text(HOURS, "utf-8")
    return path


@pytest.fixture
def desk(ciclo: Run, hours: Path) -> str:
    """The id of an assistant with one document."""
    made = ciclo("assistants", "create", "Suporte", "--json").data["id"]
    assert ciclo("documents", "add", hours).code == 0
    return str(made)


@pytest.mark.slow
def test_importing_the_commands_is_light() -> None:
    script = "import sys, core.cli; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    loaded = set(run.stdout.split())
    heavy = {"sqlalchemy", "fastapi", "faiss", "tantivy", "langchain_core", "pandas", "streamlit"}
    assert loaded & heavy == set()


@pytest.mark.slow
def test_status_loads_nothing_heavy(home: Path) -> None:
    script = "import sys\nfrom core.cli import main\ntry:\n main(['status'])\n"
    script += "finally:\n print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    heavy = {"fastapi", "faiss", "tantivy", "langchain_core", "pandas", "plotly", "streamlit"}
    assert run.returncode == 0, run.stderr
    assert set(run.stdout.split()) & heavy == set()


def test_help_names_every_command_and_the_exit_codes(ciclo: Run) -> None:
    done = ciclo("--help")
    assert done.code == 0
    for name in (
        "serve status demo ask documents search assistants conversations migrate doctor"
    ).split():
        assert f"\n  {name} " in done.out
    assert "3 not found" in " ".join(done.out.split())


@pytest.mark.slow
def test_python_m_core_is_the_same_command(home: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "core", "migrate", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert set(json.loads(run.stdout)) == {"before", "after"}


@pytest.mark.slow
def test_an_answer_streams_with_its_sources(ciclo: Run, desk: str) -> None:
    done = ciclo("ask", SATURDAYS)
    assert done.code == 0
    assert "9h às 13h" in done.out
    assert "horarios.md" in done.out
    assert "embedded:quotes" in done.out


def test_an_answer_as_json_has_the_names_of_the_api(ciclo: Run, desk: str) -> None:
    answer = ciclo("ask", SATURDAYS, "--assistant", "Suporte", "--json").data
    assert answer["outcome"] == "answered"
    assert answer["citations"][0]["document"] == "horarios.md"
    assert answer["success"] is True


@pytest.mark.slow
def test_a_conversation_goes_on(ciclo: Run, desk: str) -> None:
    first = ciclo("ask", SATURDAYS, "--json").data["conversation_id"]
    again = ciclo("ask", "E de segunda a sexta?", "--conversation", first, "--json").data
    assert again["conversation_id"] == first
    shown = ciclo("conversations", "show", first, "--json").data
    assert [one["role"] for one in shown["messages"]] == ["user", "assistant"] * 2


def test_an_answer_that_was_cut_off_is_exit_code_4(ciclo: Run, desk: str) -> None:
    from core.llm import fake

    fake.reset()
    assert ciclo("assistants", "model", "Suporte", "fake:script").code == 0
    fake.queue(fake.Reply("Das 9h às", done_reason="length"))
    done = ciclo("ask", SATURDAYS, "--json")
    fake.reset()
    assert done.code == 4
    assert done.data["outcome"] == "cut_off"
    assert done.data["success"] is False


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ask", SATURDAYS, "--assistant", "Nobody"], 3),
        (["ask", " "], 2),
        (["ask", "x" * 4001], 2),
        (["ask"], 2),
        (["ask", SATURDAYS, "--colour"], 2),
        (["nothing"], 2),
        (["documents", "show", "nothing"], 3),
        (["documents", "add", "/nowhere/at/all.md"], 2),
        (["assistants", "remove", "Nobody"], 3),
        (["assistants", "create", "Suporte"], 1),
        (["assistants", "create", "Loja", "--language", "fr"], 2),
        (["assistants", "model", "Suporte", "nobody:m"], 2),
        (["conversations", "export", "nothing"], 3),
        (["search", "horário", "-k", "0"], 2),
    ],
)
def test_a_failure_is_a_sentence_and_an_exit_code(
    ciclo: Run, desk: str, arguments: list[str], code: int
) -> None:
    done = ciclo(*arguments)
    assert done.code == code
    assert done.err.strip()
    assert "Traceback" not in done.err


def test_a_failure_as_json_is_one_document(ciclo: Run, desk: str) -> None:
    done = ciclo("documents", "show", "nothing", "--json")
    assert set(done.data["error"]) == {"code", "message", "hint"}
    assert done.data["error"]["code"] == "not_found"


def test_a_bad_setting_is_a_sentence(ciclo: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CICLO_PORT", "99999")
    done = ciclo("status")
    assert done.code == 2
    assert "CICLO_PORT='99999'" in done.err


@pytest.mark.slow
def test_a_folder_is_added_with_its_folders_and_twice_is_once(
    ciclo: Run, desk: str, tmp_path: Path
) -> None:
    folder = tmp_path / "docs"
    (folder / "faq").mkdir(parents=True)
    (folder / "faq" / "precos.txt").write_text("O plano custa R$ 90 por mês.", "utf-8")
    (folder / "nota.md").write_text("# Nota\n\nBackups às 3h.", "utf-8")
    (folder / ".hidden.md").write_text("nada", "utf-8")
    for _again in range(2):
        assert ciclo("documents", "add", folder).code == 0
    listed = ciclo("documents", "list", "--json").data["data"]
    assert sorted(row["name"] for row in listed) == ["faq/precos.txt", "horarios.md", "nota.md"]
    assert {row["state"] for row in listed} == {"ready"}


def test_a_refused_file_does_not_keep_the_others_out(ciclo: Run, desk: str, tmp_path: Path) -> None:
    good, bad = tmp_path / "boa.txt", tmp_path / "ruim.exe"
    good.write_text("Os backups são feitos às 3h.", "utf-8")
    bad.write_bytes(b"MZ\x00\x01")
    done = ciclo("documents", "add", bad, good, "--json")
    assert done.code == 2
    assert [row["name"] for row in done.data["data"]] == ["boa.txt"]
    assert done.data["refused"][0]["code"] == "unsupported_type"


def test_nothing_to_add_is_told(ciclo: Run, desk: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path, said in (("empty", "no file to add"), ("nowhere", "no file or folder")):
        done = ciclo("documents", "add", tmp_path / path)
        assert done.code == 2
        assert said in done.err
        assert str(tmp_path / path) in done.err


def test_the_terminal_speaks_one_language(
    ciclo: Run, desk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_LANGUAGE", "pt-BR")
    assert "  pronto  " in ciclo("documents", "list").out
    shown = ciclo("status").out
    assert "1 (e 0 na fila)" in shown
    assert not {"waiting", "ready", "sample"} & set(shown.replace("(", " ").split())


def test_a_damaged_file_is_exit_code_1(ciclo: Run, desk: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nthis is no PDF")
    done = ciclo("documents", "add", broken)
    assert done.code == 1
    assert "broken.pdf" in done.out


@pytest.mark.slow
def test_a_document_is_shown_removed_and_restored(ciclo: Run, desk: str) -> None:
    (row,) = ciclo("documents", "list", "--json").data["data"]
    assert "9h às 13h" in ciclo("documents", "show", row["id"]).out
    assert ciclo("documents", "remove", row["id"]).code == 0
    assert ciclo("documents", "list", "--json").data["data"] == []
    assert ciclo("documents", "restore", row["id"]).code == 0
    assert len(ciclo("documents", "list", "--json").data["data"]) == 1


@pytest.mark.slow
def test_a_changed_file_is_a_version_and_its_difference_is_shown(
    ciclo: Run, desk: str, hours: Path
) -> None:
    hours.write_text(HOURS.replace("18h", "19h"), "utf-8")
    assert ciclo("documents", "add", hours).code == 0
    (row,) = ciclo("documents", "list", "--json").data["data"]
    assert row["version"] == 2
    versions = ciclo("documents", "versions", row["id"], "--json").data["data"]
    assert [one["number"] for one in versions] == [2, 1]
    assert ciclo("documents", "versions", row["id"]).out.startswith("*  2  ready")
    shown = ciclo("documents", "diff", row["id"]).out.splitlines()
    assert [line[:2] for line in shown if line[:2] in ("+ ", "- ")] == ["- ", "+ "]
    assert "19h" in shown[-3]
    told = ciclo("documents", "diff", row["id"], "2", "1", "--json").data
    assert (told["a"], told["b"], told["added"], told["removed"]) == (2, 1, 1, 1)


@pytest.mark.slow
def test_dates_are_set_and_taken_back_and_search_looks_at_a_day(ciclo: Run, desk: str) -> None:
    (row,) = ciclo("documents", "list", "--json").data["data"]
    done = ciclo("documents", "validity", row["id"], "--to", "2026-03-31", "--json")
    assert (done.data["valid_from"], done.data["valid_to"]) == (None, "2026-03-31")
    assert ciclo("search", "sábados", "--json").data["data"] == []
    assert ciclo("search", "sábados", "--at", "2026-03-31", "--json").data["data"]
    assert ciclo("documents", "validity", row["id"], "--to", "open").code == 0
    assert ciclo("search", "sábados", "--json").data["data"]
    wrong = ciclo("documents", "validity", row["id"], "--from", "tomorrow")
    assert (wrong.code, "tomorrow" in wrong.err) == (2, True)


@pytest.mark.slow
def test_what_is_hidden_is_chosen_kind_by_kind(ciclo: Run, desk: str, tmp_path: Path) -> None:
    note = tmp_path / "nota.txt"
    note.write_text("CPF 900.000.101-38, telefone (11) 90000-1234.", "utf-8")
    row = ciclo("documents", "add", note, "--json").data["data"][0]
    done = ciclo("documents", "masks", row["id"], "--hide", "phone", "--show", "cpf", "--json")
    assert sorted(done.data["masks"]) == ["card", "phone"]
    text = ciclo("documents", "show", row["id"]).out
    assert ("900.000.101-38" in text, "90000-1234" in text) == (True, False)
    assert ciclo("documents", "masks", row["id"], "--hide", "names").code == 2


@pytest.mark.slow
def test_use_is_told_and_what_nobody_uses(ciclo: Run, desk: str) -> None:
    assert ciclo("documents", "usage").out.startswith("horarios.md: used 0")
    assert "horarios.md" in ciclo("documents", "usage", "--unused", "30").out
    assert ciclo("ask", SATURDAYS).code == 0
    assert ciclo("documents", "usage", "--json").data["data"][0]["usage"]["cited"] >= 1
    assert ciclo("documents", "usage", "--unused", "30", "--json").data == {"data": []}


@pytest.mark.slow
def test_several_documents_are_removed_and_restored_at_once(
    ciclo: Run, desk: str, tmp_path: Path
) -> None:
    (tmp_path / "outra.txt").write_text("Os backups são feitos às 3h.", "utf-8")
    ciclo("documents", "add", tmp_path / "outra.txt")
    ids = [row["id"] for row in ciclo("documents", "list", "--json").data["data"]]
    assert ciclo("documents", "remove", *ids, "nothing").code == 3
    assert len(ciclo("documents", "list", "--json").data["data"]) == 2
    assert ciclo("documents", "remove", *ids).code == 0
    assert ciclo("documents", "list", "--json").data["data"] == []
    restored = ciclo("documents", "restore", *ids, "--json").data["data"]
    assert [row["id"] for row in restored] == ids


@pytest.mark.slow
def test_a_watched_folder_is_followed_until_ctrl_c(ciclo: Run, desk: str, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "nota.md").write_text("Backups às 3h.", "utf-8")
    command = [sys.executable, "-m", "core", "documents", "add", str(folder), "--watch"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout
        assert watching.stdout.readline().startswith("+ nota.md")
        (folder / "nota.md").write_text("Backups às 4h da manhã.", "utf-8")
        assert watching.stdout.readline().startswith("+ nota.md")
        (folder / "nota.md").unlink()
        assert watching.stdout.readline().startswith("- nota.md")
        watching.send_signal(signal.SIGINT)
        assert watching.stdout.read() == ""
    assert watching.returncode == 0
    assert [row["name"] for row in ciclo("documents", "list", "--json").data["data"]] == [
        "horarios.md"
    ]


def test_search_finds_a_passage(ciclo: Run, desk: str) -> None:
    (hit,) = ciclo("search", "sábados", "-k", "1", "--json").data["data"]
    assert hit["document"] == "horarios.md"
    assert "horarios.md" in ciclo("search", "sábados").out


@pytest.mark.slow
def test_an_assistant_goes_out_and_comes_in_as_folder_and_zip(
    ciclo: Run, desk: str, tmp_path: Path
) -> None:
    for target in (tmp_path / "folder", tmp_path / "packed.zip"):
        assert ciclo("assistants", "export", "Suporte", target).code == 0
        name = f"Cópia {target.suffix}"
        assert ciclo("assistants", "import", target, "--name", name).code == 0
        listed = ciclo("documents", "list", "--assistant", name, "--json").data["data"]
        assert [(row["name"], row["state"]) for row in listed] == [("horarios.md", "ready")]


def test_assistants_are_removed_restored_and_made_the_default(ciclo: Run, desk: str) -> None:
    ciclo("assistants", "create", "Loja")
    assert ciclo("assistants", "default", "Loja").code == 0
    assert ciclo("assistants", "remove", "Loja").code == 0
    (left,) = ciclo("assistants", "list", "--json").data["data"]
    assert (left["name"], left["is_default"]) == ("Suporte", True)
    assert ciclo("assistants", "remove", "Suporte").code == 0
    assert ciclo("assistants", "restore", desk).code == 0


def test_conversations_are_imported_once(ciclo: Run, desk: str, tmp_path: Path) -> None:
    talk = {
        "external_id": "wa-1",
        "channel": "whatsapp",
        "messages": [
            {"role": "user", "text": "Abrem no domingo?", "created_at": "2026-03-01T12:00:00Z"},
            {"role": "assistant", "text": "Não.", "model": "other-bot", "latency": 1.5},
        ],
    }
    file = tmp_path / "talks.jsonl"
    file.write_text(json.dumps(talk) + "\n", "utf-8")
    first = ciclo("conversations", "import", file, "--json").data
    again = ciclo("conversations", "import", file, "--json").data
    assert first == {"conversations": 1, "added": 2, "known": 0}
    assert again == {"conversations": 1, "added": 0, "known": 2}


@pytest.mark.parametrize("line", ["{bad", "[]", '{"external_id": "x"}', "\udcff"])
def test_a_bad_line_of_an_import_is_told(ciclo: Run, desk: str, tmp_path: Path, line: str) -> None:
    file = tmp_path / "talks.jsonl"
    file.write_bytes(line.encode("utf-8", "surrogateescape"))
    done = ciclo("conversations", "import", file)
    assert done.code == 2
    assert "Traceback" not in done.err


@pytest.mark.slow
def test_a_conversation_is_found_exported_removed_and_restored(
    ciclo: Run, desk: str, tmp_path: Path
) -> None:
    talk = ciclo("ask", SATURDAYS, "--json").data["conversation_id"]
    (found,) = ciclo("conversations", "list", "--search", "13h", "--json").data["data"]
    assert found["id"] == talk
    target = tmp_path / "talk.md"
    assert ciclo("conversations", "export", talk, "-o", target).code == 0
    assert SATURDAYS in target.read_text("utf-8")
    assert ciclo("conversations", "remove", talk).code == 0
    assert ciclo("conversations", "list", "--json").data["data"] == []
    assert ciclo("conversations", "restore", talk).code == 0


def test_status_tells_sizes_documents_models_and_what_waits(ciclo: Run, desk: str) -> None:
    status = ciclo("status", "--json").data
    assert status["database"]["bytes"] > 0
    assert set(status["database"]["growth"]) == {"days", "bytes_per_day"}
    assert (status["documents"], status["documents_waiting"]) == (1, 0)
    assert status["index"]["chunks"] > 0
    assert status["models"][0]["status"] == "ready"
    assert ciclo("status").code == 0


def test_migrate_says_that_nothing_is_to_do(ciclo: Run) -> None:
    told = ciclo("migrate", "--json").data
    assert told["before"] == told["after"]


@pytest.mark.slow
def test_migrate_makes_a_new_home(ciclo: Run, home: Path) -> None:
    (home / "ciclo.db").unlink()
    told = ciclo("migrate", "--json").data
    assert told["before"] == ""
    assert told["after"] >= "0001"


def test_doctor_checks_everything_and_is_content(
    ciclo: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_PORT", str(_free_port()))
    done = ciclo("doctor", "--json")
    assert done.code == 0
    states = {check["name"]: check["state"] for check in done.data["checks"]}
    assert states == {
        "python": "good",
        "database": "good",
        "index": "good",
        "disk": "good",
        "ollama": "note",
        "port": "good",
    }


def test_doctor_finds_a_taken_port_and_says_what_to_do(
    ciclo: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    from core.diagnosis import machine

    monkeypatch.setattr(machine, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("CICLO_PORT", str(other.getsockname()[1]))
        done = ciclo("doctor", "--json")
    (port,) = [check for check in done.data["checks"] if check["name"] == "port"]
    assert done.code == 1
    assert port["state"] == "bad"
    assert "CICLO_PORT" in port["advice"]


def test_doctor_finds_a_home_that_cannot_be_written(
    ciclo: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CICLO_HOME", str(tmp_path / "file"))
    done = ciclo("doctor", "--json")
    bad = {check["name"] for check in done.data["checks"] if check["state"] == "bad"}
    assert done.code == 1
    assert {"disk", "database"} <= bad


def test_doctor_goes_on_where_the_index_has_no_room(
    ciclo: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core import retrieval

    def full() -> int:
        raise ValueError("An IO error occurred: 'No space left on device'")  # tantivy's words

    monkeypatch.setattr(retrieval, "chunk_count", full)
    done = ciclo("doctor", "--json")
    states = {check["name"]: check["state"] for check in done.data["checks"]}
    assert done.code == 1
    assert states["index"] == "bad"
    assert states["disk"] == "good"


@pytest.mark.parametrize("command", ["status", "migrate"])
def test_a_home_that_cannot_be_used_is_a_sentence(
    ciclo: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    from core import db

    db.close()
    (tmp_path / "file").touch()
    monkeypatch.setenv("CICLO_HOME", str(tmp_path / "file"))
    done = ciclo(command)
    assert done.code == 4
    assert str(tmp_path / "file") in done.err
    assert "doctor" in done.err


def test_a_damaged_database_is_a_sentence(ciclo: Run, home: Path) -> None:
    (home / "ciclo.db").write_bytes(b"this is no database" * 1000)
    done = ciclo("status")
    assert done.code == 4
    assert "database" in done.err
    assert "Traceback" not in done.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("CICLO_LANGUAGE", "en", "There is no assistant 'Nobody'."),
        ("LC_ALL", "en_GB.UTF-8", "There is no assistant 'Nobody'."),
        ("LANG", "en_US.UTF-8", "There is no assistant 'Nobody'."),
    ],
)
def test_the_language_follows_the_setting_then_the_locale(
    home: Path, variable: str, value: str, sentence: str
) -> None:
    kept = {k: v for k, v in os.environ.items() if k not in ("CICLO_LANGUAGE", "LC_ALL", "LANG")}
    run = subprocess.run(
        [sys.executable, "-m", "core", "assistants", "remove", "Nobody"],
        cwd=ROOT,
        env={**kept, variable: value},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert run.returncode == 3
    assert sentence in run.stderr


def test_what_could_steer_the_terminal_is_not_printed(ciclo: Run, desk: str) -> None:
    from core.cli.terminal import printable

    assert printable("a\x1b[2Jb\x07c\r\nd\te\u202ef") == "a[2Jbc\nd\tef"
    assert printable("R$\xa0120 👩\u200d💻 ação") == "R$\xa0120 👩\u200d💻 ação"


def _free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


@pytest.mark.parametrize(
    "arguments",
    [("ask", "--json"), ("search", "abc", "--k", "x", "--json"), ("import", "--json")],
)
def test_a_misused_command_is_a_json_document_too(ciclo: Run, arguments: tuple[str, ...]) -> None:
    done = ciclo(*arguments)
    assert done.code == 2
    assert done.data["error"]["code"] == "usage"
    assert done.data["error"]["message"] in done.err


def test_a_search_says_why_and_what_it_did_not_find(ciclo: Run, desk: str) -> None:
    told = ciclo("search", "horario do marciano", "--explain", "-k", "1").out
    assert "It has 1 of the 2 words of the question." in told
    assert "In no document: marciano" in told
    data = ciclo("search", "horario do marciano", "--explain", "-k", "1", "--json").data
    assert sum(data["data"][0]["why"]["points"].values()) == pytest.approx(
        data["data"][0]["score"], abs=1e-3
    )
    assert data["explanation"]["stopwords"] == ["do"]


@pytest.mark.slow
def test_the_list_is_searched_filtered_and_sorted(ciclo: Run, desk: str, tmp_path: Path) -> None:
    for name in ("Preços.txt", "antigo.txt"):
        (tmp_path / name).write_text(f"{name} é do suporte.", "utf-8")
    ciclo("documents", "add", tmp_path)

    def names(*options: str) -> list[str]:
        rows = ciclo("documents", "list", "--json", *options).data["data"]
        return [row["name"] for row in rows]

    assert names("--search", "PRECO") == ["Preços.txt"]
    assert names("--sort", "name") == ["antigo.txt", "horarios.md", "Preços.txt"]
    assert names("--sort", "name", "--reverse")[0] == "Preços.txt"
    assert names("--only", "failed") == names("--state", "queued") == []
    assert ciclo("documents", "list", "--only", "failed").out == "No document fits.\n"
    assert ciclo("documents", "list", "--only", "lost").code == 2


def test_adding_again_says_what_it_made_of_it(ciclo: Run, desk: str, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    said = []
    for text in ("um", "um", "dois"):
        file.write_text(text)
        said.append(ciclo("documents", "add", file).out)
    assert "already here, unchanged" in said[1]
    assert "a new version" in said[2]
    (row,) = ciclo("documents", "add", file, "--json").data["data"]
    assert row["what"] == "already_here"


def test_a_file_is_read_again_and_handed_back(ciclo: Run, desk: str, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    (row,) = ciclo("documents", "list", "--json").data["data"]
    assert ciclo("documents", "reread", row["id"], "--json").data["state"] == "ready"
    assert ciclo("documents", "original", row["id"], "--to", there).code == 0
    assert (there / "horarios.md").read_text("utf-8") == HOURS
    assert ciclo("documents", "original", row["id"], "--to", there).code == 4  # not twice
    assert ciclo("documents", "original", "nothing").code == 3


@pytest.mark.slow
def test_what_a_command_makes_in_the_home_is_its_owners_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "core", "assistants", "list"]
    subprocess.run(command, cwd=ROOT, env=clean_environment(tmp_path / "home"), check=True)
    made = [tmp_path / "home", *(tmp_path / "home").rglob("*")]
    assert len(made) > 1
    assert [path for path in made if path.stat().st_mode & 0o077] == []
