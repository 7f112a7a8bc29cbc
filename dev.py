"""Install, start and test Ciclo with nothing but Python's standard library.

python3 dev.py run      install what is missing, start, print the address (PORT=8601 moves it)
python3 dev.py test     every test, real browser included (arguments go to pytest)
python3 dev.py check    format, lint, types, architecture and the fast tests
python3 dev.py prove    the long proofs at full count
python3 dev.py bench    the measurements of bench/
python3 dev.py lock     make requirements*.txt anew from pyproject.toml (--upgrade: newest versions)
python3 dev.py format   put the code into its format
python3 dev.py add      install extras of pyproject.toml, such as: add openai anthropic

uv is installed into .uv with whichever of venv or pip this Python has; it installs the locked
requirements into .venv. A stamp there says for which lock, so that a warm start installs nothing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
UV, VENV = ROOT / ".uv", ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "ciclo-stamp.json"
UV_VERSION = "uv>=0.9,<1"
OLDEST = (3, 11)
LOCKS = {"runtime": "requirements.txt", "dev": "requirements-dev.txt"}
BENCH_VENV, BENCH_LOCK = ROOT / ".venv-bench", "requirements-bench.txt"  # what we compare with
HEADLESS = "chromium-headless-shell"  # Chromium without windows: a third less work
BROWSERS = (HEADLESS, "chromium", "chromium-browser", "google-chrome")
REDIS = ("redis-server", "valkey-server")
MEMORY, ROOM = Path("/dev/shm"), 2 << 30  # bytes free
LIGHT = ("-o", "tmp_path_retention_policy=failed")  # what passing tests have made goes at once
PARALLEL = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")  # in our order
SCRIPT = "#!{python}\nfrom core.cli import main\n\nmain()\n"


def run(arguments: list[str]) -> None:
    """Become the server."""
    install()
    os.chdir(ROOT)
    os.execve(PYTHON, [str(PYTHON), "app.py", *arguments], environment())


def test(arguments: list[str]) -> None:
    """Every test; a browser is installed where none is found and we may."""
    install("dev")
    browser = find_browser()
    find(REDIS, "redis-server")
    chosen = arguments or ["-q", *LIGHT, *PARALLEL]
    python("-m", "pytest", *chosen, CICLO_TEST_BROWSER=browser, **in_memory())


def check(arguments: list[str]) -> None:
    """What a commit must pass, within a minute."""
    install("dev")
    audit = begin_audit()
    python("-m", "ruff", "format", "--check", ".")
    python("-m", "ruff", "check", ".")
    python("-m", "mypy", ".")
    fast = ["-m", "not browser and not slow and not prove", "--hypothesis-profile", "check"]
    fast += [*LIGHT, "-p", "no:schemathesis"]
    python("-m", "pytest", "-q", *fast, *PARALLEL, **in_memory())
    end_audit(audit)


def prove(arguments: list[str]) -> None:
    """The long proofs, in full."""
    install("dev")
    browser = find_browser()
    marked = ["-q", "-m", "prove", "--timeout", "3600", *arguments]
    python("-m", "pytest", *marked, CICLO_PROVE="1", CICLO_TEST_BROWSER=browser)


def bench(arguments: list[str]) -> None:
    """Every measurement of bench/ that runs by itself, or those whose names are given.

    ``chroma`` needs chromadb, which is installed into an environment of its own beside ours.
    """
    install("dev")
    names = sorted(file.stem for file in (ROOT / "bench").glob("[a-z]*.py"))
    for name in arguments or names:
        if "def main(" in (ROOT / "bench" / f"{name}.py").read_text():
            other = install_bench() if name == "chroma" else ""
            python("-m", f"bench.{name}", CICLO_TEST_BROWSER=find_browser(), BENCH_PYTHON=other)


def lock(arguments: list[str]) -> None:
    """Resolve pyproject.toml into the three locks; no address of a registry gets into them."""
    plain = ["--universal", "--python-version", ".".join(map(str, OLDEST)), "--generate-hashes"]
    plain += ["--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--quiet"]
    plain += ["--custom-compile-command", "python3 dev.py lock", *arguments]
    runtime, dev = LOCKS.values()
    compile_ = [uv(), "pip", "compile", "pyproject.toml", *plain]
    call(*compile_, "--output-file", runtime)
    call(*compile_[:3], "--group", "dev", *plain, "--constraint", runtime, "--output-file", dev)
    call(*compile_[:3], "--group", "bench", *plain, "--output-file", BENCH_LOCK)


def format_(arguments: list[str]) -> None:
    """Put every file into the format that ``check`` wants."""
    install("dev")
    python("-m", "ruff", "check", "--fix", "--quiet", ".")
    python("-m", "ruff", "format", ".")


def add(arguments: list[str]) -> None:
    """Install extras beside the lock; they stay when the lock changes."""
    known = extras()
    unknown = ", ".join(name for name in arguments if name not in known)
    if unknown or not arguments:
        stop(f"no extra is called '{unknown}'; there are: {', '.join(sorted(known))}")
    install(more=arguments)


def install(level: str = "runtime", more: list[str] | None = None) -> None:
    """Make .venv hold exactly what the lock of ``level`` says, and the extras that were added;
    at once where the stamp says so."""
    stamp = read_stamp()
    added = sorted({*stamp.get("extras", "").split(), *(more or [])})
    level = "dev" if "dev" in (level, stamp.get("level")) else level
    files = [LOCKS["runtime"]] + ([LOCKS["dev"]] if level == "dev" else [])
    wanted = {"level": level, "digest": digest(files), "python": str(PYTHON.resolve())}
    wanted |= {"extras": " ".join(added)} if added else {}
    if stamp == wanted and PYTHON.exists():
        return
    say("installing into .venv ...")
    if not PYTHON.exists() or stamp.get("python", wanted["python"]) != wanted["python"]:
        call(uv(), "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV))
    call(uv(), "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), *files)
    known = extras() if added else {}
    specs = [spec for name in added for spec in known.get(name, [])]
    if specs:
        fixed = [part for file in files for part in ("--constraint", file)]
        call(uv(), "pip", "install", "--quiet", "--python", str(PYTHON), *fixed, *specs)
    link_project()
    STAMP.write_text(json.dumps(wanted | {"python": str(PYTHON.resolve())}))


def install_bench() -> str:
    """The Python of .venv-bench, which holds exactly what requirements-bench.txt says."""
    there = BENCH_VENV / "bin" / "python"
    stamp, wanted = BENCH_VENV / "ciclo-stamp", digest([BENCH_LOCK])
    if not there.exists() or not stamp.exists() or stamp.read_text() != wanted:
        say("installing what we compare with into .venv-bench ...")
        call(uv(), "venv", "--quiet", "--clear", "--python", sys.executable, str(BENCH_VENV))
        sync = ("pip", "sync", "--quiet", "--require-hashes", "--python", str(there))
        call(uv(), *sync, BENCH_LOCK)
        stamp.write_text(wanted)
    return str(there)


def extras() -> dict[str, list[str]]:
    """What each extra of pyproject.toml asks for."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found: dict[str, list[str]] = project["optional-dependencies"]
    return found


