"""A browser's own description of itself, in words: "Firefox, Windows"."""

import re

BROWSERS = (  # each also names those after it
    ("Edge", r"Edg\w*/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrom(e|ium)/|CriOS/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)
LONGEST = 60


def named(agent: str) -> str:
    """Browser and system as far as they are known; else the beginning of what it says."""
    found = [_first(agent, BROWSERS), _first(agent, SYSTEMS)]
    return ", ".join(one for one in found if one) or agent[:LONGEST]


def _first(agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for name, pattern in known if re.search(pattern, agent)), "")
