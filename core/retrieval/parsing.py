"""Reading: the bytes of a file become its text.

In: bytes, the file's name, the media type a sender claims (only used for a name without an
ending). Out: ``Parsed``, the text with the offset at which every page begins (none for formats
without pages). What always holds: the content decides what a file is; a name that says otherwise
is refused. Whatever cannot be read raises InvalidInput, whose ``code`` is one of empty_file,
unsupported_type, encrypted, damaged, no_text, too_large.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from core.errors import InvalidInput
from core.i18n import _

TYPES = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
}
MAX_PAGES = 5_000  # a longer file is a library; it would hold up everyone behind it
MAX_CHARACTERS = 20_000_000

# the first bytes of what people drop by mistake, to say what it is
_KNOWN = {
    b"PK\x03\x04": "ZIP, Word or Excel",
    b"\xd0\xcf\x11\xe0": "old Word or Excel",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\x1f\x8b": "gzip",
    b"\x7fELF": "program",
    b"MZ": "program",
    b"SQLite format 3": "SQLite",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_PAGE_BREAK = "\n\n"
# the ways in which a PDF parser fails when a file is broken
_BREAKS: tuple[type[Exception], ...] = (ArithmeticError, AssertionError, AttributeError)
_BREAKS += (LookupError, NotImplementedError, OSError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True)
class Parsed:
    """A document's text. ``page_starts[i]`` is the offset of page i + 1; ``pages`` their count."""

    text: str
    page_starts: list[int] = field(default_factory=list)
    pages: int = 0


def type_of(data: bytes, name: str, media_type: str = "") -> str:
    """The media type that name and content agree on, or InvalidInput."""
    if not data.strip():
        raise _bad("empty_file", _("'{name}' is empty.").format(name=name))
    claimed = TYPES.get(PurePosixPath(name).suffix.lower()) or _claimed(name, media_type)
    is_pdf = b"%PDF-" in data[:1024]
    if not claimed:
        raise _unsupported(data, name)
    if is_pdf != (claimed == "application/pdf"):
        raise _mismatch(data, name, is_pdf)
    return claimed


def read(data: bytes, name: str, media_type: str = "") -> Parsed:
    """The text of a file whose type ``type_of`` accepts."""
    kind = type_of(data, name, media_type)
    parsed = _READERS[kind](data, name)
    if not re.search(r"\w", parsed.text):
        hint = _("A scanned document needs text recognition (OCR) first.") if parsed.pages else ""
        raise _bad("no_text", _("'{name}' holds no text.").format(name=name), hint)
    if len(parsed.text) > MAX_CHARACTERS:
        limit = f"{MAX_CHARACTERS:,}"
        message = _("'{name}' holds more than {limit} characters.").format(name=name, limit=limit)
        raise _bad("too_large", message, _("Split it into parts."))
    return parsed


def _text(data: bytes, name: str) -> Parsed:
    text = _decoded(data, name).replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n\n")
    return Parsed(text.lstrip("\ufeff"))


def _decoded(data: bytes, name: str) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if wide else ("utf-8", "cp1252", "latin-1"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
        break
    raise _unsupported(data, name)


def _pdf(data: bytes, name: str) -> Parsed:
    pages = _pdf_pages(data, name)
    starts, parts, at = [], [], 0
    for page in pages:
        starts.append(at)
        parts.append(page)
        at += len(page) + len(_PAGE_BREAK)
    return Parsed(_PAGE_BREAK.join(parts), starts, len(pages))


def _pdf_pages(data: bytes, name: str) -> list[str]:
    import io
    import logging

    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    breaks: tuple[type[Exception], ...] = (PyPdfError, *_BREAKS)

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of every small blemish
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError
        _check_pages(len(reader.pages), name)
        return [_flowing(page.extract_text()) for page in reader.pages]
    except (FileNotDecryptedError, DependencyError):
        message = _("'{name}' is protected by a password.").format(name=name)
        raise _bad("encrypted", message, _("Save a copy without the password.")) from None
    except InvalidInput:
        raise
    except breaks as error:
        message = _("'{name}' is damaged: {reason}").format(name=name, reason=_reason(error))
        raise _bad("damaged", message, _("Open and save it again as PDF.")) from error


def _reason(error: Exception) -> str:
    return str(error).strip() or type(error).__name__


def _check_pages(pages: int, name: str) -> None:
    if pages > MAX_PAGES:
        message = _("'{name}' has {pages} pages; {limit} are the most.")
        message = message.format(name=name, pages=pages, limit=MAX_PAGES)
        raise _bad("too_large", message, _("Split it into parts."))


_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]\n(?=[a-zà-ÿ])")
_WRAP = re.compile(r"(?<=[^\n.:;!?]{40})[ \t]*\n(?!\d{1,3}[.)]\s)(?=[\w(\"“'])")


def _flowing(page: str) -> str:
    """A PDF page whose lines run on: words put together again, lines joined into paragraphs."""
    text = _CONTROL.sub("", page.replace("\r", "").replace("\u00a0", " "))
    text = _WRAP.sub(" ", _HYPHEN.sub("", text).replace("\u00ad", ""))
    return re.sub(r"[ \t]+", " ", text).strip()


def _claimed(name: str, media_type: str) -> str:
    plain = media_type.split(";")[0].strip().lower()
    return plain if not PurePosixPath(name).suffix and plain in TYPES.values() else ""


def _unsupported(data: bytes, name: str) -> InvalidInput:
    what = next((kind for start, kind in _KNOWN.items() if data.startswith(start)), "")
    seen = _("it looks like a {what} file").format(what=what) if what else _("it is not text")
    ending = PurePosixPath(name).suffix.lower()
    if ending not in TYPES and not what:
        seen = _("files ending in '{ending}' are not read").format(ending=ending or name)
    message = _("'{name}' cannot be added: {reason}.").format(name=name, reason=seen)
    return _bad("unsupported_type", message, _("Markdown, plain text and PDF can be read."))


def _mismatch(data: bytes, name: str, is_pdf: bool) -> InvalidInput:
    if is_pdf:
        message = _("'{name}' is a PDF by its content.").format(name=name)
        return _bad("unsupported_type", message, _("Give it a name that ends in .pdf."))
    message = _("'{name}' is named a PDF, but its content is not one.").format(name=name)
    return _bad("unsupported_type", message, _("Check that the right file was chosen."))


def _bad(code: str, message: str, hint: str = "") -> InvalidInput:
    return InvalidInput(message, field="file", hint=hint, code=code)


_READERS: dict[str, Callable[[bytes, str], Parsed]] = {
    "text/markdown": _text,
    "text/plain": _text,
    "application/pdf": _pdf,
}
