"""DOCX: headings, lists, tables, and what is and is not text."""

import pytest

from core.errors import InvalidInput
from tests.reading.conftest import Reads, docx, docx_body, part, repacked, with_notes


def test_headings_lists_and_tables_are_told_in_order(reads: Reads) -> None:
    data = docx(
        *("# Manual", "## Garantia", "Vale por um ano.", "- Queda", "- Fogo"),
        *("## Passos", "1. Ligue.", "1. Espere."),
        [["Peça", "Prazo"], ["Mó", "2 anos"]],
    )
    parsed, pieces = reads(data, "a.docx")
    assert parsed.text == (
        "# Manual\n\n## Garantia\n\nVale por um ano.\n\n- Queda\n- Fogo\n\n"
        "## Passos\n\n1. Ligue.\n2. Espere.\n\n- Peça: Mó; Prazo: 2 anos"
    )
    assert [piece.heading for piece in pieces] == ["Manual > Garantia", "Manual > Passos"]


def test_deleted_text_is_gone_and_inserted_text_is_there(reads: Reads) -> None:
    data = docx_body(
        b"<w:p><w:r><w:t xml:space='preserve'>Prazo: </w:t></w:r>"
        b"<w:del w:id='1'><w:r><w:delText>10</w:delText></w:r></w:del>"
        b"<w:ins w:id='2'><w:r><w:t>15</w:t></w:r></w:ins><w:r><w:t> dias</w:t></w:r></w:p>"
    )
    assert reads(data, "a.docx")[0].text == "Prazo: 15 dias"


def test_content_controls_and_text_boxes_are_text_once(reads: Reads) -> None:
    box = b"<w:txbxContent><w:p><w:r><w:t>na caixa</w:t></w:r></w:p></w:txbxContent>"
    mc = b"xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"
    data = docx_body(
        b"<w:sdt><w:sdtContent><w:p><w:r><w:t>no controle</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        b"<w:p><w:r><w:t>fora</w:t></w:r><w:r><mc:AlternateContent %s><mc:Choice>%s</mc:Choice>"
        b"<mc:Fallback>%s</mc:Fallback></mc:AlternateContent></w:r></w:p>" % (mc, box, box)
    )
    assert reads(data, "a.docx")[0].text == "no controle\n\nfora\n\nna caixa"


def test_a_short_line_all_in_bold_is_a_heading(reads: Reads) -> None:
    bold = b"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>%s</w:t></w:r></w:p>"
    data = docx_body(
        bold % b"Entrega" + b"<w:p><w:r><w:t>Em 3 dias.</w:t></w:r></w:p>" + bold % b"Leia tudo."
    )
    parsed, pieces = reads(data, "a.docx")
    assert [heading.title for heading in parsed.headings] == ["Entrega"]
    assert pieces[0].heading == "Entrega"


def test_cells_merged_over_rows_and_columns_keep_their_place(reads: Reads) -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

    def row(*cells: str) -> str:
        return f"<w:tr>{''.join(cells)}</w:tr>"

    table = row(cell("Linha"), cell("Item"), cell("Preço"), cell("Nota"))
    table += row(cell("Café", "<w:vMerge w:val='restart'/>"), cell("Bule"), cell("10"), cell("a"))
    table += row(cell("", "<w:vMerge/>"), cell("Jarra", "<w:gridSpan w:val='2'/>"), cell("b"))
    assert reads(docx_body(f"<w:tbl>{table}</w:tbl>".encode()), "a.docx")[0].text == (
        "- Linha: Café; Item: Bule; Preço: 10; Nota: a\n- Linha: Café; Item: Jarra; Nota: b"
    )


def test_the_styles_of_a_word_in_portuguese_are_known(reads: Reads) -> None:
    data = docx("## Prazos", "Texto.")
    styles = part(data, "word/styles.xml").replace(b'"Heading1"', b'"Ttulo1"')
    body = part(data, "word/document.xml").replace(b'"Heading1"', b'"Ttulo1"')
    renamed = repacked(data, {"word/styles.xml": styles, "word/document.xml": body})
    assert reads(renamed, "a.docx")[0].headings[0].title == "Prazos"


def test_a_document_without_words_says_so_and_speaks_of_no_scan(reads: Reads) -> None:
    with pytest.raises(InvalidInput) as refused:
        reads(docx(), "a.docx")
    assert refused.value.code == "no_text"
    assert "OCR" not in refused.value.hint


def test_notes_follow_the_block_that_refers_to_them_once(reads: Reads) -> None:
    data = with_notes(
        b"<w:p><w:r><w:t>Garantia</w:t></w:r><w:r><w:footnoteReference w:id='7'/></w:r>"
        b"<w:r><w:t> de um ano</w:t></w:r><w:r><w:endnoteReference w:id='7'/></w:r></w:p>"
        b"<w:p><w:r><w:t>Fim</w:t><w:footnoteReference w:id='7'/></w:r></w:p>"
    )
    assert reads(data, "a.docx")[0].text == (
        "Garantia (1) de um ano (2)\n\n(1) footnote de pé\n\n(2) endnote de pé\n\nFim"
    )


def test_a_note_is_no_part_of_a_heading(reads: Reads) -> None:
    style = b"<w:pPr><w:pStyle w:val='Heading1'/></w:pPr>"
    data = with_notes(
        b"<w:p>%s<w:r><w:t>Trocas</w:t><w:footnoteReference w:id='7'/></w:r></w:p>" % style
    )
    parsed, _pieces = reads(data, "a.docx")
    assert parsed.headings[0].title == "Trocas"
    assert parsed.text == "# Trocas\n\n(1) footnote de pé"


def test_hidden_text_is_not_text(reads: Reads) -> None:
    run = b"<w:r><w:rPr><w:vanish%s/></w:rPr><w:t>%s</w:t></w:r>"
    body = run % (b"", b"escondido") + run % (b" w:val='0'", b"visto")
    assert reads(docx_body(b"<w:p>%s</w:p>" % body), "a.docx")[0].text == "visto"


def test_a_table_within_a_table_keeps_its_rows(reads: Reads) -> None:
    def table(*rows: tuple[str, ...]) -> str:
        cells = ("".join(f"<w:tc>{cell}<w:p/></w:tc>" for cell in row) for row in rows)
        return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"

    def say(text: str) -> str:
        return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"

    inner = table((say("Item"), say("Preço")), (say("Bule"), say("10")))
    assert reads(docx_body(table((say("Ao lado"), inner)).encode()), "a.docx")[0].text == (
        "Ao lado\n\n- Item: Bule; Preço: 10"
    )
    assert reads(docx_body(table((say("Numa moldura"),)).encode()), "a.docx")[0].text == (
        "Numa moldura"
    )


def test_all_the_rows_that_are_marked_are_the_head(reads: Reads) -> None:
    def row(*cells: str, head: bool = False) -> str:
        made = "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in cells)
        return f"<w:tr><w:trPr>{'<w:tblHeader/>' * head}</w:trPr>{made}</w:tr>"

    rows = row("Item", "2026", head=True) + row("", "1 kg", head=True) + row("Bule", "10")
    assert reads(docx_body(f"<w:tbl>{rows}</w:tbl>".encode()), "a.docx")[0].text == (
        "- Item: Bule; 2026 – 1 kg: 10"
    )
