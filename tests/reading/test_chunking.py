"""Cutting a text into pieces."""

from hypothesis import given
from hypothesis import strategies as st

from core.reading import Parsed
from core.reading.chunking import MOST, chunk
from core.reading.plain import capitals, marked

HANDBOOK = """# Manual

Texto de abertura.

## Planos

### Preços

Os preços valem até dezembro.

## Suporte

O suporte atende das 9h às 18h.
"""


def markdown(text: str) -> Parsed:
    return Parsed(text, headings=list(marked(text)))


def plain(text: str) -> Parsed:
    return Parsed(text, headings=list(capitals(text)))


def test_a_piece_carries_the_headings_above_it() -> None:
    headings = [piece.heading for piece in chunk(markdown(HANDBOOK))]
    assert headings == ["Manual", "Manual > Planos > Preços", "Manual > Suporte"]


def test_a_hash_in_code_is_no_heading() -> None:
    text = "# Guia\n\n```\n# comentário\n```\n\nfim"
    assert [piece.heading for piece in chunk(markdown(text))] == ["Guia"]


def test_capitals_are_the_headings_of_plain_text() -> None:
    text = "REGRAS DA LOJA\n\n1. ONDE FICA\nNa rua dos Sabiás.\n\n2. CONTATO\nPor telefone."
    headings = [piece.heading for piece in chunk(plain(text))]
    assert headings == ["REGRAS DA LOJA > 1. ONDE FICA", "REGRAS DA LOJA > 2. CONTATO"]


def test_every_piece_of_a_long_table_knows_the_tables_head() -> None:
    rows = "\n".join(f"| produto número {n} da lista | R$ {n},00 |" for n in range(200))
    pieces = chunk(markdown(f"# Lista\n\n| Produto | Preço |\n|---|---|\n{rows}\n"))
    assert len(pieces) > 2
    assert {piece.heading for piece in pieces[1:]} == {"Lista > Produto; Preço"}


def test_a_row_is_never_torn() -> None:
    rows = [f"- Produto: peça {n}. Nova; Preço: R$ {n},00" for n in range(300)]
    pieces = chunk(Parsed("\n".join(rows)))
    assert len(pieces) > 5
    assert [line for piece in pieces for line in piece.text.split("\n")] == rows


def test_a_piece_knows_the_page_it_begins_on() -> None:
    first, second = "Primeira página. " * 60, "Segunda página. " * 60
    text = f"{first}\n\n{second}"
    pieces = chunk(Parsed(text, [0, len(first) + 2], 2))
    assert [piece.page for piece in pieces] == [1, 2]


def test_a_document_without_pages_has_none() -> None:
    assert chunk(Parsed("texto"))[0].page is None


def test_a_heading_of_any_length_gives_a_context_that_can_be_carried() -> None:
    pieces = chunk(markdown(f"# {'título ' * 1000}\n\nTexto."))
    assert len(pieces[0].heading) <= 200


words = st.text("abc dE.#|-\n", min_size=0, max_size=6000)


@given(words)
def test_pieces_are_the_text_itself_in_order_and_not_too_long(text: str) -> None:
    end = 0
    for piece in chunk(markdown(text)):
        assert piece.text == text[piece.start : piece.end]
        assert piece.text.strip()
        assert len(piece.text) <= MOST
        assert piece.start >= end
        end = piece.end


@given(words)
def test_no_word_is_lost(text: str) -> None:
    pieces = chunk(markdown(text))
    kept = {word for piece in pieces for word in f"{piece.text} {piece.heading}".split()}
    lost = {word for word in text.split() if word.isalpha()} - kept
    assert lost == set()


def test_a_heading_with_nothing_below_it_is_a_piece() -> None:
    pieces = chunk(markdown("# Loja\n\n## Fechada no feriado\n\n## Aberta no sábado"))
    assert [piece.text for piece in pieces] == ["## Fechada no feriado", "## Aberta no sábado"]
