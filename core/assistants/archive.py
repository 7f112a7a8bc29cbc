"""An assistant's folder out of the bytes of a zip that somebody made, perhaps to harm.

Nothing but ``assistant.toml`` and plain names under ``documents/`` is read, in the zip's root or
one folder below it. Sizes are counted while unpacking; what the zip says of itself is not believed.
"""

import io
import lzma
import zipfile
import zlib

from core.assistants.layout import DEFINITION, DOCUMENTS, File, is_plain, not_a_folder
from core.config import settings
from core.errors import InvalidInput
from core.i18n import _

MOST_FILES = 2_000
MOST_BYTES = 200_000_000  # unpacked, all together: it is held in memory
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,  # a way of packing that Python does not know
    RuntimeError,  # a password
    EOFError,
    OSError,
    ValueError,
)


def read_zip(data: bytes) -> list[File]:
    """As ``read_folder``; InvalidInput for what is no zip, too large or without assistant.toml."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpacked(archive)
    except DAMAGE as error:
        raise InvalidInput(
            _("The file is no zip that can be read: {why}").format(why=error),
            field="file",
            code="damaged",
        ) from error


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
    raise not_a_folder("zip")


def _wanted(path: str, root: str) -> str:
    """The name under which a member is taken, "" for all that is not ours to read."""
    if path == root + DEFINITION:
        return DEFINITION
    prefix = f"{root}{DOCUMENTS}/"
    name = path.removeprefix(prefix)
    return name if path.startswith(prefix) and is_plain(name) else ""


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
        hint=_("At most {files} files, {megabytes} MB each and {total} MB in all.").format(
            files=MOST_FILES, megabytes=settings().max_upload_mb, total=MOST_BYTES // 1_000_000
        ),
        field="file",
        code="too_large",
    )
