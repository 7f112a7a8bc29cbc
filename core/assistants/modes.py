"""Modes: named ways in which an assistant answers, each with levels if it has them (pure).

In: ``modes`` from a form, an API call or a file, of any type; then what an asker chose. Out: the
same, cleaned, or InvalidInput naming what is wrong; then the mode and level that hold. A mode's
words go into the prompt after persona and rules, its level's after it; so they change the version.

    [{"name": "analysis", "title": "Literary analysis", "prompt": "Look at ...",
      "levels": [{"name": "basic", "title": "Basic", "prompt": "Explain every term."}]}]
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import InvalidInput
from core.i18n import _

FIELD = "modes"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
MOST_MODES, MOST_LEVELS = 8, 6
TITLE_LENGTH, PROMPT_LENGTH = 60, 4000
OF_A_LEVEL = ("name", "title", "prompt")


def checked(modes: Any) -> list[dict[str, Any]]:
    """``modes`` cleaned; a title that is not given is the name."""
    return [_mode(one) for one in _several(modes, MOST_MODES)]


def way(modes: Sequence[Mapping[str, Any]], mode: str, level: str) -> tuple[str, str]:
    """The names that hold: of a mode without a level chosen, its first one; "" for none.

    InvalidInput for a mode or level that the assistant does not have.
    """
    if not mode and not level:
        return "", ""
    found = _named(modes, mode, "mode")
    levels = found.get("levels") or []
    if not level:
        return mode, str(levels[0]["name"]) if levels else ""
    return mode, str(_named(levels, level, "level")["name"])


def _named(among: Sequence[Mapping[str, Any]], name: str, field: str) -> Mapping[str, Any]:
    found = next((one for one in among if one["name"] == name), None)
    if found is not None:
        return found
    names = ", ".join(str(one["name"]) for one in among)
    hint = _("There are: {names}.").format(names=names) if names else _("There is none.")
    if field == "mode":
        message = _("The assistant has no mode “{name}”.").format(name=name)
    else:
        message = _("The mode has no level “{name}”.").format(name=name)
    raise InvalidInput(message, hint=hint, field=field)


def _mode(given: Any) -> dict[str, Any]:
    _only(given, (*OF_A_LEVEL, "levels"))
    levels = [_level(one) for one in _several(given.get("levels") or [], MOST_LEVELS)]
    return _words(given) | ({"levels": levels} if levels else {})


def _level(given: Any) -> dict[str, Any]:
    _only(given, OF_A_LEVEL)
    return _words(given)


def _words(given: Mapping[str, Any]) -> dict[str, Any]:
    name = given.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise _wrong(_("A mode's name is made of a-z, 0-9, - and _, at most 40 of them."))
    title = _text(given.get("title") or name, TITLE_LENGTH)
    return {"name": name, "title": title, "prompt": _text(given.get("prompt"), PROMPT_LENGTH)}


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or not value.strip() or "\x00" in value:
        raise _wrong(_("A mode and each of its levels has a name and a prompt."))
    if len(value.strip()) > most:
        raise _wrong(
            _("A text in '{field}' has at most {most} characters, not {count}.").format(
                field=FIELD, most=most, count=len(value.strip())
            )
        )
    return value.strip()


def _several(value: Any, most: int) -> list[Any]:
    """A list whose entries have names of their own."""
    if not isinstance(value, list | tuple):
        raise _wrong(_("'{field}' is a list.").format(field=FIELD))
    names = [one.get("name") for one in value if isinstance(one, Mapping)]
    if len(value) > most or len(set(map(str, names))) < len(names):
        raise _wrong(
            _("There are at most {modes} modes with {levels} levels, each name once.").format(
                modes=MOST_MODES, levels=MOST_LEVELS
            )
        )
    return list(value)


def _only(given: Any, keys: tuple[str, ...]) -> None:
    if not isinstance(given, Mapping) or set(given) - set(keys):
        raise _wrong(
            _("A mode is an object."), _("Its fields: {names}.").format(names=", ".join(keys))
        )


def _wrong(message: str, hint: str = "") -> InvalidInput:
    return InvalidInput(message, hint=hint, field=FIELD)
