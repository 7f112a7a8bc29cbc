"""HTML: the main text, its headings and tables, and nothing of what surrounds it."""

import pytest

from tests.reading.conftest import Reads

PAGE = """<!DOCTYPE html><html><head><title>Ajuda | Loja</title><style>p{}</style></head><body>
<header>Loja <a href="/">Início</a></header><nav><ul><li><a>Produtos</a></li></ul></nav>
<main><h1>Trocas</h1><p>A troca  vale por
<b>30 dias</b>.</p><!-- nota --><script>alert(1)</script>
<h2>Como</h2><ol><li>Peça o código</li><li><p>Envie</p></li></ol></main>
<aside>Veja também</aside><footer>© Loja</footer></body></html>"""


def test_the_main_text_is_told_without_what_surrounds_it(reads: Reads) -> None:
    parsed, pieces = reads(PAGE.encode(), "a.html")
    assert parsed.text == (
        "# Trocas\n\nA troca vale por 30 dias.\n\n## Como\n\n1. Peça o código\n2. Envie"
    )
    assert pieces[-1].heading == "Trocas > Como"


def test_a_page_without_a_main_part_loses_its_menus(reads: Reads) -> None:
    menu = "<div>" + "".join(f"<a href='/{n}'>Seção {n}</a> " for n in range(9)) + "</div>"
    page = f"<title>Frete</title><body>{menu}<div><p>O frete é grátis, <a>veja</a>.</p></div>{menu}"
    assert reads(page.encode(), "a.htm")[0].text == "# Frete\n\nO frete é grátis, veja."


def test_the_rows_of_a_table_say_their_headings(reads: Reads) -> None:
    table = """<table><caption>Preços de hoje</caption>
    <thead><tr><th>Produto</th><th>Pix</th><th>Cartão</th></tr></thead>
    <tr><td rowspan=2>Bule</td><td>R$ 9</td><td>R$ 10</td></tr>
    <tr><td>R$ 8</td><td>R$ 11</td></tr></table>"""
    assert reads(table.encode(), "a.html")[0].text == (
        "Preços de hoje\n\n- Produto: Bule; Pix: R$ 9; Cartão: R$ 10\n"
        "- Produto: Bule; Pix: R$ 8; Cartão: R$ 11"
    )


def test_a_head_of_two_rows_and_a_band_name_every_row(reads: Reads) -> None:
    table = """<table><tr><th rowspan=2>Produto</th><th colspan=2>Preço</th></tr>
    <tr><th>Pix</th><th>Cartão</th></tr><tr><th colspan=3>Café</th></tr>
    <tr><td>Bule</td><td>R$ 9</td><td>R$ 10</td></tr></table>"""
    assert reads(table.encode(), "a.html")[0].text == (
        "- Café; Produto: Bule; Preço – Pix: R$ 9; Preço – Cartão: R$ 10"
    )


def test_a_table_whose_rows_are_named_reads_by_row(reads: Reads) -> None:
    table = "<table><tr><th>CEP<td>01310-100<tr><th>Telefone<td>5555-0100</table>"
    assert reads(table.encode(), "a.html")[0].text == "- CEP: 01310-100\n- Telefone: 5555-0100"


def test_a_table_that_only_arranges_the_page_is_no_table(reads: Reads) -> None:
    page = "<table><tr><td><h2>Frete</h2><p>Grátis.</p></td><td><p>Sempre.</p></td></tr></table>"
    assert reads(page.encode(), "a.html")[0].text == "## Frete\n\nGrátis.\n\nSempre."


def test_what_is_hidden_is_not_text(reads: Reads) -> None:
    page = "<p>Visto</p><p hidden>A</p><p style='display: none'>B</p><template>C</template>"
    assert reads(page.encode(), "a.html")[0].text == "Visto"


def test_what_is_laid_over_a_page_is_not_text(reads: Reads) -> None:
    page = """<div role=dialog>Assine</div><div id=cookie-banner>Usamos cookies. <a>Ok</a></div>
    <div class='breadcrumb'><a>Início</a> &gt; Ajuda</div><p>Visto</p>
    <div class=cookies><h2>Cookies</h2><p>Guardamos por 90 dias. <a>Mais</a></p></div>"""
    assert reads(page.encode(), "a.html")[0].text == (
        "Visto\n\n## Cookies\n\nGuardamos por 90 dias. Mais"
    )


def test_the_number_of_a_note_is_no_part_of_a_word(reads: Reads) -> None:
    page = "<p>Garantia<sup><a href='#n1'>[1]</a></sup> de 20 m<sup>2</sup></p>"
    assert reads(page.encode(), "a.html")[0].text == "Garantia (1) de 20 m2"


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_the_encoding_that_a_page_names_is_believed(reads: Reads, encoding: str) -> None:
    page = f"<meta charset='{encoding}'><p>Promoção de verão</p>"
    assert reads(page.encode(encoding), "a.html")[0].text == "Promoção de verão"


def test_a_page_that_names_a_wrong_encoding_is_read_all_the_same(reads: Reads) -> None:
    page = "<meta charset='klingon'><p>Promoção</p>"
    assert reads(page.encode(), "a.html")[0].text == "Promoção"
