"""Emoji reactions as ratings: 👍 🏽 and ❤️ are up, 👎 and 😡 are down; others are told.

Skin tones, variation selectors, joiners and the sign of a person change nothing: an emoji is read
by what it shows.
"""

import re

from core.errors import InvalidInput
from core.i18n import _

UP = (
    "👍👌👏🙌🙏💪🤝✅✔❤♥🧡💛💚💙💜🤎🖤🤍🩷🩵🩶💕💖💗💓💝💯🔥⭐🌟🎉😀😃😄😁😆😊🙂😍🥰🤩😘😂🤗☺💡🏆🆗"
)
DOWN = "👎😡😠🤬😤💔❌✖🚫🙅😞😔😟🙁☹😕😢😭😩😫😒🙄🤦💩🤮🤢😾🆖"
MOST = 32  # characters; the longest single emoji has 10
SIGNS = re.compile("[\ufe0e\ufe0f\u200d\u2640\u2642\U0001f3fb-\U0001f3ff\\s]")


def from_reaction(emoji: str) -> str:
    """ "up" or "down"; InvalidInput for an emoji that says neither."""
    shown = SIGNS.sub("", emoji) if len(emoji) <= MOST else ""
    for rating, known in (("up", UP), ("down", DOWN)):
        if shown and all(sign in known for sign in shown):
            return rating
    raise InvalidInput(
        _("The reaction “{value}” says neither good nor bad.").format(value=emoji[:MOST]),
        field="reaction",
        hint=_("Use one such as {up} or {down}, or send a rating.").format(
            up="👍 ❤️ 🙏", down="👎 😡 😞"
        ),
    )