def link_project() -> None:
    """Make the checkout importable and put the ``ciclo`` command beside Python."""
    (site_packages() / "ciclo.pth").write_text(f"{ROOT}\n")
    command = PYTHON.with_name("ciclo")
    command.write_text(SCRIPT.format(python=PYTHON))
    command.chmod(0o755)


def uv() -> str:
    """The path of uv; installed into .uv on first use."""
    found = UV / "bin" / "uv"
    if found.exists():
        return str(found)
    say("fetching uv into .uv ...")
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if has("venv") and has("ensurepip"):
        call(sys.executable, "-m", "venv", str(UV))
        call(str(UV / "bin" / "python"), *pip, UV_VERSION)
    elif has("pip"):
        call(sys.executable, *pip, "--target", str(UV), UV_VERSION)
    else:
        system = shutil.which("uv")
        if system:
            return system
        stop("This Python has neither venv nor pip; install one: apt-get install python3-venv")
    return str(found)


def find_browser() -> str:
    """The path of a Chromium, the one that is named or what is found."""
    return os.environ.get("CICLO_TEST_BROWSER", "") or find(BROWSERS, HEADLESS, "chromium")


def find(names: tuple[str, ...], *packages: str) -> str:
    """The path of a program; where there is none and we are root, the first of Debian's packages that
    can be installed is."""
    if found := next(filter(None, map(shutil.which, names)), None):
        return found
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        stop(f"The tests need {names[0]}; install it: sudo apt-get install {packages[0]}")
    call("apt-get", "update", "-qq")
    for package in packages:
        say(f"installing {package} ...")
        subprocess.run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", package])
        if found := next(filter(None, map(shutil.which, names)), None):
            return found
    return stop(f"apt-get has installed no {names[0]}")


