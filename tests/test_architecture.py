"""The house rules that a newcomer may rely on; see docs/architecture.md for why."""

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.conftest import ROOT

GROUND = "jobs tracing backup secrets sign_in audit limits personal reach db access i18n text statistics privacy logs clock config errors"
# From the bottom: a package may import those of lower tiers, and of its own without a circle.
TIERS = [
    GROUND.split(),
    ["reading", "llm"],
    ["retrieval"],
    ["registry", "assistants"],
    *([stage] for stage in "chat feedback annotation metrics dataset training".split()),
    *([stage] for stage in "comparison rollout drift".split()),
    ["loop", "demo", "background", "diagnosis"],
    ["api", "cli", "__main__"],
]
RANK = {package: rank for rank, tier in enumerate(TIERS) for package in tier}
HEAVY = {"faiss", "tantivy", "langchain", "langchain_core", "langchain_community", "langgraph"}
HEAVY |= {"langchain_ollama", "pandas", "plotly", "pyarrow", "numpy", "streamlit"}
HEAVY |= {"pypdfium2", "pdfplumber", "docx", "openpyxl", "lxml"}
LIGHT_DOORS = ["core.cli", "core.loop", "core.chat", "core.retrieval", "core.registry", "core.llm"]
UNSAFE = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "service", "handler", "common", "misc"}


def files(*folders: str) -> list[Path]:
    """Every Python file of the folders (or the file itself), migrations apart."""
    found = [path for name in folders for path in [ROOT / name, *(ROOT / name).rglob("*.py")]]
    return sorted(path for path in found if path.suffix == ".py" and "versions" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> list[str]:
    """The dotted names a file imports, anywhere in it."""
    return list(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def package(dotted: str) -> str:
    """ "core.chat.asking" -> "chat"."""
    return dotted.split(".")[1]


def core_imports() -> Iterator[tuple[str, str, Path]]:
    """(package, package it imports, file) for all of core."""
    for path in files("core"):
        own = path.relative_to(ROOT / "core").parts[0].removesuffix(".py")
        for dotted in imports(path):
            name = [*dotted.split("."), ""]
            if name[0] == "core" and name[1] in RANK and name[1] != own and own != "__init__":
                yield own, name[1], path


def test_every_package_of_core_has_its_tier() -> None:
    found = {path.relative_to(ROOT / "core").parts[0].removesuffix(".py") for path in files("core")}
    assert found - {"__init__"} <= RANK.keys()


def test_imports_flow_backward_along_the_loop() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {own} imports {other}"
        for own, other, path in core_imports()
        if RANK[other] > RANK[own]
    ]
    assert wrong == []


def test_packages_import_each_other_in_no_circle() -> None:
    needs: dict[str, set[str]] = {}
    for own, other, _path in core_imports():
        needs.setdefault(own, set()).add(other)
    while free := [name for name, others in needs.items() if not others & needs.keys()]:
        for name in free:
            del needs[name]
    assert needs == {}


def test_only_doors_know_doors() -> None:
    for own, other, path in core_imports():
        assert other not in ("api", "cli") or own in ("api", "cli", "__main__"), path
    for path in files("core"):
        assert not [name for name in imports(path) if name.split(".")[0] in ("pages", "app")], path


def test_core_does_not_know_streamlit() -> None:
    for path in files("core"):
        assert "streamlit" not in {name.split(".")[0] for name in imports(path)}, path


def test_a_page_reaches_the_database_through_verbs_alone() -> None:
    for path in files("pages", "app.py"):
        for name in imports(path):
            assert not name.startswith(("sqlalchemy", "core.db.session", "core.db.writing")), path


def test_no_script_lies_directly_in_pages() -> None:
    assert list((ROOT / "pages").glob("*.py")) == []  # Streamlit would run it without app.py


def test_nothing_is_unpickled() -> None:
    for path in files("core", "pages", "app.py", "dev.py"):
        assert not {name.split(".")[0] for name in imports(path)} & UNSAFE, path
        assert not re.search(r"allow_pickle=True|allow_dangerous", path.read_text()), path


def test_heavy_libraries_are_loaded_where_they_are_used() -> None:
    doors = ", ".join(LIGHT_DOORS)
    script = f"import sys, {doors}; print(*{{name.split('.')[0] for name in sys.modules}})"
    loaded = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert HEAVY & set(loaded.stdout.split()) == set()


def test_everything_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project.get("optional-dependencies", {}).values()
    declared = [*project["dependencies"], *(each for extra in extras for each in extra)]
    names = {re.split(r"[<>=!~\[ ]", each)[0].lower().replace("_", "-") for each in declared}
    providers = packages_distributions()
    for path in files("core", "pages", "app.py"):
        for top in {name.split(".")[0] for name in imports(path)} - sys.stdlib_module_names:
            given = {each.lower().replace("_", "-") for each in providers.get(top, [])}
            assert top in ("core", "pages") or given & names, f"{path}: {top} is not declared"


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """(name, lines without the docstring) of every function in a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            told = node.body[0] if ast.get_docstring(node) else None
            words = (told.end_lineno or 0) - told.lineno + 1 if told else 0
            yield f"{path.name}:{node.name}", (node.end_lineno or 0) - node.lineno + 1 - words


def test_functions_are_short() -> None:
    sizes = dict(found for path in files("core", "pages", "app.py") for found in functions(path))
    assert {name: size for name, size in sizes.items() if size > 60} == {}
    assert statistics.median(sizes.values()) <= 8


def test_files_are_short() -> None:
    lines = {path: path.read_text().count("\n") for path in files("core", "pages", "app.py")}
    assert [path.name for path, count in lines.items() if count >= 400] == []
    scripts = [*files("pages/loop"), *files("pages/manage"), ROOT / "app.py"]
    assert [path.name for path in scripts if lines[path] >= 150] == []


def test_every_module_says_what_it_is() -> None:
    for path in files("core", "pages", "app.py", "dev.py", "bench", "tests"):
        assert path.stat().st_size == 0 or ast.get_docstring(tree(path)), path


def test_files_are_named_for_their_subject() -> None:
    assert [path for path in files("core", "pages") if path.stem in VAGUE] == []


def test_a_stage_has_the_same_name_everywhere() -> None:
    stages = {path.stem for path in files("pages/loop")} - {"overview"}
    assert stages <= {path.name for path in (ROOT / "core").iterdir()}


@pytest.mark.parametrize("readme", ["README.md", "README.pt-BR.md"])
def test_the_tree_in_the_readme_is_true(readme: str) -> None:
    (block,) = re.findall(r"^```\n(app\.py .*?)^```", (ROOT / readme).read_text(), re.M | re.S)
    told = dict(line.split(None, 1) for line in block.splitlines())
    assert [path for path in told if not (ROOT / path).exists()] == []
    for path, phrase in told.items():
        named = re.findall(r"[\w-]+\.(?:py|md)|\b\w+/(?= |$)", phrase)
        there = {name for name in named for at in (ROOT, ROOT / path) if (at / name).exists()}
        assert there == set(named), path
    packages = {f"core/{path.name}/" for path in (ROOT / "core").iterdir() if path.is_dir()}
    assert {path for path in packages if "__pycache__" not in path} <= told.keys()
    scripts = {path.name for path in files("pages/loop")}
    assert scripts == set(re.findall(r"\w+\.py", told["pages/loop/"]))


def test_pictures_and_pages_the_readme_points_at_are_there() -> None:
    for readme in ("README.md", "README.pt-BR.md", "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / readme).read_text()):
            assert "://" in target or (ROOT / target).exists(), f"{readme}: {target}"
