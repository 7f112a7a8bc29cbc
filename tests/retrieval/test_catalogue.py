"""The documents as a table."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core import clock, db, retrieval
from core.db.tables import Document, DocumentVersion, Message
from core.errors import InvalidInput
from core.retrieval import catalogue
from tests.retrieval.conftest import pdf
from tests.retrieval.test_usage import answered, rated


@pytest.fixture
def three(assistant: str) -> list[str]:
    """Three documents that could be found 30 days ago."""
    ids = [
        retrieval.add(assistant, name, text.encode(), now=True).id
        for name, text in (
            ("Preços/À vista.md", "O preço é R$ 90."),
            ("cpf.md", "CPF 900.000.101-38"),
            ("100%_certo.md", "Tudo certo."),
        )
    ]
    then = clock.now() - timedelta(days=30)
    with db.writing() as session:
        session.execute(update(DocumentVersion).values(ready_at=then))
    return ids


def told(assistant_id: str, *document_ids: str) -> str:
    """Yesterday's answer that had a passage of each document."""
    id_ = answered(assistant_id, *document_ids, days_ago=1)
    with db.writing() as session:
        session.get_one(Message, id_).outcome = "answered"
    return id_


def names(assistant: str, **wanted: object) -> list[str]:
    rows = retrieval.listed(assistant, **wanted).rows  # type: ignore[arg-type]
    return [row.document.name for row in rows]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("preco", ["Preços/À vista.md"]),
        ("VISTA PREÇOS", ["Preços/À vista.md"]),
        ("a\u0300 vista", ["Preços/À vista.md"]),
        ("%", ["100%_certo.md"]),
        ("0%_", ["100%_certo.md"]),
        ("_", ["100%_certo.md"]),
        ("\\", []),
        ("' OR 1=1 --", []),
        ("nothing", []),
    ],
)
def test_a_name_is_found_however_it_is_typed_and_nothing_else_is(
    assistant: str, three: list[str], search: str, found: list[str]
) -> None:
    assert names(assistant, search=search) == found
    assert retrieval.listed(assistant, search=search).counts["all"] == len(found)


def test_a_removed_document_and_those_of_others_are_not_listed(
    assistant: str, other_assistant: str, three: list[str]
) -> None:
    retrieval.add(other_assistant, "x.md", b"texto", now=True)
    retrieval.remove(three[0])
    assert names(assistant, sort="name") == ["cpf.md", "100%_certo.md"]
    assert retrieval.listed().total == 3


@pytest.mark.slow
def test_never_used_needs_answers_since_and_none_with_it(assistant: str, three: list[str]) -> None:
    for _n in range(catalogue.ENOUGH - 1):
        told(assistant, three[0])
    assert names(assistant, only="never_used") == []  # too few answers to tell
    told(assistant, three[0])
    assert names(assistant, only="never_used") == ["100%_certo.md", "cpf.md"]
    late = retrieval.add(assistant, "late.md", b"texto", now=True)
    found = {row.document.id: row for row in retrieval.listed(assistant).rows}
    assert found[late.id].never_used_since is None  # came after them
    assert found[three[0]].never_used_since is None
    since = found[three[1]].never_used_since
    assert since
    assert clock.now() - since > timedelta(days=29)


def test_answers_that_failed_or_of_another_assistant_do_not_make_a_document_idle(
    assistant: str, other_assistant: str, three: list[str]
) -> None:
    ids = [told(assistant, three[0]) for _n in range(catalogue.ENOUGH)]
    with db.writing() as session:
        session.get_one(Message, ids[0]).outcome = "error"
    told(other_assistant)
    assert names(assistant, only="never_used") == []


@pytest.mark.slow
def test_every_condition_finds_its_own_and_is_counted(assistant: str, three: list[str]) -> None:
    day = timedelta(days=1)
    retrieval.set_validity([three[0]], valid_to=retrieval.today() - day)
    retrieval.set_validity([three[2]], valid_from=retrieval.today() + day)
    rated(answered(assistant, three[0], cited=1), "outdated")
    retrieval.add(assistant, "a.pdf", pdf(["O suporte atende das 9h."]), now=True)
    retrieval.add(assistant, "a.pdf", b"%PDF-1.7\nnothing of use", now=True)
    retrieval.add(assistant, "waits.md", b"texto")
    expected = {
        "expired": ["Preços/À vista.md"],
        "upcoming": ["100%_certo.md"],
        "wrong": ["Preços/À vista.md"],
        "personal": ["cpf.md"],
        "waiting": ["waits.md"],
        "failed": ["a.pdf"],
        "old_version": ["a.pdf"],
        "never_used": [],
    }
    assert {only: names(assistant, only=only) for only in expected} == expected
    counts = retrieval.listed(assistant, limit=1).counts
    assert {only: counts[only] for only in expected} == {k: len(v) for k, v in expected.items()}
    assert (counts["all"], counts["ready"], counts["queued"], counts["reading"]) == (5, 3, 1, 0)
    assert names(assistant, state="ready", only="personal") == ["cpf.md"]


def test_the_last_day_of_validity_is_not_past(assistant: str, three: list[str]) -> None:
    retrieval.set_validity([three[0]], retrieval.today(), retrieval.today())
    assert names(assistant, only="expired") == names(assistant, only="upcoming") == []


@pytest.mark.slow
@pytest.mark.parametrize("sort", catalogue.SORTS)
@pytest.mark.parametrize("descending", [True, False])
def test_every_order_is_total_and_goes_on_behind_any_document(
    assistant: str, three: list[str], sort: str, descending: bool
) -> None:
    rated(answered(assistant, three[1], three[0], cited=1), "wrong_fact")
    answered(assistant, three[1])
    whole = names(assistant, sort=sort, descending=descending)
    assert whole == names(assistant, sort=sort, descending=not descending)[::-1]
    if sort in ("used", "cited", "wrong") and descending:
        assert whole[0] == "cpf.md"
    ids = [row.document.id for row in retrieval.listed(assistant, sort=sort).rows]  # type: ignore[arg-type]
    for at, id_ in enumerate(ids):
        rows = retrieval.listed(assistant, sort=sort, after=id_).rows  # type: ignore[arg-type]
        assert [row.document.id for row in rows] == ids[at + 1 :]


def test_pages_by_number_hold_each_document_once(assistant: str, three: list[str]) -> None:
    pages = [retrieval.listed(assistant, limit=2, offset=at) for at in (0, 2)]
    assert [len(page.rows) for page in pages] == [2, 1]
    assert {row.document.id for page in pages for row in page.rows} == {*three}
    assert {page.total for page in pages} == {3}


@pytest.mark.parametrize("wrong", [{"state": "lost"}, {"only": "lost"}, {"sort": "lost"}])
def test_an_unknown_filter_names_those_there_are(assistant: str, wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match="lost") as caught:
        retrieval.listed(assistant, **wrong)  # type: ignore[arg-type]
    assert caught.value.field in wrong


def test_a_document_renamed_by_nobody_keeps_its_folded_name(
    assistant: str, three: list[str]
) -> None:
    with db.session() as session:
        assert session.get_one(Document, three[0]).folded == "precos/a vista.md"
