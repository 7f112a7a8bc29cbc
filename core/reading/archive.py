"""DOCX and XLSX are archives of XML: what is looked at before any of it is unpacked.

``check`` returns, or raises Refused: damaged, encrypted, unpacks_too_large, macros, wrong_type,
external_entities. It reads the archive's list and the first bytes of each XML part. Archives
within the archive are never opened, so nesting them gains nothing.
"""

import re
import zipfile
from pathlib import Path

from core.reading.limits import MAX_PARTS, MAX_UNPACKED
from core.reading.refusals import Refused

_LOCKED = 0x1  # the flag of a part that is encrypted
_HEAD = 1 << 16  # bytes of a part in which a document type would stand
_ROOT = re.compile(rb"<[^\W\d]")
_TYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def check(path: Path, folder: str) -> None:
    """Whether the file at ``path`` is an archive with ``folder`` in it that may be unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_sizes(parts)
            _check_names([part.filename.lower() for part in parts], folder)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    _check_head(archive, part)
    except (zipfile.BadZipFile, EOFError, zipfile.LargeZipFile):
        raise Refused("damaged") from None


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & _LOCKED for part in parts):
        raise Refused("encrypted")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refused("unpacks_too_large")  # no more than these sizes is ever unpacked


def _check_names(names: list[str], folder: str) -> None:
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Refused("macros")
    if not any(name.startswith(folder) for name in names):
        raise Refused("wrong_type")


def _check_head(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """The formats forbid document types, so whoever has one means to define entities.

    Nothing but remarks may stand before the document itself; so many that its type could hide
    behind them are none.
    """
    with archive.open(part) as file:
        head = file.read(_HEAD).replace(b"\0", b"")
    if _TYPE.search(head):
        raise Refused("external_entities")
    if part.file_size > _HEAD and not _ROOT.search(head):
        raise Refused("damaged")


def why_not_parsed(error: Exception) -> str:
    """The code for how a parser failed: those of XML also say so where a limit was reached."""
    if type(error).__name__ not in ("XMLSyntaxError", "ParseError"):
        return "damaged"
    said = str(error).lower()
    if "depth" in said:
        return "too_deep"
    out_of_memory = "memory" in said or said.startswith("unknown error")  # it has no words left
    return "too_heavy" if out_of_memory else "damaged"
