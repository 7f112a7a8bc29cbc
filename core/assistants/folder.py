"""An assistant as a folder: ``assistant.toml`` and ``documents/``; also as a zip of it.

In: an assistant, or a folder. Out: the folder, or an assistant with its documents queued. What is
exported can be imported again. An import is taken whole or not at all.
"""

import io
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core import registry, retrieval
from core.access import allowed
from core.assistants import conditions, lifecycle
from core.assistants.archive import read_zip
from core.assistants.layout import (
    DEFINITION,
    DOCUMENTS,
    FIELDS,
    ROUTING,
    File,
    is_plain,
    not_a_folder,
)
from core.db.tables import Assistant, Document
from core.errors import CicloError, InvalidInput
from core.i18n import _
from core.llm import checked

DEFINITION_BYTES = 1_000_000


@allowed("change")
def export_folder(assistant_id: str, path: Path) -> Path:
    """Write the assistant into the folder ``path`` (made when missing, must be empty)."""
    path = Path(path)
    if path.exists() and any(path.iterdir()):
        raise InvalidInput(
            _("The folder {path} is not empty.").format(path=path), field="path", code="not_empty"
        )
    for name, data in _files(assistant_id):
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return path


@allowed("change")
def export_zip(assistant_id: str) -> bytes:
    """The same folder as the bytes of a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _files(assistant_id):
            archive.writestr(name, data)
    return packed.getvalue()


@allowed("change")
def import_folder(path: Path, *, name: str = "") -> Assistant:
    """The assistant that a folder describes, under ``name`` if given; its documents are queued."""
    return _import(read_folder(Path(path)), name)


@allowed("change")
def import_zip(data: bytes, *, name: str = "") -> Assistant:
    """The same from the bytes of a zip; the folder may lie one level down in it."""
    return _import(read_zip(data), name)


def read_folder(path: Path) -> list[File]:
    """``assistant.toml`` first, then the documents (names without the folder), in order."""
    if not (path / DEFINITION).is_file():
        raise not_a_folder(str(path))
    folder = path / DOCUMENTS
    found = sorted(folder.rglob("*")) if folder.is_dir() else []
    names = {f: f.relative_to(folder).as_posix() for f in found if f.is_file()}
    files = [(DEFINITION, (path / DEFINITION).read_bytes())]
    return files + [
        (name, file.read_bytes())
        for file, name in names.items()
        if is_plain(name) and file.resolve().is_relative_to(folder.resolve())
    ]


def definition(files: list[File]) -> dict[str, Any]:
    """The parsed ``assistant.toml``."""
    data = dict(files[:1])[DEFINITION]
    if len(data) > DEFINITION_BYTES:  # a part of it would say something else
        most = _("it may have {kilobytes} kB at most").format(kilobytes=DEFINITION_BYTES // 1000)
        raise _unreadable(most, "too_large")
    try:
        return tomllib.loads(data.decode())
    except (ValueError, RecursionError) as error:  # no TOML, no text, a number beyond all bounds
        raise _unreadable(error, "damaged") from error


def _unreadable(why: object, code: str) -> InvalidInput:
    message = _("{file} cannot be read: {why}").format(file=DEFINITION, why=why)
    return InvalidInput(message, field="file", code=code)


def _import(files: list[File], name: str) -> Assistant:
    told = definition(files)
    known = conditions.understood(told)
    values = {field: told[field] for field in (*FIELDS, ROUTING) if field in told}
    if name:
        values["name"] = name
    made = lifecycle.create(values.pop("name", ""), **values, parts=_parts(told.get("answers")))
    try:
        for document, data in files[1:]:
            row = retrieval.add(made.id, document, data)
            conditions.apply(row.id, known.get(document, {}))
    except CicloError:  # all of it or nothing: half an assistant helps nobody
        lifecycle.remove(made.id)
        raise
    return made


def _parts(answers: Any) -> registry.Parts | None:
    """Who answers, when the folder says that a person chose it."""
    if answers is None:
        return None
    fits = isinstance(answers, dict) and isinstance(answers.get("model"), str)
    if not fits or not isinstance(answers.get("parameters", {}), dict):
        raise InvalidInput(_("[answers] names a model, and parameters if any."), field="answers")
    return registry.Parts(answers["model"], checked(answers.get("parameters", {})))


def _files(assistant_id: str) -> Iterator[File]:
    import tomli_w

    assistant = lifecycle.get(assistant_id)
    told = _told(assistant) | _conditions(assistant_id)
    yield DEFINITION, tomli_w.dumps(told, multiline_strings=True).encode()
    for document in _documents(assistant_id):
        yield f"{DOCUMENTS}/{document.name}", retrieval.content(document.id)


def _told(assistant: Assistant) -> dict[str, Any]:
    told: dict[str, Any] = {field: getattr(assistant, field) for field in FIELDS}
    if routing := registry.portable(assistant):
        told[ROUTING] = routing
    if not assistant.follows_ollama:
        chosen = registry.route(assistant.id)
        told["answers"] = {"model": chosen.name, "parameters": chosen.version.parameters}
    return told


def _conditions(assistant_id: str) -> dict[str, Any]:
    by_name = {row.name: conditions.told(row) for row in _documents(assistant_id)}
    given = {name: told for name, told in by_name.items() if told}
    return {"documents": given} if given else {}


def _documents(assistant_id: str) -> Iterator[Document]:
    after: str | None = None
    while page := retrieval.documents(assistant_id, limit=100, after=after):
        yield from page
        after = page[-1].id
