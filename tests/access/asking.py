"""Every operation of the API asked once: with a body that fits its description, and ids as wanted.

In: the application's own description. Out: requests. What a body holds is the least that fits: what
its schema gives as an example, else the first choice, else something short.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from core.api import PREFIX, mounted

NAMED = {  # parts of paths and bodies that are called otherwise than verbs' arguments
    "assistant": "assistant_id",
    "conversation": "conversation_id",
    "topic": "topic_id",
    "document": "document_id",
    "person": "person_id",
}
LONG = ("POST /v1/diagnose", "POST /v1/models/pull")  # they ask a model, or fetch one
METHODS = ("get", "head", "put", "post", "patch", "delete")
FILE = ("a.jsonl", b'{"question": "Quando?"}')
NOTHING = "0" * 8 + "-0000-4000-8000-" + "0" * 12


@dataclass(frozen=True)
class Operation:
    """What can be asked of the API."""

    method: str
    path: str
    told: Any

    @property
    def name(self) -> str:
        """As the table has it."""
        return f"{self.method.upper()} {self.path}"

    def ask(self, client: TestClient, ids: dict[str, str], headers: dict[str, str]) -> Any:
        """Its answer to a fitting request with these ids."""
        parts = self._given("path", ids)
        path = re.sub(r"{(\w+)}", lambda part: str(parts[part[1]]), self.path)
        given = {"params": self._given("query", ids), "headers": headers, **self._content(ids)}
        return client.request(self.method, f"/api{path}", **given)

    def _given(self, where: str, ids: dict[str, str]) -> dict[str, Any]:
        taken = [one for one in self.told.get("parameters", ()) if one["in"] == where]
        return {
            one["name"]: _value(one["schema"], one["name"], ids)
            for one in taken
            if one.get("required")
        }

    def _content(self, ids: dict[str, str]) -> dict[str, Any]:
        kinds = self.told.get("requestBody", {}).get("content", {})
        if "application/json" in kinds:
            return {"json": _value(kinds["application/json"]["schema"], "", ids)}
        if "multipart/form-data" in kinds:
            fields = _resolved(kinds["multipart/form-data"]["schema"])["properties"]
            data = {name: _id(name, ids) for name in fields if NAMED.get(name, name) in ids}
            files = {name: FILE for name in ("file", "files") if name in fields}
            return {"files": files, "data": data}
        return {"content": b"{}"} if kinds else {}


@cache
def operations() -> dict[str, Operation]:
    """All of them, by their names."""
    found = [
        Operation(method, path, told)
        for path, methods in description()["paths"].items()
        for method, told in methods.items()
        if method in METHODS
    ]
    return {one.name: one for one in found}


@cache
def application() -> Starlette:
    """Everything under /api and /v1, made once: it keeps nothing of a home."""
    return Starlette(routes=mounted())


@cache
def description() -> dict[str, Any]:
    """What the API says of itself."""
    mounts = [one for one in application().routes if isinstance(one, Mount)]
    rest: Any = next(one.app for one in mounts if one.path == PREFIX)
    told: dict[str, Any] = rest.openapi()
    return told


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = description()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return found


def _id(name: str, ids: dict[str, str]) -> str:
    return ids.get(NAMED.get(name, name), NOTHING if name.endswith("_id") else "unknown")


def _value(schema: dict[str, Any], name: str, ids: dict[str, str]) -> Any:
    """Something that fits a schema; what is named after an id is that id."""
    whole = _resolved(schema)
    key = NAMED.get(name, name)
    if key in ids or name.endswith("_id") or (name in NAMED and "enum" not in whole):
        return [_id(name, ids)] if whole.get("type") == "array" else _id(name, ids)
    if whole.get("type") == "object" or "properties" in whole:
        return _object(whole, ids)
    for found in ("const", "default"):
        if found in whole:
            return whole[found]
    for choices in ("examples", "enum"):
        if whole.get(choices):
            return whole[choices][0]
    if options := whole.get("anyOf") or whole.get("oneOf"):
        return _value(options[0], name, ids)
    return _plain(whole, name, ids)


def _object(whole: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    fields, example = whole.get("properties", {}), (whole.get("examples") or [{}])[0]
    names = {*example, *whole.get("required", ())}
    ours = {
        one: _value(fields[one], one, ids)
        for one in names
        if one in fields and (one not in example or NAMED.get(one, one) in ids)
    }
    return {**example, **ours}


def _plain(whole: dict[str, Any], name: str, ids: dict[str, str]) -> Any:
    if whole.get("type") == "array":
        return [_value(whole.get("items", {}), name.removesuffix("s"), ids)] * whole.get(
            "minItems", 0
        )
    if whole.get("type") in ("integer", "number"):
        return whole.get("minimum", whole.get("exclusiveMinimum", 0) + 1)
    if whole.get("type") == "boolean":
        return True
    return "a" * max(1, whole.get("minLength", 1))
