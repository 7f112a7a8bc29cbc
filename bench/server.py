"""The server: from the command to a healthy answer, its memory at rest, and the time of a rerun.

Prints medians and 95th percentiles. The installation is warm and the samples are loaded; a rerun is
asked for over a page's own websocket and timed to its last message, as the browser would see it.
"""

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parent.parent
STARTS = 5
RERUNS = 100
PORT = 18501
URL = f"http://127.0.0.1:{PORT}"
PAGES = ("", "chat", "documents")
SUBPROTOCOL = "streamlit"


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="ciclo-bench-") as home:
        os.environ |= {"CICLO_HOME": home, "CICLO_OLLAMA_URL": "http://127.0.0.1:9"}
        os.environ |= {"PORT": str(PORT), "CICLO_LOG_LEVEL": "error"}
        _starts("start to healthy, blank home")
        subprocess.run([sys.executable, "-m", "core", "demo"], cwd=ROOT, check=True, stdout=-3)
        _starts("start to healthy, demo loaded")
        with _serving() as process:
            _wait_for("/ready")
            time.sleep(3)
            _print_memory("memory at rest, demo loaded", process.pid)
            for page in PAGES:
                _reruns(page)
            time.sleep(3)
            _print_memory("memory after the reruns", process.pid)


def _starts(what: str) -> None:
    healthy, ready = [], []
    for _ in range(STARTS):
        began = time.perf_counter()
        with _serving():
            _wait_for("/health")
            healthy.append(time.perf_counter() - began)
            _wait_for("/ready")
            ready.append(time.perf_counter() - began)
    print(f"{what:<34} p50 {statistics.median(healthy):6.2f} s    max {max(healthy):6.2f} s")
    print(
        f"{'  and to ready':<34} p50 {statistics.median(ready):6.2f} s    max {max(ready):6.2f} s"
    )


@contextlib.contextmanager
def _serving() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["python3", "dev.py", "run"], cwd=ROOT, stdout=-3)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(path: str) -> None:
    until = time.perf_counter() + 60
    while time.perf_counter() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(URL + path, timeout=5):
            return
        time.sleep(0.01)
    raise TimeoutError(f"{URL}{path} did not answer")


def _print_memory(what: str, pid: int) -> None:
    rows = dict(
        line.split(":", 1)
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    )
    rss, pss = (int(rows[name].split()[0]) / 1024 for name in ("Rss", "Pss"))
    print(f"{what:<34} RSS {rss:6.0f} MB   PSS {pss:6.0f} MB")


def _reruns(page: str) -> None:
    address = f"ws://127.0.0.1:{PORT}/_stcore/stream"
    with connect(address, subprotocols=[SUBPROTOCOL], max_size=None) as socket:  # type: ignore[list-item]
        first = _run(socket, page)
        times = [_run(socket, page) for _ in range(RERUNS)]
    cuts = statistics.quantiles(times, n=20)
    what = f"rerun of /{page}"
    print(f"{what:<34} p50 {cuts[9]:6.1f} ms   p95 {cuts[18]:6.1f} ms   first {first:6.1f} ms")


def _run(socket: ClientConnection, page: str) -> float:
    """Ask for a run of the page; milliseconds to the end of it."""
    wanted = BackMsg()
    wanted.rerun_script.page_name = page
    began = time.perf_counter()
    socket.send(wanted.SerializeToString())
    while True:
        said = ForwardMsg.FromString(socket.recv(decode=False))
        if said.WhichOneof("type") == "script_finished":
            return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
