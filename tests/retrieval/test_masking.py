"""Personal data is counted, and hidden from search as chosen for each document."""

import pytest
from sqlalchemy import select

from core import db, privacy, retrieval
from core.db.tables import Chunk, Document
from core.errors import InvalidInput
from core.retrieval.masking import masked
from tests.retrieval.conftest import pdf

CPF, CARD, PHONE = "900.000.101-38", "4111 1111 1111 1111", "(11) 90000-1234"
TEXT = f"# Ana\n\nCPF {CPF}, cartão {CARD}.\n\nO suporte atende no telefone {PHONE}.\n"


def searched(assistant_id: str) -> str:
    """All that search can find."""
    with db.session() as session:
        chunks = select(Chunk).where(Chunk.assistant_id == assistant_id)
        return "\n".join(f"{one.heading} {one.text}" for one in session.scalars(chunks))


def test_cpf_and_cards_are_hidden_unless_said_otherwise(assistant: str) -> None:
    document = retrieval.add(assistant, "ana.md", TEXT.encode(), now=True)
    assert document.masks == ["cpf", "card"]
    for text in (searched(assistant), retrieval.text(document.id)):
        assert CPF not in text
        assert CARD not in text
        assert PHONE in text  # askers want the support's telephone
    assert retrieval.content(document.id) == TEXT.encode()  # the file stays as it was given


def test_what_is_found_is_counted_hidden_or_not(assistant: str) -> None:
    document = retrieval.add(assistant, "ana.md", TEXT.encode(), now=True)
    assert document.personal == {"cpf": 1, "card": 1, "phone": 1}


@pytest.mark.parametrize("kinds", [[], ["cpf"], ["phone", "email"], list(privacy.KINDS)])
def test_a_mask_moves_no_other_character(kinds: list[str]) -> None:
    text, _counts = masked(TEXT, kinds)
    assert len(text) == len(TEXT)
    for was, at in ((CPF, "cpf"), (CARD, "card"), (PHONE, "phone")):
        place = TEXT.index(was)
        assert (text[place : place + len(was)] == was) == (at not in kinds)
    assert text.startswith("# Ana\n\nCPF ")
    assert text.endswith(".\n")


def test_a_mask_names_its_kind_where_there_is_room() -> None:
    assert masked(f"CPF {CPF}", ["cpf"])[0] == "CPF [CPF•••••••••]"
    assert masked("a@b.co", ["email"])[0] == "••••••"


@pytest.mark.slow
def test_long_texts_are_hidden_to_their_end() -> None:
    line = f"O CPF do titular = {CPF}.\n"
    for long in (line * 5_000, line.strip() * 5_000, f"{'a' * 120_000} CPF {CPF}"):
        text, counts = masked(long, ["cpf"])
        assert CPF not in text
        assert (len(text), counts["cpf"]) == (len(long), long.count(CPF))


def test_hiding_again_changes_nothing() -> None:
    once = masked(TEXT, privacy.KINDS)[0]
    assert masked(once, privacy.KINDS) == (once, {})


def test_pages_and_pieces_stay_where_they_are(assistant: str) -> None:
    data = pdf([f"O CPF do titular = {CPF}.", "A garantia vale por um ano."])
    document = retrieval.add(assistant, "a.pdf", data, now=True)
    (found,) = retrieval.search("garantia", assistant_id=assistant, k=1).passages
    text = retrieval.text(document.id)
    assert text[found.start : found.end] == found.text
    assert retrieval.page_of(document, text.index("garantia")) == 2
    assert CPF not in text


def test_headings_are_hidden_as_well(assistant: str) -> None:
    retrieval.add(assistant, "a.md", f"# Contrato {CPF}\n\nVale por um ano.\n".encode(), now=True)
    assert CPF not in searched(assistant)
    assert "Contrato [CPF" in searched(assistant)


def test_another_choice_has_the_document_read_again_while_it_serves_on(assistant: str) -> None:
    document = retrieval.add(assistant, "ana.md", TEXT.encode(), now=True)
    (row,) = retrieval.set_masks([document.id], ["phone"])
    assert (row.state, row.version) == ("queued", 1)
    assert PHONE in searched(assistant)
    retrieval.process_waiting()
    again = retrieval.document(document.id)
    assert (again.state, again.version, again.newest) == ("ready", 1, 1)
    assert PHONE not in searched(assistant)
    assert CPF in searched(assistant)
    (found,) = retrieval.search("suporte telefone", assistant_id=assistant).passages
    assert PHONE not in found.text


def test_the_same_choice_again_reads_nothing(assistant: str) -> None:
    document = retrieval.add(assistant, "ana.md", TEXT.encode(), now=True)
    (row,) = retrieval.set_masks([document.id], ["card", "cpf"])
    assert row.state == "ready"


def test_a_stricter_choice_hides_in_the_versions_before_as_well(assistant: str) -> None:
    document = retrieval.add(assistant, "ana.md", TEXT.encode(), now=True)
    retrieval.add(assistant, "ana.md", f"{TEXT}\nMais.".encode(), now=True)
    retrieval.set_masks([document.id], ["cpf", "card", "phone"])
    retrieval.process_waiting()
    for version in (1, 2):
        assert PHONE not in retrieval.text(document.id, version)
    assert [line.text for line in retrieval.diff(document.id).lines if line.mark == "+"] == [
        "",
        "Mais.",
    ]


def test_a_choice_reaches_what_serves_though_its_successor_cannot_be_read(assistant: str) -> None:
    document = retrieval.add(assistant, "a.pdf", pdf([f"Telefone {PHONE}."]), now=True)
    retrieval.add(assistant, "a.pdf", b"%PDF-1.7\nbroken", now=True)
    retrieval.set_masks([document.id], ["phone"])
    retrieval.process_waiting()
    row = retrieval.document(document.id)
    assert (row.state, row.version, row.newest) == ("failed", 1, 2)
    assert PHONE not in searched(assistant)


def test_a_choice_made_while_the_document_is_read_is_kept(assistant: str) -> None:
    from core.retrieval import waiting

    document = retrieval.add(assistant, "ana.md", TEXT.encode())
    slow = waiting._claimed(document.id)
    assert slow
    retrieval.set_masks([document.id], ["phone"])
    waiting._finish(slow, waiting._end(slow))
    assert searched(assistant) == ""
    retrieval.process_waiting()
    assert PHONE not in searched(assistant)


def test_an_unknown_kind_is_refused_and_changes_nothing(assistant: str) -> None:
    document = retrieval.add(assistant, "ana.md", TEXT.encode(), now=True)
    with pytest.raises(InvalidInput) as refused:
        retrieval.set_masks([document.id], ["names"])
    assert "cpf" in refused.value.hint
    assert retrieval.document(document.id).state == "ready"


def test_what_is_hidden_by_default_is_what_privacy_proposes() -> None:
    column = Document.__table__.c.masks.default
    assert column.arg(None) == list(privacy.MASKED_BY_DEFAULT)
