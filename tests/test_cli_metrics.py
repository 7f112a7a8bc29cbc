"""``ciclo metrics``: figures, charts as files, what people ask, outcomes, settings."""

from pathlib import Path

import pytest

from core import assistants, chat, feedback
from tests.conftest import Run


@pytest.fixture
def talk(home: object) -> str:
    """A conversation of Loja whose answer was rated down."""
    answer = chat.ask("Que horas abre?", assistant=assistants.create("Loja").id)
    feedback.give(answer.message.id, "down", person_id=None, user_id="x")
    return answer.conversation.id


@pytest.mark.slow
def test_an_overview_tells_values_with_their_n_and_targets(ciclo: Run, talk: str) -> None:
    shown = ciclo("metrics", "overview", "--period", "7d", "-a", "Loja", "--only", "data=real")
    assert shown.code == 0
    assert "Satisfaction" in shown.out
    assert "85" in shown.out
    asked = ("--measure", "satisfaction", "--json")
    (told,) = ciclo("metrics", "overview", *asked).data["data"]
    assert (told["unit"], told["value"], told["n"], told["thin"]) == ("share", 0.0, 1, True)


@pytest.mark.slow
def test_charts_are_shown_and_exported(ciclo: Run, talk: str, tmp_path: Path) -> None:
    points = ciclo("metrics", "series", "satisfaction", "--period", "7d", "--json").data["data"]
    assert sum(point["n"] for point in points) == 1
    rows = ciclo("metrics", "breakdown", "satisfaction", "--by", "assistant", "--json").data
    assert (rows["total"], rows["data"][0]["name"]) == (1, "Loja")
    assert "Loja" in ciclo("metrics", "breakdown", "rated", "--by", "assistant").out
    file = tmp_path / "chart.csv"
    assert ciclo("metrics", "export", "satisfaction", "--by", "assistant", "-o", file).code == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbfassistant,")
    assert "When," in ciclo("metrics", "export", "satisfaction").out


@pytest.mark.slow
def test_the_way_down_leads_to_conversations_and_questions(ciclo: Run, talk: str) -> None:
    assert talk in ciclo("metrics", "behind", "satisfaction").out
    (one,) = ciclo("metrics", "behind", "satisfaction", "--json").data["data"]
    assert one["conversation_id"] == talk
    assert "Que horas abre?" in ciclo("metrics", "unanswered").out
    assert ciclo("metrics", "unanswered", "--json").data["data"][0]["n"] == 1
    assert "too few to group" in ciclo("metrics", "topics").out


@pytest.mark.slow
def test_the_report_is_one_file_that_needs_no_other(ciclo: Run, talk: str, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    assert ciclo("metrics", "report", "--period", "7d", "--out", file).code == 0
    text = file.read_text("utf-8")
    assert text.lower().startswith("<!doctype html>")
    assert "http:" not in text.replace("http://www.w3.org", "")
    assert ciclo("metrics", "report").code == 0


def test_an_outcome_is_reported_listed_and_taken_back(ciclo: Run, talk: str) -> None:
    said = ("--value", "10", "--currency", "brl", "--at", "2026-03-01T10:00")
    reported = ciclo("metrics", "outcome", talk, "converted", *said, "--json").data["data"]
    assert [(one["name"], one["value"], one["currency"]) for one in reported] == [
        ("converted", 10.0, "BRL")
    ]
    assert "converted" in ciclo("metrics", "outcome", talk).out
    gone = ciclo("metrics", "outcome", talk, "converted", "--withdraw")
    assert "Nothing is reported" in gone.out


def test_settings_are_shown_and_set(ciclo: Run) -> None:
    assert "85" in ciclo("metrics", "settings").out
    given = ("--target", "satisfaction=0.9", "--target", "errors=none", "--currency", "EUR")
    held = ciclo("metrics", "settings", *given, "--rate", "0.9", "--json").data
    assert (held["targets"]["satisfaction"], held["rate"]) == (0.9, 0.9)
    assert "errors" not in held["targets"]
    assert ciclo("metrics", "settings", "--json").data == held


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["overview", "--period", "9x"], 2, "9x"),
        (["overview", "--only", "mood=good"], 2, "mood=good"),
        (["overview", "--measure", "joy"], 2, "joy"),
        (["overview", "-a", "Nobody"], 3, "Nobody"),
        (["series", "joy"], 2, "joy"),
        (["series", "errors", "--by", "year"], 2, "year"),
        (["breakdown", "errors", "--by", "mood"], 2, "mood"),
        (["outcome", "nope", "converted"], 3, "nope"),
        (["outcome", "nope", "a b"], 2, "a b"),
        (["outcome", "nope", "converted", "--at", "noon"], 2, "noon"),
        (["settings", "--target", "joy=1"], 2, "joy"),
        (["settings", "--target", "errors=low"], 2, "errors=low"),
        (["settings", "--target", "errors=nan"], 2, "nan"),
    ],
)
def test_what_cannot_be_is_named_with_its_exit_code(
    ciclo: Run, arguments: list[str], code: int, word: str
) -> None:
    told = ciclo("metrics", *arguments)
    assert told.code == code
    assert word in told.err
