"""The review desk: from the key that submits to the next item painted, judged by the keyboard alone.

Prints milliseconds (p50, p95, max) for runs of twenty items in Chromium, and the load of the machine.
Needs playwright and a Chromium (CICLO_TEST_BROWSER, else ``chromium``). The time is taken in the page:
from the keydown event to the second frame after the next item's question stands in the document.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PORT = 18571
URL = f"http://127.0.0.1:{PORT}"
RUNS, ITEMS = 3, 20
FURNISH = """
from sqlalchemy import select
from core import annotation, assistants, chat, db, retrieval
from core.db import migrate
from core.db.tables import Conversation
migrate.upgrade()
made = assistants.load_sample("suporte")
asked = [row["question"] for row in assistants.questions("suporte")]
for n in range({items}):
    chat.ask(asked[n % len(asked)], assistant=made.id)
with db.session() as session:
    ids = list(session.scalars(select(Conversation.id)))
queue = annotation.create_queue(made.id, "Bench")
annotation.add(queue.id, ids)
retrieval.close()
"""
WATCH = """() => {
  window.took = [];
  const desk = () => [...document.querySelectorAll('*')].map((e) => e.shadowRoot)
    .filter(Boolean).map((root) => root.querySelector('.desk')).find(Boolean);
  const number = () => desk()?.querySelector('.number')?.textContent;
  window.addEventListener('keydown', (event) => { // before the desk hears it
    if (event.key !== 'Enter') return;
    const began = performance.now(), before = number();
    const look = () => number() && number() !== before
      ? requestAnimationFrame(() => window.took.push(performance.now() - began))
      : requestAnimationFrame(look);
    look();
  }, true);
}"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="ciclo-bench-") as home:
        os.environ |= {"CICLO_HOME": home, "CICLO_OLLAMA_URL": "http://127.0.0.1:9"}
        os.environ |= {"CICLO_PORT": str(PORT), "CICLO_LOG_LEVEL": "error"}
        script = FURNISH.format(items=RUNS * ITEMS + RUNS)
        subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
        server = subprocess.Popen([sys.executable, ROOT / "app.py"], stdout=-3)
        try:
            _wait()
            _measure()
        finally:
            server.terminate()
            server.wait(30)


def _measure() -> None:
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CICLO_TEST_BROWSER") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for run in range(1, RUNS + 1):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{URL}/annotation")
            page.locator(".desk .number").wait_for()
            page.wait_for_timeout(2000)
            page.evaluate(WATCH)
            _print(f"run {run}: {ITEMS} items", _judge(page))
            page.close()
        browser.close()


def _judge(page: Any) -> list[float]:
    for n in range(1, ITEMS + 1):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.wait_for_function("(n) => window.took.length === n", arg=n)
        page.wait_for_timeout(150)  # nobody judges faster
    found: list[float] = page.evaluate("window.took")
    return found


def _print(what: str, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=20)
    load = os.getloadavg()[0]
    print(
        f"{what:<24} p50 {cuts[9]:6.1f} ms   p95 {cuts[18]:6.1f} ms   max {max(times):6.1f} ms"
        f"   load {load:.1f} on {os.cpu_count()} CPUs"
    )


def _wait() -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{URL}/ready", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not get ready")


if __name__ == "__main__":
    main()
