"""A queue leaves as files that a spreadsheet, a program, Argilla and Label Studio read."""

import csv
import io
import json
from contextvars import copy_context
from typing import Any
from xml.etree import ElementTree

import pytest

from core import access, annotation, i18n
from core.annotation import Judged
from core.db.tables import Queue
from core.errors import InvalidInput, NotAllowed, NotFound
from tests.annotation.conftest import Made
from tests.annotation.judging import judge

HOSTILE = '=HYPERLINK("http://x");\n<b>\x0b&"'
RUBRIC = [
    {"name": "Cor & tom", "title": 'Cor "<&', "scale": [{"value": n} for n in (0, 10)]},
    {"name": "cor tom", "title": "=1+1", "scale": [{"value": n} for n in (-1, 100)]},
]


@pytest.fixture
def queue(made: Made) -> Queue:
    """Three items: judged by two and decided, judged by one, waiting."""
    queue = made(3, reviewers_per_item=2)
    annotation.write_guideline(queue.id, "Olhe bem.", RUBRIC)
    scores = {"Cor & tom": 10, "cor tom": -1}
    judge(queue, "Ana", ["corrected", "approved"], note=HOSTILE, scores=scores, seconds=12.5)
    judge(queue, "Bia", ["rejected"], suggestion={"verdict": "rejected"})
    annotation.adjudicate(annotation.items(queue.id)[0].id, Judged("rejected", note="Fora."))
    return queue


def spoken(language: str, queue: Queue) -> str:
    i18n.use(language)
    return whole(queue, "csv")


def whole(queue: Queue, format: str) -> str:
    return "".join(annotation.export(queue.id, format))


@pytest.mark.slow
def test_jsonl_has_a_line_per_item_with_all_judgements(queue: Queue) -> None:
    first, second, third = map(json.loads, whole(queue, "jsonl").splitlines())
    assert [len(one["judgements"]) for one in (first, second, third)] == [3, 1, 0]
    assert [one["kind"] for one in first["judgements"]] == ["review", "review", "adjudication"]
    assert first["gold_id"] == first["judgements"][2]["id"]
    ana = first["judgements"][0]
    assert (ana["person"], ana["verdict"], ana["seconds"]) == ("Ana", "corrected", 12.5)
    assert (ana["scores"]["cor tom"], ana["correction"]) == (-1, "Outra resposta.")
    assert (first["question"], first["answer"]) == ("Pergunta 0?", "Resposta 0.")


@pytest.mark.slow
def test_csv_opens_in_a_brazilian_spreadsheet_and_holds_no_formula(queue: Queue) -> None:
    text = copy_context().run(spoken, "pt-BR", queue)
    assert text.startswith("\ufeff")
    heads, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";")
    assert len(rows) == 4  # a line per judgement
    assert {len(row) for row in rows} == {len(heads)}
    assert not [cell for row in (heads, *rows) for cell in row if cell.startswith(("=", "@"))]
    told = dict(zip(heads, rows[0], strict=True))
    assert told["item_id"] == annotation.items(queue.id)[0].id
    assert told["'=1+1"] == "-1"  # a whole number is no formula
    assert [row[heads.index(heads[6])] for row in rows].count("sim") == 1  # the one that decides


@pytest.mark.slow
def test_argilla_gets_records_with_responses_of_each_reviewer(queue: Queue) -> None:
    first, _second, third = json.loads(whole(queue, "argilla"))
    settings = json.loads(whole(queue, "argilla-settings"))
    names = [one["name"] for one in settings["questions"]]
    assert names == ["verdict", "score_1_cor_tom", "score_2_cor_tom", "correction", "note"]
    assert [one["type"] for one in settings["questions"][1:3]] == ["rating", "label_selection"]
    assert (settings["guidelines"], settings["distribution"]["min_submitted"]) == ("Olhe bem.", 2)
    ana = access.person("Ana").id
    assert [one["value"] for one in first["responses"]["verdict"]] == ["corrected", "rejected"]
    assert first["responses"]["score_1_cor_tom"] == [
        {"value": 10, "user_id": ana, "status": "submitted"}
    ]
    assert first["responses"]["score_2_cor_tom"][0]["value"] == "-1"
    assert first["suggestions"]["verdict"]["value"] == "rejected"
    assert (third["responses"], third["suggestions"]) == ({}, {})
    assert set(first["fields"]) == {one["name"] for one in settings["fields"]}


def test_label_studio_gets_tasks_that_fit_their_configuration(queue: Queue) -> None:
    tasks = json.loads(whole(queue, "label-studio"))
    config = ElementTree.fromstring(whole(queue, "label-studio-config"))
    choices = {
        tag.attrib["name"]: {c.attrib.get("alias", c.attrib["value"]) for c in tag}
        for tag in config.iter("Choices")
    }
    texts = {tag.attrib["name"] for tag in config.iter("TextArea")}
    shown = {tag.attrib["value"].removeprefix("$") for tag in config.iter("Text")}
    assert [len(task["annotations"]) for task in tasks] == [3, 1, 0]
    assert [one["ground_truth"] for one in tasks[0]["annotations"]] == [False, False, True]
    assert tasks[0]["predictions"][0]["result"][0]["value"] == {"choices": ["rejected"]}
    assert tasks[0]["data"]["reviewers"][:2] == ["Ana", "Bia"]
    for task in tasks:
        assert shown <= task["data"].keys()
        for one in task["annotations"]:
            check(one["result"], choices, texts)


def check(result: list[dict[str, Any]], choices: dict[str, set[str]], texts: set[str]) -> None:
    """Every region belongs to a control of the configuration and has a value it offers."""
    for region in result:
        if region["type"] == "choices":
            assert set(region["value"]["choices"]) <= choices[region["from_name"]]
        else:
            assert region["from_name"] in texts


def test_removed_items_and_undone_judgements_stay_out(made: Made, ana: str) -> None:
    queue = made(2)
    first, second = annotation.items(queue.id)
    judge(queue, "Ana", ["approved"])
    annotation.undo(ana, queue.id)
    annotation.remove(second.id)
    (line,) = whole(queue, "jsonl").splitlines()
    told = json.loads(line)
    assert (told["item_id"], told["judgements"]) == (first.id, [])


def test_an_empty_queue_is_a_file_all_the_same(made: Made) -> None:
    queue = made(0)
    assert whole(queue, "jsonl") == ""
    assert json.loads(whole(queue, "argilla")) == json.loads(whole(queue, "label-studio")) == []
    assert len(whole(queue, "csv").splitlines()) == 1


def test_only_a_lead_exports_and_only_what_there_is(queue: Queue) -> None:
    with pytest.raises(InvalidInput, match="xlsx"):
        annotation.export(queue.id, "xlsx")
    with pytest.raises(NotFound):
        annotation.export("nenhuma", "csv")
    with (
        access.as_person(access.set_roles(access.person("Bia").id, ["reviewer"])),
        pytest.raises(NotAllowed),
    ):
        annotation.export(queue.id, "csv")
