"""The errors of Ciclo: one small tree, translated once by each door.

Every error carries a stable ``code`` (never translated), a ``message`` that names the value
and, where there is one, a ``hint`` that names the way out (both in the reader's language).
"""

LONGEST = 2_000  # characters of a message


class CicloError(Exception):
    """What went wrong, in words a person can act on."""

    code = "error"

    def __init__(self, message: str, *, hint: str = "", code: str = "") -> None:
        if len(message) > LONGEST:  # it names a value that somebody sent without end
            message = f"{message[:LONGEST]}…"
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or type(self).code


class InvalidInput(CicloError):
    """A value that cannot be taken; ``field`` names it."""

    code = "invalid"

    def __init__(self, message: str, *, field: str = "", hint: str = "", code: str = "") -> None:
        super().__init__(message, hint=hint, code=code)
        self.field = field


class NotFound(CicloError):
    """What was asked for is not there (or is there no longer)."""

    code = "not_found"


class Conflict(CicloError):
    """It clashes with what is already there, or somebody else was faster."""

    code = "conflict"


class NotAllowed(CicloError):
    """The person may not do this."""

    code = "not_allowed"


class NotSignedIn(CicloError):
    """Nobody has proved who they are, or what they showed proves it no longer."""

    code = "not_signed_in"


class ModelFailed(CicloError):
    """A model or its server failed.

    ``code`` is one of: not_reachable, model_missing, busy, refused, timed_out, cut_off, bad_answer,
    and before anybody was called: no_key, not_installed, not_configured. ``retry_after`` in seconds
    where the server said when to come back. ``said``: the words of the server or of its library,
    in whatever language, for log and trace alone.
    """

    code = "model_failed"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        code: str = "",
        retry_after: float | None = None,
        said: str = "",
    ) -> None:
        super().__init__(message, hint=hint, code=code)
        self.retry_after = retry_after
        self.said = said


class Unavailable(CicloError):
    """A part is not ready, not installed or full; trying again (or the hint) may help."""

    code = "unavailable"


class TooMany(CicloError):
    """More than is allowed at present; ``retry_after`` in seconds: when to come back."""

    code = "too_many"

    def __init__(self, message: str, *, retry_after: float, hint: str = "", code: str = "") -> None:
        super().__init__(message, hint=hint, code=code)
        self.retry_after = retry_after
