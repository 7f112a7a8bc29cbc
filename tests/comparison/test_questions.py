"""Questions out of files, samples and traffic: read whole, or refused with the line and the way out."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import assistants, chat, clock, comparison
from core.comparison import Question, Reference, question_files
from core.db.tables import Assistant
from core.errors import InvalidInput


def lines(*rows: object) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def test_a_json_line_says_what_is_known_of_the_answer() -> None:
    (found,) = comparison.read_file(
        "perguntas.jsonl",
        lines(
            {
                "id": "q1",
                "question": " Qual é o prazo? ",
                "answer": "30 dias.",
                "answers": ["Trinta dias.", "30 dias."],
                "document": "trocas.md",
                "quotes": ["O prazo é de 30 dias."],
                "must_pass": True,
                "topic": "trocas",
                "language": "pt-BR",
                "rules": {"max_words": 20},
                "of no interest": [1],
            }
        ),
    )
    assert found == Question(
        "Qual é o prazo?",
        Reference(
            id="q1",
            answers=("Trinta dias.", "30 dias."),
            documents=("trocas.md",),
            quotes=("O prazo é de 30 dias.",),
            answerable=True,
            must_pass=True,
            rules={"max_words": 20},
        ),
        "pt-BR",
        "trocas",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("between", [";", ",", "\t"])
def test_a_brazilian_spreadsheet_is_read_whatever_it_was_saved_as(
    encoding: str, between: str
) -> None:
    rows = [
        ["Pergunta", "Resposta", "Obrigatória", "Tem resposta", "nota"],
        ["Você abre aos sábados?", "Sim, das 9h||Às 9h", "sim", "", "x"],
        ["Quem descobriu o café?", "", "não", "não", ""],
    ]
    text = "\r\n".join(between.join(f'"{cell}"' for cell in row) for row in rows)
    first, second = comparison.read_file("perguntas.CSV", text.encode(encoding))
    assert first.text == "Você abre aos sábados?"
    assert first.reference.answers == ("Sim, das 9h", "Às 9h")
    assert (first.reference.must_pass, first.reference.answerable) == (True, True)
    assert (second.reference.must_pass, second.reference.answerable) == (False, False)


def test_a_paraphrase_has_the_answer_of_the_question_it_is_of() -> None:
    found = comparison.read_file(
        "a.jsonl",
        lines({"id": "q1", "question": "A?", "answer": "B."}, {"of": "q1", "question": "A mesmo?"}),
    )
    assert [one.reference.answers for one in found] == [("B.",), ("B.",)]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.jsonl", lines({"question": "A?"}) + b"\n{nothing", "Line 2"),
        ("a.jsonl", lines({"question": "A?"}, ["B?"]), "Line 2"),
        ("a.jsonl", lines({"question": "A?"}, {"answer": "B."}), "Line 2"),
        ("a.jsonl", lines({"question": 7}), "Line 1"),
        ("a.jsonl", lines({"question": " \x00 "}), "Line 1"),
        ("a.jsonl", lines({"question": "a" * 4001}), "4001"),
        ("a.jsonl", lines({"question": "A?", "rules": "no"}), "rules"),
        ("a.jsonl", b'{"question": "A?", "rules": {"most": NaN}}', "Line 1"),
        ("a.jsonl", lines({"question": "A?", "answerable": "perhaps"}), "answerable"),
        ("a.jsonl", lines({"question": "A?", "documents": [{}]}), "documents"),
        ("a.jsonl", lines({"question": "A?", "topic": "t" * 121}), "topic"),
        ("a.jsonl", b'{"question": "A?", "id": ' + b"9" * 5000 + b"}", "Line 1"),
        ("a.jsonl", b"[" * 100_000, "Line 1"),
        ("a.csv", b"texto;resposta\nA?;B.", "question"),
        ("a.csv", b"question,answer\nA?," + b"b" * 200_000, "Line 2"),
        ("a.csv", b"question;answer\n;B.", "Line 2"),
        ("a.pdf", b"%PDF", "a.pdf"),
        ("a.jsonl", b"  \n\n", "no question"),
        ("a.csv", b"question\n", "no question"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place_and_the_way_out(
    english: None, name: str, data: bytes, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said) as refused:
        comparison.read_file(name, data)
    assert refused.value.hint


def test_headings_that_mean_nothing_here_are_told_as_the_file_writes_them(english: None) -> None:
    data = b"Pergunta;Respsota;nota\nA?;B.;x\n"
    (found,), unused = comparison.read_and_unused("a.csv", data)
    assert (found.reference.answers, unused) == ((), ("Respsota", "nota"))
    assert "“Respsota”, “nota”" in question_files.unused(unused)
    assert question_files.unused(()) == ""
    many = lines({"question": "A?", **{f"x{n}": 1 for n in range(40)}})
    assert question_files.unused(comparison.read_and_unused("a.jsonl", many)[1]).endswith("“x9” ….")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"pergunta": 7}, "“pergunta” is no text"),
        ({"pergunta": " "}, "“pergunta” is missing or empty"),
        ({"pergunta": "A?", "Tem resposta": "talvez"}, "“Tem resposta” is neither"),
        ({"pergunta": "A?", "trechos": [{}]}, "“trechos” is neither"),
    ],
)
def test_a_field_is_called_as_the_file_calls_it(
    english: None, row: dict[str, object], said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        comparison.read_file("a.jsonl", lines(row))


def test_ten_mistakes_are_told_at_once_and_how_many_more_there_are(english: None) -> None:
    with pytest.raises(InvalidInput) as refused:
        comparison.read_file("a.jsonl", lines(*({"question": n} for n in range(13))))
    told = refused.value.message
    assert all(f"Line {n}:" in told for n in range(1, 11))
    assert "Line 11" not in told
    assert "3 more lines are wrong." in told


def test_a_file_of_too_many_or_too_large_is_refused(
    english: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.comparison.questions.MOST", 2)
    with pytest.raises(InvalidInput, match="3 questions"):
        comparison.read_file("a.jsonl", lines(*({"question": f"{n}?"} for n in range(3))))
    monkeypatch.setattr(question_files, "LARGEST", 10)
    with pytest.raises(InvalidInput, match="MB"):
        comparison.read_file("a.jsonl", b" " * 11)


@pytest.mark.slow
@given(st.binary(max_size=400), st.sampled_from(["a.jsonl", "a.csv"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    try:
        found = comparison.read_file(name, data)
    except InvalidInput:
        return
    assert all(one.text for one in found)
    json.dumps([one.reference.told() for one in found], allow_nan=False).encode()


def test_what_is_asked_twice_is_told() -> None:
    asked = [Question("Qual  é o prazo?"), Question("qual é o PRAZO?"), Question("Qual e o prazo?")]
    assert comparison.doubles(asked) == [asked[1]]


def test_equal_questions_have_an_equal_digest_and_others_another() -> None:
    one, other = (
        Question("A?", Reference(answers=("B",))),
        Question("A?", Reference(answers=("C",))),
    )
    assert comparison.digest([one]) == comparison.digest(
        [Question("A?", Reference(answers=("B",)))]
    )
    assert comparison.digest([one]) != comparison.digest([other])
    assert comparison.digest([one, other]) != comparison.digest([other, one])


@pytest.mark.parametrize("slug", ["bookstore", "livraria", "loja", "midia", "suporte"])
def test_each_sample_has_questions_and_paraphrases_of_them(slug: str) -> None:
    sample = Assistant(name=slug, sample=slug, language="pt-BR")
    originals, others = (comparison.of_sample(sample, what) for what in list(comparison.WHAT)[:2])
    assert len(others) >= 55
    assert all(one.reference.quotes and one.reference.documents for one in others)
    unanswerable = [one for one in originals if one.reference.answerable is False]
    assert len(unanswerable) >= 10
    assert len(comparison.of_sample(sample)) == len(originals) + len(others)
    assert comparison.doubles([*originals, *others]) == []
    ids = [one.reference.id for one in [*originals, *others]]
    assert len(set(ids)) == len(ids)


def test_an_assistant_that_is_no_sample_has_none(english: None) -> None:
    assert comparison.of_sample(Assistant(name="Loja", sample="")) == []
    with pytest.raises(InvalidInput, match="nothing"):
        comparison.of_sample(Assistant(name="Loja", sample="loja"), "nothing")


def test_traffic_gives_what_people_began_with_once_and_masked(home: Path) -> None:
    made = assistants.create("Loja")
    asked = ["Meu CPF é 111.444.777-35, quando chega?", "Qual é o prazo?", "qual é o  prazo?"]
    for number, text in enumerate(asked):
        at = clock.now() - timedelta(days=10 - number)
        talk = chat.create(made.id, created_at=at)
        chat.record(talk.id, [chat.Said("user", text, at), chat.Said("assistant", "Sim.", at)])
        chat.record(talk.id, [chat.Said("user", f"E depois {number}?", at)])
    found = [one.text for one in comparison.of_traffic(made.id)]
    assert found == ["qual é o  prazo?", "Meu CPF é [CPF], quando chega?"]
    assert len(comparison.of_traffic(made.id, 1)) == 1
    since = clock.now() - timedelta(days=9, hours=12)
    assert [one.text for one in comparison.of_traffic(made.id, since=since)] == found[:1]
    drawn = comparison.of_traffic(made.id, 2, seed=7)
    assert drawn == comparison.of_traffic(made.id, 2, seed=7)


@pytest.mark.slow
def test_what_was_asked_to_compare_is_no_traffic(assistant: Assistant) -> None:
    comparison.start([Question("Qual é o prazo?")], assistant=assistant.id)
    assert comparison.of_traffic(assistant.id) == []
