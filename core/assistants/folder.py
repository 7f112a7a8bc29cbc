"""An assistant as a folder: ``assistant.toml`` and ``documents/``; also as a zip of it.

In: a folder or the bytes of a zip that somebody made, perhaps to harm: nothing outside
``assistant.toml`` and the plain files of ``documents/`` is read, sizes are counted while
unpacking. Out: an assistant with its documents queued. What is exported can be imported again.
"""

import io
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from core import registry, retrieval
from core.assistants import lifecycle
from core.config import settings
from core.db.tables import Assistant, Document
from core.errors import InvalidInput
from core.i18n import _

DEFINITION = "assistant.toml"
DOCUMENTS = "documents"
FIELDS = ("name", "language", "persona", "rules", "starters", "rubric")
DEFINITION_BYTES = 1_000_000
MOST_FILES = 2_000
MOST_BYTES = 500_000_000  # unpacked, all together
File = tuple[str, bytes]


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


def export_zip(assistant_id: str) -> bytes:
    """The same folder as the bytes of a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _files(assistant_id):
            archive.writestr(name, data)
    return packed.getvalue()


def import_folder(path: Path, *, name: str = "") -> Assistant:
    """The assistant that a folder describes, under ``name`` if given; its documents are queued."""
    return _import(read_folder(Path(path)), name)


def import_zip(data: bytes, *, name: str = "") -> Assistant:
    """The same from the bytes of a zip; the folder may lie one level down in it."""
    return _import(read_zip(data), name)


def read_folder(path: Path) -> list[File]:
    """``assistant.toml`` first, then the documents (names without the folder), in order."""
    if not (path / DEFINITION).is_file():
        raise _not_a_folder(str(path))
    folder = path / DOCUMENTS
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    plain = [f for f in found if f.is_file() and not f.is_symlink() and f.name[0] != "."]
    files = [(DEFINITION, (path / DEFINITION).read_bytes())]
    return files + [(file.name, file.read_bytes()) for file in plain]


def definition(files: list[File]) -> dict[str, Any]:
    """The parsed ``assistant.toml``."""
    data = dict(files[:1])[DEFINITION]
    try:
        return tomllib.loads(data[:DEFINITION_BYTES].decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(
            _("{file} cannot be read: {why}").format(file=DEFINITION, why=error),
            field="file",
            code="damaged",
        ) from error


def read_zip(data: bytes) -> list[File]:
    """As ``read_folder``; InvalidInput for what is no zip, too large or without assistant.toml."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpacked(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise InvalidInput(
            _("The file is no zip that can be read: {why}").format(why=error),
            field="file",
            code="damaged",
        ) from error


def _import(files: list[File], name: str) -> Assistant:
    told = definition(files)
    values = {field: told[field] for field in FIELDS if field in told}
    if name:
        values["name"] = name
    made = lifecycle.create(values.pop("name", ""), **values, parts=_parts(told.get("answers")))
    for document, data in files[1:]:
        retrieval.add(made.id, document, data)
    return made


def _parts(answers: Any) -> registry.Parts | None:
    """Who answers, when the folder says that a person chose it."""
    if answers is None:
        return None
    if not isinstance(answers, dict) or not isinstance(answers.get("model"), str):
        raise InvalidInput(_("[answers] names a model."), field="answers")
    return registry.Parts(answers["model"], dict(answers.get("parameters", {})))


def _files(assistant_id: str) -> Iterator[File]:
    import tomli_w

    assistant = lifecycle.get(assistant_id)
    yield DEFINITION, tomli_w.dumps(_told(assistant), multiline_strings=True).encode()
    for document in _documents(assistant_id):
        yield f"{DOCUMENTS}/{PurePosixPath(document.name).name}", _bytes(document)


def _told(assistant: Assistant) -> dict[str, Any]:
    told: dict[str, Any] = {field: getattr(assistant, field) for field in FIELDS}
    if not assistant.follows_ollama:
        chosen = registry.route(assistant.id)
        told["answers"] = {"model": chosen.name, "parameters": chosen.version.parameters}
    return told


def _documents(assistant_id: str) -> Iterator[Document]:
    after: str | None = None
    while page := retrieval.documents(assistant_id, limit=100, after=after):
        yield from page
        after = page[-1].id


def _bytes(document: Document) -> bytes:
    return (settings().home / DOCUMENTS / document.digest).read_bytes()


def _unpacked(archive: zipfile.ZipFile) -> list[File]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MOST_FILES:
        raise _too_large()
    root = _root(members)
    room = MOST_BYTES
    files: list[File] = []
    for member in members:
        name = _wanted(member.filename, root)
        if name:
            data = _read(archive, member, room)
            room -= len(data)
            files.append((name, data))
    return sorted(files, key=lambda file: (file[0] != DEFINITION, file[0]))


def _root(members: list[zipfile.ZipInfo]) -> str:
    """ "" or "folder/": where assistant.toml lies."""
    for depth in (0, 1):
        for member in members:
            parts = member.filename.split("/")
            if len(parts) == depth + 1 and parts[-1] == DEFINITION and ".." not in parts:
                return "/".join([*parts[:-1], ""]) if depth else ""
    raise _not_a_folder("zip")


def _wanted(path: str, root: str) -> str:
    """The name under which a member is taken, "" for all that is not ours to read."""
    if path == root + DEFINITION:
        return DEFINITION
    prefix = f"{root}{DOCUMENTS}/"
    name = path.removeprefix(prefix)
    plain = name and not ({"/", "\\", "\x00"} & set(name)) and name[0] != "."
    return name if path.startswith(prefix) and plain else ""


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes:
    """The member's bytes; what it claims about its size is not believed."""
    most = min(room, settings().max_upload_mb * 1024 * 1024)
    with archive.open(member) as source:
        data = source.read(most + 1)
    if len(data) > most:
        raise _too_large()
    return data


def _too_large() -> InvalidInput:
    return InvalidInput(
        _("The zip holds too much."),
        hint=_("At most {files} files, {megabytes} MB each.").format(
            files=MOST_FILES, megabytes=settings().max_upload_mb
        ),
        field="file",
        code="too_large",
    )


def _not_a_folder(path: str) -> InvalidInput:
    return InvalidInput(
        _("There is no {file} in {path}.").format(file=DEFINITION, path=path),
        hint=_("An assistant's folder holds assistant.toml and a folder named documents."),
        field="file",
        code="no_assistant_toml",
    )
