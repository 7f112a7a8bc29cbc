"""One line an event: readable in dev, JSON in prod, the request's id on each."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql

from core import db, logs
from core.config import settings


@pytest.fixture
def written(
    home: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[io.StringIO]:
    """What the log of the profile ``request.param`` writes."""
    output = io.StringIO()
    root, level = logging.getLogger(), logging.getLogger("ciclo").level
    handlers, root_level = root.handlers, root.level
    monkeypatch.setenv("CICLO_PROFILE", request.param)
    monkeypatch.setenv("CICLO_SLOW_QUERY_MS", "1")
    settings.cache_clear()
    monkeypatch.setattr("sys.stderr", output)
    logs.start()
    yield output
    logs.unbind()
    logging.captureWarnings(False)
    root.handlers = handlers
    root.setLevel(root_level)
    logging.getLogger("ciclo").setLevel(level)


prod = pytest.mark.parametrize("written", ["prod"], indirect=True)
dev = pytest.mark.parametrize("written", ["dev"], indirect=True)


def lines(output: io.StringIO) -> list[dict[str, Any]]:
    """The lines, read as JSON."""
    return [json.loads(line) for line in output.getvalue().splitlines()]


@prod
def test_prod_writes_json_with_the_fields_and_the_request(written: io.StringIO) -> None:
    logs.bind(request="r-1")
    logging.getLogger("ciclo.test").info("something %s", "happened", extra={"count": 3})
    (line,) = lines(written)
    assert line["event"] == "something happened"
    assert (line["request"], line["count"], line["level"]) == ("r-1", 3, "info")
    assert line["timestamp"].endswith("Z")


@prod
def test_an_error_is_one_line_with_its_traceback(written: io.StringIO) -> None:
    try:
        raise ValueError("deep inside")
    except ValueError:
        logging.getLogger("ciclo.test").exception("it failed")
    (line,) = lines(written)
    assert line["exception"][0]["exc_value"] == "deep inside"


@prod
def test_a_slow_query_is_logged_with_its_statement(written: io.StringIO) -> None:
    with db.session() as session:
        session.execute(
            sql(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
                " SELECT max(i) FROM n"
            )
        )
    (line,) = [line for line in lines(written) if line["event"] == "slow query"]
    assert "RECURSIVE" in line["statement"]
    assert line["milliseconds"] >= 1


@dev
def test_dev_writes_for_the_eye(written: io.StringIO) -> None:
    logging.getLogger("ciclo.test").info("something happened", extra={"count": 3})
    assert "something happened" in written.getvalue()
    assert "count=3" in written.getvalue()


@prod
def test_libraries_speak_through_the_same_line_but_only_of_trouble(written: io.StringIO) -> None:
    library = logging.getLogger("a_library.part")
    library.addHandler(logging.StreamHandler(io.StringIO()))
    library.propagate = False
    logs.adopt()
    library.info("chatter")
    library.warning("trouble")
    assert [line["event"] for line in lines(written)] == ["trouble"]
