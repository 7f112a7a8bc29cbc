"""What an assistant may look like: every field checked, with a sentence for each mistake (pure).

In: values from a form, an API call or a file, of any type. Out: the same values, cleaned, or
InvalidInput naming the field.
"""

from collections.abc import Callable
from typing import Any
from unicodedata import category

from core.assistants import modes
from core.errors import InvalidInput
from core.i18n import LANGUAGES, _
from core.registry import routing

NAME_LENGTH = 120
PERSONA_LENGTH = 8000
RULES, RULE_LENGTH = 40, 1000
STARTERS, STARTER_LENGTH = 12, 300
CRITERIA, CRITERION_LENGTH = 20, 1000


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """``values`` cleaned; a field that assistants do not have is InvalidInput too."""
    for field in values:
        if field not in _CHECKS:
            raise InvalidInput(
                _("Assistants have no field '{field}'.").format(field=field),
                hint=_("The fields are {fields}.").format(fields=", ".join(_CHECKS)),
                field=field,
            )
    return {field: _CHECKS[field](value, field) for field, value in values.items()}


def _name(value: Any, field: str) -> str:
    text = " ".join(_string(value, field).split())
    seen = any(category(character)[0] not in "CZ" for character in text)
    if not seen or len(text) > NAME_LENGTH:
        raise InvalidInput(
            _("An assistant's name has 1 to {most} characters.").format(most=NAME_LENGTH),
            field=field,
        )
    return text


def _language(value: Any, field: str) -> str:
    if not isinstance(value, str) or value not in LANGUAGES:
        raise InvalidInput(
            _("'{language}' is no language of an assistant.").format(language=value),
            hint=_("Choose one of {languages}.").format(languages=", ".join(LANGUAGES)),
            field=field,
        )
    return value


def _persona(value: Any, field: str) -> str:
    return _text(value, field, PERSONA_LENGTH)


def _rules(value: Any, field: str) -> list[str]:
    return _texts(value, field, RULES, RULE_LENGTH)


def _starters(value: Any, field: str) -> list[str]:
    return _texts(value, field, STARTERS, STARTER_LENGTH)


def _rubric(value: Any, field: str) -> list[dict[str, str]]:
    return [_criterion(item, field) for item in _list(value, field, CRITERIA)]


def _criterion(value: Any, field: str) -> dict[str, str]:
    if not isinstance(value, dict) or set(value) - {"name", "description"}:
        raise InvalidInput(_("A criterion has a name and a description."), field=field)
    return {
        "name": _name(value.get("name", ""), field),
        "description": _text(value.get("description", ""), field, CRITERION_LENGTH),
    }


def _routing(value: Any, field: str) -> dict[str, Any]:
    return routing.checked(value)


def _flag(value: Any, field: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput(_("'{field}' is true or false.").format(field=field), field=field)
    return value


def _modes(value: Any, field: str) -> list[dict[str, Any]]:
    return modes.checked(value)


def _texts(value: Any, field: str, most: int, length: int) -> list[str]:
    cleaned = (_text(item, field, length) for item in _list(value, field, most))
    return [text for text in cleaned if text]


def _list(value: Any, field: str, most: int) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise InvalidInput(_("'{field}' is a list.").format(field=field), field=field)
    if len(value) > most:
        raise InvalidInput(
            _("'{field}' has at most {most} entries, not {count}.").format(
                field=field, most=most, count=len(value)
            ),
            field=field,
        )
    return list(value)


def _text(value: Any, field: str, most: int) -> str:
    text = _string(value, field).strip()
    if len(text) > most:
        raise InvalidInput(
            _("A text in '{field}' has at most {most} characters, not {count}.").format(
                field=field, most=most, count=len(text)
            ),
            field=field,
        )
    return text


def _string(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise InvalidInput(_("'{field}' is a text.").format(field=field), field=field)
    if "\x00" in value:  # PostgreSQL cannot keep it, and no one types it
        raise InvalidInput(
            _("'{field}' holds a character that cannot be kept.").format(field=field), field=field
        )
    return value


_CHECKS: dict[str, Callable[[Any, str], Any]] = {
    "name": _name,
    "language": _language,
    "persona": _persona,
    "rules": _rules,
    "starters": _starters,
    "rubric": _rubric,
    "modes": _modes,
    "thoughts": _flag,
    "routing": _routing,
}
