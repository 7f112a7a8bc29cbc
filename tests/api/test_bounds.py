"""Nothing that a client may send is without an end: texts, lists and objects of the API's description.

What is left out is bounded elsewhere, and stands here with the reason.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from core.api import create_app
from core.api.docs import described

ELSEWHERE = {
    ".file": "a file: CICLO_MAX_UPLOAD_MB bounds the body, and the form's parser the number of parts",
    ".draft": "a draft: annotation.drafts bounds it",
    ".rules": "what a right answer must keep: comparison.scorers.rules checks each",
    "?scorer": "names of scorers: one that is not known is refused",
    "?Idempotency-Key": "a header: the server takes no head above 64 KiB, and its hash is kept",
    "?X-Ciclo-Person": "a header: acting.MOST",
}
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.mark.slow
def test_every_text_list_and_object_that_comes_in_has_a_most() -> None:
    told = described(create_app(), "/api")
    endless = {place for place in unbounded(told) if not any(one in place for one in ELSEWHERE)}
    assert endless == set()


def unbounded(told: dict[str, Any]) -> Iterator[str]:
    """Where the description leaves the size of what is sent open."""
    known = told["components"]["schemas"]
    for path, item in told["paths"].items():
        for method in METHODS & item.keys():
            for one in item[method].get("parameters", []):
                yield from within(one["schema"], f"{method} {path} ?{one['name']}", known)
            for body in item[method].get("requestBody", {}).get("content", {}).values():
                yield from within(body["schema"], f"{method} {path} ", known)


def within(
    part: dict[str, Any], place: str, known: dict[str, Any], seen: tuple[str, ...] = ()
) -> Iterator[str]:
    """The open places of one schema."""
    if name := part.get("$ref", "").rpartition("/")[2]:
        if name not in seen:
            yield from within(known[name], place, known, (*seen, name))
        return
    for way in ("anyOf", "oneOf", "allOf"):
        for one in part.get(way, ()):
            yield from within(one, place, known, seen)
    if is_open(part):
        yield place
    for name, one in part.get("properties", {}).items():
        yield from within(one, f"{place}.{name}", known, seen)
    for name in ("items", "additionalProperties"):
        if isinstance(part.get(name), dict):
            yield from within(part[name], f"{place}[]", known, seen)


def is_open(part: dict[str, Any]) -> bool:
    kind = part.get("type")
    if kind == "string":
        closed = ("maxLength", "enum", "const", "pattern")
        return not (part.keys() & set(closed)) and part.get("format") not in ("date", "date-time")
    if kind == "array":
        return "maxItems" not in part
    if kind == "object":
        more = part.get("additionalProperties", "properties" not in part)
        return bool(more) and "maxProperties" not in part
    return False
