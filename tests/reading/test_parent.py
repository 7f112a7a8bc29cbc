"""The child and its limits: whatever it does, the parent answers in time and goes on."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core import reading
from core.config import settings
from core.errors import InvalidInput, Unavailable
from core.reading import parent
from tests.conftest import ROOT, clean_environment
from tests.reading.conftest import Reads, docx
from tests.reading.hostile import pages_of_operators

pytestmark = pytest.mark.slow
SPIN = pages_of_operators()  # keeps its reader busy for minutes


@pytest.fixture
def child(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """No warm child; the test says what the next one is."""
    reading.close()
    monkeypatch.setenv("CICLO_READ_SECONDS", "2")
    settings.cache_clear()
    yield monkeypatch
    reading.close()


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def gone(pid: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not is_alive(pid)


ANSWERS = "import sys; sys.stdin.readline(); out = sys.stdout.buffer; "
BAD_CHILDREN = {
    "spins": ("while True: pass", "too_slow"),
    "sleeps": ("import time; time.sleep(99)", "too_slow"),
    "says half and sleeps": (
        ANSWERS + "out.write(b'99\\n{'); out.flush(); import time; time.sleep(99)",
        "too_slow",
    ),
    "drips": (
        ANSWERS + "import time\nwhile True: out.write(b'9'); out.flush(); time.sleep(.3)",
        "too_slow",
    ),
    "runs out of memory": ("import os; os.kill(os.getpid(), 9)", "too_heavy"),
    "runs out of time": ("import os; os.kill(os.getpid(), 24)", "too_slow"),
    "crashes": ("import os; os.kill(os.getpid(), 11)", "broke_off"),
    "ends": ("raise SystemExit(0)", "broke_off"),
    "fails": ("raise SystemExit(3)", "broke_off"),
    "closes its pipe and lives": ("import os, time; os.close(1); time.sleep(99)", "broke_off"),
    "says half and ends": (ANSWERS + "out.write(b'99\\n{')", "broke_off"),
    "announces nonsense": (ANSWERS + "out.write(b'many\\n{}')", "broke_off"),
    "announces nothing": (ANSWERS + "out.write(b'x' * 999)", "broke_off"),
    "announces a flood": (ANSWERS + "out.write(b'9999999999\\n')", "broke_off"),
    "floods": (ANSWERS + "\nwhile True: out.write(b'x' * 65536)", "broke_off"),
    "answers no JSON": (ANSWERS + "out.write(b'3\\n{,}')", "broke_off"),
    "answers a list": (ANSWERS + "out.write(b'2\\n[]')", "broke_off"),
    "answers deep JSON": (ANSWERS + "out.write(b'200000\\n' + b'[' * 200000)", "broke_off"),
    "answers too little": (ANSWERS + 'out.write(b\'13\\n{"text": "a"}\')', "broke_off"),
    "answers an unknown code": (ANSWERS + 'out.write(b\'16\\n{"refused": "x"}\')', "broke_off"),
    "answers pieces that are not there": (
        ANSWERS
        + """a = b'{"text": "a", "pages": 0, "page_starts": [], "headings": [], """
        + """"pieces": [[0, 9, null, ""]]}'; out.write(b'%d\\n' % len(a) + a)""",
        "broke_off",
    ),
}


@pytest.mark.parametrize(("script", "code"), BAD_CHILDREN.values(), ids=BAD_CHILDREN)
def test_a_bad_child_costs_its_document_alone(
    child: pytest.MonkeyPatch, reads: Reads, script: str, code: str
) -> None:
    with child.context() as patch:
        patch.setattr(parent, "COMMAND", (sys.executable, "-c", script))
        began = time.monotonic()
        with pytest.raises(InvalidInput) as refused:
            reads(b"texto", "a.txt")
        assert time.monotonic() - began < 2 + 2
        assert refused.value.code == code
    assert reads(b"texto", "a.txt")[0].text == "texto"


def test_a_library_that_is_missing_is_not_blamed_on_the_file(
    child: pytest.MonkeyPatch, reads: Reads
) -> None:
    script = ANSWERS + 'out.write(b\'19\\n{"missing": "docx"}\')'
    child.setattr(parent, "COMMAND", (sys.executable, "-c", script))
    with pytest.raises(Unavailable, match="docx"):
        reads(b"texto", "a.txt")


def test_a_child_that_spins_is_dead_when_its_document_has_failed(
    child: pytest.MonkeyPatch, reads: Reads
) -> None:
    pid = warm_child(reads)
    with pytest.raises(InvalidInput):
        reads(SPIN, "a.pdf")
    assert gone(pid, 1)


def test_a_child_is_kept_for_the_next_document(child: pytest.MonkeyPatch, reads: Reads) -> None:
    assert warm_child(reads) == warm_child(reads)


def test_a_child_that_ended_meanwhile_is_no_ones_loss(
    child: pytest.MonkeyPatch, reads: Reads
) -> None:
    pid = warm_child(reads)
    os.kill(pid, signal.SIGKILL)
    assert gone(pid, 2)
    assert warm_child(reads) != pid


def test_many_threads_read_at_once(child: pytest.MonkeyPatch, home: Path, tmp_path: Path) -> None:
    data = docx("# Título", "Texto.")

    def read(number: int) -> str:
        path = tmp_path / str(number)
        path.write_bytes(data)
        return reading.read(path, "a.docx", reading.type_of(data, "a.docx"))[0].text

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(read, range(12))) == {"# Título\n\nTexto."}
    assert len(parent._idle) <= parent.KEPT


def test_the_child_is_confined(child: pytest.MonkeyPatch, reads: Reads) -> None:
    child.setenv("CICLO_SECRET", "geheim")
    pid = warm_child(reads)
    limits = Path(f"/proc/{pid}/limits").read_text()
    found = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert found["Max address space"] == str(settings().read_memory_mb << 20)
    assert found["Max core file size"] == "0"
    assert int(found["Max cpu time"]) < 60
    assert int(found["Max file size"]) < 10 << 20
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"CICLO_" not in environment
    assert b"geheim" not in environment


@pytest.mark.parametrize("code", ["os.close(0)", "os.close(0); os.close(1); os.close(2)"])
def test_reading_needs_no_standard_streams(home: Path, tmp_path: Path, code: str) -> None:
    (tmp_path / "a.md").write_text("# Título\n\nTexto.", "utf-8")
    script = f"""
        import os, pathlib, sys
        {code}
        from core import reading
        parsed, pieces = reading.read(pathlib.Path("a.md"), "a.md", "text/markdown")
        pathlib.Path("out").write_text(parsed.text)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    environment = clean_environment(home) | {"PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=30)
    assert (tmp_path / "out").read_text("utf-8") == "# Título\n\nTexto."


def test_no_child_outlives_a_parent_that_is_killed(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(SPIN)
    script = f"""
        import pathlib
        from core import reading
        from core.reading import parent
        reading.read(pathlib.Path({str(ROOT / "README.md")!r}), "a.md", "text/markdown")
        print(parent._idle[0]._process.pid, flush=True)
        reading.read(pathlib.Path("a.pdf"), "a.pdf", "application/pdf")
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    environment = clean_environment(home) | {"PYTHONPATH": str(ROOT), "CICLO_READ_SECONDS": "3"}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        time.sleep(0.3)
        assert is_alive(pid)
        process.kill()
    assert gone(pid, 12)


def warm_child(reads: Reads) -> int:
    """The process id of the child that has just read something."""
    reads(b"texto", "a.txt")
    return parent._idle[-1]._process.pid
