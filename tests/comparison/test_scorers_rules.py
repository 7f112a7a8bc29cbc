"""Rules of form: kept or broken with the reason, refused by name when they are none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import comparison
from core.comparison import evaluations, question_files
from core.comparison.scorers import rules
from core.comparison.types import Cited, Example, Question, Reference
from core.db.tables import Assistant
from core.errors import InvalidInput

ANSWER = "O prazo de troca é de 30 dias."


def broken(text: str, wanted: dict[str, object], **told: object) -> list[str]:
    one = Example("Qual o prazo?", text, reference=Reference(rules=wanted), **told)  # type: ignore[arg-type]
    return [found.rule for found in rules.broken(one)]


@pytest.mark.parametrize(
    ("rule", "kept", "lost"),
    [
        ("max_words", 8, 7),
        ("min_words", 8, 9),
        ("contains", ["30 DIAS", "prazo"], ["30 dias", "frete"]),
        ("lacks", "frete", "TROCA"),
        ("matches", r"\d+ dias", r"^\d+"),
        ("language", "pt-BR", "en"),
        ("json", None, True),
        ("cites", None, True),
    ],
)
def test_a_rule_is_kept_or_broken(rule: str, kept: object, lost: object) -> None:
    if kept is not None:
        assert broken(ANSWER, {rule: kept}) == []
    assert broken(ANSWER, {rule: lost}) == [rule]


def test_a_text_that_tells_no_language_is_in_no_other() -> None:
    assert broken("42", {"language": "en"}) == []


def test_what_was_broken_is_said_with_its_figures() -> None:
    one = Example("q", ANSWER, reference=Reference(rules={"max_words": 3, "lacks": ["troca"]}))
    assert [found.why for found in rules.broken(one)] == ["8 words, 3 at most", "says: “troca”"]


def test_an_answer_keeps_its_rules_when_it_keeps_all() -> None:
    one = Example("q", ANSWER, reference=Reference(rules={"max_words": 8, "contains": ["frete"]}))
    assert rules.rules_kept(one) == 0.0
    assert rules.rules_kept(Example("q", ANSWER)) is None


def test_a_refusal_has_nothing_to_cite() -> None:
    assert broken("Não encontrei isso.", {"cites": 2}, outcome="not_found") == []
    assert broken(ANSWER, {"cites": 2}, citations=(Cited("a.md", ""),)) == ["cites"]
    assert broken(ANSWER, {"cites": True}, citations=(Cited("a.md", ""),)) == []


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ('{"a": 1}', True),
        ('```json\n{"a": 1}\n```', True),
        ('{"b": 1}', False),
        ("[1]", False),
        ("{a: 1}", False),
        ("[" * 100_000, False),
    ],
)
def test_json_is_read_with_or_without_its_fence(text: str, fits: bool) -> None:
    assert (broken(text, {"json": ["a"]}) == []) is fits


def test_personal_data_breaks_the_rule_and_the_support_phone_does_not() -> None:
    assert broken("O CPF dele é 529.982.247-25.", {"no_personal_data": True}) == [
        "no_personal_data"
    ]
    assert broken("Ligue para (11) 3333-4444.", {"no_personal_data": True}) == []
    assert broken("Ligue para (11) 3333-4444.", {"no_personal_data": ["phone"]}) == [
        "no_personal_data"
    ]


@pytest.mark.parametrize(
    "wanted",
    [
        {"longest": 3},
        {"max_words": 0},
        {"max_words": True},
        {"max_words": "80"},
        {"contains": []},
        {"contains": ["x" * 501]},
        {"contains": ["x"] * 51},
        {"lacks": [3]},
        {"lacks": "a\x00"},
        {"lacks": "\ud800"},
        {"matches": "(a"},
        {"matches": r"(?=a)b"},
        {"language": "fr"},
        {"no_personal_data": False},
        {"no_personal_data": ["names"]},
        {"cites": 0},
        {"json": {"a": 1}},
    ],
)
def test_what_is_no_rule_is_refused_by_its_name(wanted: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as refused:
        rules.checked(wanted)
    assert refused.value.field == "rules"
    assert refused.value.hint


@given(
    st.dictionaries(
        st.sampled_from([*rules.RULES, "x"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=5)
        | st.lists(st.text(max_size=5), max_size=3),
        max_size=4,
    )
)
def test_whatever_rules_are_taken_can_be_kept_or_broken(wanted: dict[str, object]) -> None:
    try:
        rules.checked(wanted)
    except InvalidInput:
        return
    assert len(broken(ANSWER, wanted)) <= len(wanted)


def test_a_pattern_that_would_hang_elsewhere_is_looked_for_in_no_time() -> None:
    assert broken("a" * 50_000, {"matches": "(a+)+$"}) == []
    assert broken("a" * 50_000 + "!", {"matches": "^(a+)+$"}) == ["matches"]


def test_the_rules_of_a_run_and_of_a_question_both_hold() -> None:
    both = rules.merged(
        {"max_words": 80, "lacks": ["frete"]}, {"max_words": 20, "lacks": "frete grátis"}
    )
    assert both == {"max_words": 20, "lacks": ["frete", "frete grátis"]}


def test_rules_of_a_run_are_written_to_every_question() -> None:
    asked = [Question("a"), Question("b", Reference(rules={"max_words": 5}))]
    told = rules.for_all({"max_words": 80, "cites": True}, asked)
    assert [one.reference.rules["max_words"] for one in told] == [80, 5]
    assert all(one.reference.rules["cites"] for one in told)
    with pytest.raises(InvalidInput, match="longest"):
        rules.for_all({"longest": 3}, asked)


def test_a_rule_in_a_file_that_nobody_knows_is_told_with_its_line() -> None:
    lines = [
        {"question": "a", "rules": {"cites": True}},
        {"question": "b", "rules": {"longest": 3}},
    ]
    told = "\n".join(map(json.dumps, lines)).encode()
    with pytest.raises(InvalidInput, match=r"2.*longest"):
        list(question_files.rows("perguntas.jsonl", told))


def test_nobody_is_asked_where_a_rule_cannot_be_kept(assistant: Assistant) -> None:
    with pytest.raises(InvalidInput, match="longest"):
        comparison.ask_both(
            Question("Qual o prazo?", Reference(rules={"longest": 3})), assistant=assistant.id
        )
    assert comparison.lines(assistant.id) == []


def test_a_run_holds_every_answer_to_its_rules(assistant: Assistant) -> None:
    asked = [Question("Qual o prazo?"), Question("Quando abre?", Reference(rules={"max_words": 9}))]
    run = evaluations.start(asked, assistant=assistant.id, rules={"max_words": 80, "cites": True})
    assert run.settings["rules"] == {"max_words": 80, "cites": True}
    rows = [one.row for one in comparison.lines(run_id=run.id)]
    assert [row.reference["rules"] for row in rows] == [
        {"max_words": 80, "cites": True},
        {"max_words": 9, "cites": True},
    ]
