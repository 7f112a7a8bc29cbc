"""Why a file is not read: every code with its sentence and its way out, in one table.

In the child a reader raises ``Refused(code)``; the parent makes the sentence of it in its reader's
language. A sentence depends on nothing but code, name and limits, so that a failed document can be
told of in any language later.
"""

from core.errors import InvalidInput
from core.i18n import N_, _, number
from core.reading import limits


class Refused(Exception):
    """A reader will not go on; ``code`` is a key of REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_AGAIN = N_("Open it in its own program, save it again and add that copy.")
_PARTS = N_("Split it into parts.")
_SCAN = N_("A scanned document needs text recognition (OCR) first.")
_RIGHT = N_("Check that the right file was chosen.")

REFUSALS = {
    "empty_file": (N_("'{name}' is empty."), _RIGHT),
    "unsupported_type": (
        N_("'{name}' cannot be added: files of this kind are not read."),
        N_("PDF, Word (.docx), Excel (.xlsx), CSV, HTML, Markdown and plain text can be read."),
    ),
    "wrong_type": (N_("The content of '{name}' is not what its ending says."), _RIGHT),
    "not_text": (N_("'{name}' holds binary data, not text."), _RIGHT),
    "macros": (
        N_("'{name}' may carry macros; such files are not read."),
        N_("Save it without macros, as .docx or .xlsx."),
    ),
    "encrypted": (
        N_("'{name}' is protected by a password."),
        N_("Save a copy without the password."),
    ),
    "damaged": (N_("'{name}' is damaged or incomplete."), _AGAIN),
    "broke_off": (N_("Reading '{name}' broke off: it makes its reader fail."), _AGAIN),
    "no_text": (N_("'{name}' holds no text."), _RIGHT),
    "too_long": (
        N_("'{name}' holds more than {characters} characters or {pages} pages."),
        _PARTS,
    ),
    "unpacks_too_large": (
        N_("'{name}' unpacks into more than {unpacked} MB or {parts} parts."),
        N_("Save it again without what is embedded in it, or split it into parts."),
    ),
    "external_entities": (
        N_("'{name}' defines entities of its own, which no office program does."),
        _AGAIN,
    ),
    "too_deep": (
        N_("'{name}' is nested more than {levels} levels deep."),
        N_("Save it in a simpler form, for example as plain text."),
    ),
    "too_slow": (
        N_("Reading '{name}' took longer than allowed."),
        N_("Split it into parts, or let CICLO_READ_SECONDS allow more."),
    ),
    "too_heavy": (
        N_("Reading '{name}' took more memory than allowed."),
        N_("Split it into parts, or let CICLO_READ_MEMORY_MB allow more."),
    ),
}


def refusal(code: str, name: str) -> InvalidInput:
    """The error that tells, in the present language, why the file ``name`` is not read."""
    sentence, hint = REFUSALS[code]
    hint = _SCAN if code == "no_text" and name.lower().endswith(".pdf") else hint
    message = _(sentence).format(
        name=name,
        characters=number(limits.MAX_CHARACTERS),
        pages=number(limits.MAX_PAGES),
        unpacked=number(limits.MAX_UNPACKED >> 20),
        parts=number(limits.MAX_PARTS),
        levels=number(limits.MAX_LEVELS),
    )
    return InvalidInput(message, field="file", hint=_(hint), code=code)
