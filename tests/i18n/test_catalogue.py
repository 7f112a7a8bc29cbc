"""Every sentence people read is in both languages, and none goes past the catalogue."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import i18n
from core.i18n import extract
from tests.conftest import ROOT

WORDS = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
MARKED = {"_", "N_", "ngettext"}
SHOWING = {"title", "header", "subheader", "markdown", "caption", "write", "text", "badge"}
SHOWING |= {"button", "download_button", "form_submit_button", "checkbox", "toggle", "link_button"}
SHOWING |= {"text_input", "text_area", "selectbox", "segmented_control", "pills", "file_uploader"}
SHOWING |= {"error", "warning", "info", "success", "toast", "popover", "expander", "dialog"}
SHOWING |= {"progress", "spinner", "status", "metric", "chat_input", "menu_button", "tabs"}
SAYING = {"label", "help", "placeholder", "title", "message", "hint", "caption", "text"}
RAISING = {"CicloError", "InvalidInput", "NotFound", "Conflict", "NotAllowed", "ModelFailed"}
RAISING |= {"Unavailable"}


def test_the_catalogue_says_what_the_code_says_completely_and_truly() -> None:
    assert extract.complaints() == []


@pytest.mark.slow
def test_a_sentence_within_a_formatted_string_is_in_the_catalogue_too() -> None:
    known = {
        one
        for message in extract.written()
        for one in ([message.id] if isinstance(message.id, str) else message.id)
    }
    missing = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.args[0].value!r}"
        for path in extract.sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKED
        if node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value not in known
    ]
    assert missing == []


def test_no_text_of_a_page_goes_past_the_catalogue() -> None:
    bypassing = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value!r}"
        for path in sorted((ROOT / "pages").rglob("*.py"))
        for node in said_bare(path, SHOWING, SAYING)
    ]
    assert bypassing == []


def test_no_error_goes_past_the_catalogue() -> None:
    bypassing = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value!r}"
        for folder in ("core", "pages")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in said_bare(path, RAISING, {"message", "hint"})
    ]
    assert bypassing == []


def test_both_languages_are_complete_words_apart() -> None:
    with i18n.speaking("en"):
        assert i18n._("Ask") == "Ask"
    with i18n.speaking("pt-BR"):
        assert i18n._("Ask") == "Perguntar"


def said_bare(path: Path, callers: set[str], keywords: set[str]) -> Iterator[ast.Constant]:
    """Words given to something that shows them, outside of ``_``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _name(node.func) in callers:
            named = [word.value for word in node.keywords if word.arg in keywords]
            for given in [*node.args[:1], *named]:
                yield from _bare(given)


def _bare(node: ast.AST) -> Iterator[ast.Constant]:
    if isinstance(
        node, ast.Call
    ):  # marked, or a function's own affair (its strings are looked at there)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            yield from _bare(node.func.value)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if WORDS.search(re.sub(r":[a-z]+(?:/[a-z_]+:|-badge|\[)|\{.*?\}", "", node.value)):
            yield node
    elif isinstance(node, ast.JoinedStr | ast.BinOp | ast.IfExp | ast.BoolOp):
        for child in ast.iter_child_nodes(node):
            if not (isinstance(node, ast.IfExp) and child is node.test):
                yield from _bare(child)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        logs = isinstance(function.value, ast.Name) and function.value.id == "log"
        return "" if logs else function.attr
    return getattr(function, "id", "")
