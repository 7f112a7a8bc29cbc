"""Why documents failed, told in the language of whoever reads it.

In: a document, or a code and a name. Out: the error. What always holds: a reading that fails is
told of by its code alone, so that the sentence stored by the background, in whichever language
that speaks, need not be shown.
"""

from core import reading
from core.db.tables import Document
from core.errors import InvalidInput
from core.i18n import N_, _

PATIENCE = 3  # readings that were begun and never ended, after which the file is held to blame
OWN = {
    "file_gone": (N_("The file of '{name}' is gone from disk."), N_("Add it again.")),
    "never_ended": (
        N_("Reading '{name}' was begun {n} times and never came to an end."),
        N_("Try it in another format, or in parts."),
    ),
}


def failure(code: str, name: str) -> InvalidInput:
    """The error of that code for the file ``name``, in the present language."""
    if code not in OWN:
        return reading.refusal(code, name)
    sentence, hint = OWN[code]
    return InvalidInput(_(sentence).format(name=name, n=PATIENCE), hint=_(hint), code=code)


def why(document: Document) -> InvalidInput | None:
    """Why the newest file of the document could not be read; None if it has not failed."""
    if not document.error_code:
        return None
    if document.error_code in OWN or document.error_code in reading.REFUSALS:
        return failure(document.error_code, document.name)
    return InvalidInput(document.error, code=document.error_code)
