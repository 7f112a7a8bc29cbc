"""A text of LangChain's with its metadata as one file, so that it is a document like any other.

In: a text, a dictionary. Out: an HTML page that holds the text as it is and the dictionary in its
head, where pages keep such things; and back. What always holds: neither can break out of its
place; a page that was not made here has no metadata of this kind.
"""

import html
import json
import re
from typing import Any

ENDING = ".html"
_HEAD = '<!doctype html>\n<meta charset="utf-8">\n<meta name="ciclo-metadata" content="'
_METADATA = re.compile(re.escape(_HEAD).encode() + rb'([^"]*)">\n')


def page(text: str, metadata: dict[str, Any]) -> bytes:
    """The file; what JSON does not know (a date) is kept as its text. ValueError for a circle."""
    told = json.dumps(metadata, ensure_ascii=False, default=str)
    return f'{_HEAD}{html.escape(told)}">\n<pre>{html.escape(text)}</pre>\n'.encode(
        "utf-8", "replace"
    )


def metadata(data: bytes) -> dict[str, Any] | None:
    """The dictionary that the file carries, None if it was not made here."""
    found = _METADATA.match(data)
    if not found:
        return None
    try:
        told = json.loads(html.unescape(found[1].decode()))
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
