"""Cutting a text into pieces."""

from hypothesis import given
from hypothesis import strategies as st

from core.retrieval.chunking import MOST, chunk
from core.retrieval.parsing import Parsed

HANDBOOK = """# Manual

Texto de abertura.

## Planos

### Preços

Os preços valem até dezembro.

## Suporte

O suporte atende das 9h às 18h.
"""


def test_a_piece_carries_the_headings_above_it() -> None:
    headings = [piece.heading for piece in chunk(Parsed(HANDBOOK), "a.md")]
    assert headings == ["Manual", "Manual > Planos > Preços", "Manual > Suporte"]


def test_a_hash_in_code_is_no_heading() -> None:
    text = "# Guia\n\n```\n# comentário\n```\n\nfim"
    assert [piece.heading for piece in chunk(Parsed(text), "a.md")] == ["Guia"]


def test_capitals_are_the_headings_of_plain_text() -> None:
    text = "REGRAS DA LOJA\n\n1. ONDE FICA\nNa rua dos Sabiás.\n\n2. CONTATO\nPor telefone."
    headings = [piece.heading for piece in chunk(Parsed(text), "a.txt")]
    assert headings == ["REGRAS DA LOJA > 1. ONDE FICA", "REGRAS DA LOJA > 2. CONTATO"]


def test_every_piece_of_a_long_table_knows_the_tables_head() -> None:
    rows = "\n".join(f"| produto número {n} da lista | R$ {n},00 |" for n in range(200))
    pieces = chunk(Parsed(f"# Lista\n\n| Produto | Preço |\n|---|---|\n{rows}\n"), "a.md")
    assert len(pieces) > 2
    assert {piece.heading for piece in pieces[1:]} == {"Lista > Produto; Preço"}


def test_a_piece_knows_the_page_it_begins_on() -> None:
    first, second = "Primeira página. " * 60, "Segunda página. " * 60
    text = f"{first}\n\n{second}"
    pieces = chunk(Parsed(text, [0, len(first) + 2], 2), "a.pdf")
    assert [piece.page for piece in pieces] == [1, 2]


def test_a_document_without_pages_has_none() -> None:
    assert chunk(Parsed("texto"), "a.txt")[0].page is None


words = st.text("abc dE.#|-\n", min_size=0, max_size=6000)


@given(words)
def test_pieces_are_the_text_itself_in_order_and_not_too_long(text: str) -> None:
    end = 0
    for piece in chunk(Parsed(text), "a.md"):
        assert piece.text == text[piece.start : piece.end]
        assert piece.text.strip()
        assert len(piece.text) <= MOST
        assert piece.start >= end
        end = piece.end


@given(words)
def test_no_word_is_lost_but_headings_without_text(text: str) -> None:
    kept = {word for piece in chunk(Parsed(text), "a.txt") for word in piece.text.split()}
    lost = set(text.split()) - kept
    assert not any(letter.islower() for word in lost for letter in word)
