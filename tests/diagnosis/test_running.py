"""Checks end in time, and break nothing."""

from collections.abc import Iterator
from threading import Event

from core.diagnosis.finding import Finding, counted
from core.diagnosis.running import Check, run
from core.errors import InvalidInput
from core.i18n import _, speaking


def test_a_check_that_hangs_is_a_failed_finding_in_bounded_time() -> None:
    never = Event()

    def hang() -> Finding:
        never.wait(60)
        return Finding("server", "good", "")

    (found,) = run([Check("server", hang, limit=0.1, subject="lab")])
    never.set()
    assert (found.name, found.state, found.subject) == ("server", "bad", "lab")
    assert found.advice


def test_what_came_before_it_hung_is_kept() -> None:
    never = Event()

    def half() -> Iterator[Finding]:
        yield Finding("search", "good", "6")
        never.wait(60)

    found = list(run([Check("answer", half, limit=0.1)]))
    never.set()
    assert [(one.name, one.state) for one in found] == [("search", "good"), ("answer", "bad")]


def test_an_error_is_a_finding_with_its_hint_and_the_next_check_runs() -> None:
    def refuse() -> Finding:
        raise InvalidInput("no", hint="say yes")

    def fault() -> Finding:
        raise ZeroDivisionError

    good = Check("port", lambda: Finding("port", "good", ""))
    found = list(run([Check("disk", refuse), Check("index", fault), good], "all"))
    assert [one.state for one in found] == ["bad", "bad", "good"]
    assert found[0].advice == "say yes"
    assert {one.group for one in found} == {"all"}
    assert counted(found) == {"good": 1, "note": 0, "bad": 2}


def test_a_check_speaks_the_language_of_who_asked() -> None:
    with speaking("pt-BR"):
        (found,) = run([Check("port", lambda: Finding("port", "good", _("answers")))])
    assert found.found == "responde"
