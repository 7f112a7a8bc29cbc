"""Personal data in what operators look at (logs, traces): masked, unless CICLO_SHOW_PERSONAL_DATA.

In: a text, or lists and mappings of texts. Out: the same with placeholders. Always holds: a text in which
nothing looks like personal data is given back at once.
"""

import re
from typing import Any

from core.config import settings
from core.privacy.finding import KINDS, mask

# what every finding has at least one of; most lines of a log have none
_MAYBE = re.compile(r"@|\bat\b|arroba|\d{4}|\d[ .-]+\d|:[\da-f]*:|[^\x00-\x7f]", re.IGNORECASE)


def shown(value: Any) -> Any:
    """``value`` as operators see it; anything but texts, lists and mappings stays as it is."""
    return value if settings().show_personal_data else _covered(value)


def _covered(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value, KINDS).text if _MAYBE.search(value) else value
    if isinstance(value, dict):
        return {name: _covered(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_covered(one) for one in value]
    return value