def begin_audit() -> subprocess.Popen[str]:
    """Look our libraries up among those with known holes (pypi.org), beside everything else."""
    locked = ["-r", LOCKS["runtime"], "--no-deps", "--disable-pip"]
    quiet = ["--format", "json", "--progress-spinner", "off", "--timeout", "5"]
    command = [str(PYTHON), "-m", "pip_audit", *locked, *quiet]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=subprocess.DEVNULL, text=True)


def end_audit(audit: subprocess.Popen[str]) -> None:
    """Stop where a library of ours has a known hole; say so where nobody could be asked."""
    try:
        told = json.loads(audit.communicate(timeout=60)[0])["dependencies"]
    except (ValueError, subprocess.TimeoutExpired):
        audit.kill()
        told = []
    known = [one for one in told if "vulns" in one]
    if len(known) < len(told) or not told:
        say(f"pip-audit: of {len(told)} libraries {len(known)} could be looked up, the others not")
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}" for one in known for hole in one["vulns"]
    ]
    if holes:
        stop("known holes: " + ", ".join(holes))


def environment(**more: str) -> dict[str, str]:
    """Ours for children: PORT becomes CICLO_PORT, and bytecode is kept (starts thrice as fast)."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    port = kept.get("PORT")
    return kept | ({"CICLO_PORT": port} if port else {}) | more


def in_memory() -> dict[str, str]:
    """Where memory takes files, those of the tests: a disk makes them wait at every fsync."""
    fits = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return {"TMPDIR": str(MEMORY)} if fits else {}


def python(*arguments: str, **variables: str) -> None:
    """Run the installed Python; its failure is ours."""
    call(str(PYTHON), *arguments, **variables)


def call(*command: str, **variables: str) -> None:
    """Run ``command`` in the project's root; stop with its exit code when it fails."""
    code = subprocess.run(command, cwd=ROOT, env=environment(**variables)).returncode
    if code:
        sys.exit(code)


def has(module: str) -> bool:
    """Whether this Python brings ``module``."""
    return importlib.util.find_spec(module) is not None


def digest(files: list[str]) -> str:
    """The SHA-256 of the files and of where we are: another one means that there is work to do."""
    parts = [str(ROOT), SCRIPT, *((ROOT / file).read_text() for file in files)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def read_stamp() -> dict[str, str]:
    """What .venv was made for; nothing where it was not made, or only half."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text())
        return stamp
    except (OSError, ValueError):
        return {}


def site_packages() -> Path:
    """Where .venv keeps its packages (its Python need not be the one that runs this)."""
    return next(VENV.glob("lib/python3*/site-packages"))


def say(words: str) -> None:
    """A line about what takes time."""
    sys.stderr.write(f"ciclo: {words}\n")


def stop(words: str) -> str:
    """One sentence, and the end."""
    sys.exit(f"ciclo: {words}")


COMMANDS = {
    "run": run,
    "test": test,
    "check": check,
    "prove": prove,
    "bench": bench,
    "lock": lock,
    "format": format_,
    "add": add,
}

if __name__ == "__main__":
    if sys.version_info < OLDEST:
        stop("Python 3.11 or newer is needed; this is {}.{}".format(*sys.version_info))
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[1]](sys.argv[2:])
