"""Which files are read: told by the ending of the name, and held against the first bytes.

Cheap enough for the moment a file is added: nothing is parsed or unpacked here, and whatever is
refused here is not stored. What only parsing can tell is found out later, in the child.
"""

from pathlib import PurePosixPath

from core.reading.plain import is_binary
from core.reading.refusals import refusal

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {
    ".pdf": PDF,
    ".docx": WORD,
    ".xlsx": SHEETS,
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".html": "text/html",
    ".htm": "text/html",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
}
MACROS = frozenset({".docm", ".dotm", ".xlsm", ".xltm", ".xlsb", ".pptm"})

_HEAD = 4096  # bytes in which binary data shows itself
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word and Excel until 2003; today, what is encrypted
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# the first bytes of what people drop by mistake
_OTHERS = (
    *(_ZIP, _OLE, b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"\x1f\x8b"),
    *(b"\x7fELF", b"MZ\x90", b"SQLite format 3\x00", b"Rar!\x1a", b"7z\xbc\xaf"),
)


def type_of(data: bytes, name: str, media_type: str = "") -> str:
    """The media type on which name and content agree; InvalidInput where there is none.

    ``media_type`` is what a sender claims; it counts only for a name without an ending.
    """
    if not data.strip():
        raise refusal("empty_file", name)
    ending = PurePosixPath(name).suffix.lower()
    if ending in MACROS:
        raise refusal("macros", name)
    kind = KINDS.get(ending) or _claimed(ending, media_type)
    if not kind:
        raise refusal("unsupported_type", name)
    if code := _contradiction(data, kind):
        raise refusal(code, name)
    return kind


def _claimed(ending: str, media_type: str) -> str:
    plain = media_type.split(";")[0].strip().lower()
    return plain if not ending and plain in KINDS.values() else ""


def _contradiction(data: bytes, kind: str) -> str:
    """The code of what is wrong with a content that is said to be of ``kind``; mostly nothing."""
    if kind == PDF:
        return "" if b"%PDF-" in data[:1024] else "wrong_type"
    if kind in (WORD, SHEETS):
        if data.startswith(_OLE) and _ENCRYPTED in data:
            return "encrypted"
        return "" if data.startswith(_ZIP) else "wrong_type"
    if data.startswith(_OTHERS):
        return "wrong_type"
    return "not_text" if is_binary(data[:_HEAD]) else ""
