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


WORDS = "ana@casa.br, CPF 529.982.247-25, (11) 98765-4321"


@pytest.mark.parametrize("written", ["prod", "dev"], indirect=True)
def test_personal_data_is_masked_wherever_it_stands_in_a_line(written: io.StringIO) -> None:
    told = {"why": WORDS, "all": [WORDS], "answer_id": "0b9e6d4e-6f0b-4a43-9a1e-4d1f2b1c7a55"}
    logging.getLogger("ciclo.test").info("not sent to %s", WORDS, extra=told)
    try:
        secret_question = WORDS
        raise ValueError(secret_question)
    except ValueError:
        logging.getLogger("ciclo.test").exception("it failed")
    for part in ("ana@", "529.982", "98765"):
        assert part not in written.getvalue()
    assert "[EMAIL], CPF [CPF], [TEL]" in written.getvalue()
    assert told["answer_id"] in written.getvalue()


@prod
def test_a_traceback_shows_no_values_of_variables(written: io.StringIO) -> None:
    try:
        question = "Onde fica a quaresmeira?"
        raise ValueError(len(question))
    except ValueError:
        logging.getLogger("ciclo.test").exception("it failed")
    assert "Onde fica a quaresmeira" not in written.getvalue()
    assert "locals" not in written.getvalue()


@prod
def test_an_error_of_the_database_does_not_say_what_was_to_be_stored(written: io.StringIO) -> None:
    try:
        with db.writing() as session:
            session.execute(sql("INSERT INTO nowhere VALUES (:words)"), {"words": "quaresmeira"})
    except Exception:
        logging.getLogger("ciclo.test").exception("it failed")
    assert "nowhere" in written.getvalue()
    assert "quaresmeira" not in written.getvalue()


@prod
def test_the_operator_may_have_it_shown(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_SHOW_PERSONAL_DATA", "true")
    settings.cache_clear()
    logging.getLogger("ciclo.test").info(WORDS)
    (line,) = lines(written)
    assert line["event"] == WORDS
