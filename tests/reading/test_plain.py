"""Markdown and plain text: encodings, line ends, headings."""

import pytest

from core.errors import InvalidInput
from tests.reading.conftest import Reads

SENTENCE = "Preço: 10 reais à vista — só hoje"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_text_is_read_in_the_encodings_people_use(reads: Reads, encoding: str) -> None:
    assert reads(SENTENCE.encode(encoding), "a.txt")[0].text == SENTENCE


def test_a_blemish_does_not_make_another_encoding_of_a_text(reads: Reads) -> None:
    text = f"{'ação e reação ' * 10}".encode() + b"\xff fim"
    assert reads(text, "a.txt")[0].text.endswith("ação e reação \ufffd fim")


def test_line_ends_of_every_system_become_one(reads: Reads) -> None:
    assert reads(b"um\r\ndois\rtres\n", "a.md")[0].text == "um\ndois\ntres\n"


def test_what_nobody_sees_is_taken_out(reads: Reads) -> None:
    hidden = "pre\u200bço\u00a0de \u202eavesso\u202c, pre\u00adço, e\u0301"
    assert reads(hidden.encode(), "a.md")[0].text == "preço de avesso, preço, é"


def test_markdown_headings_lead_to_their_text(reads: Reads) -> None:
    parsed, pieces = reads("# Guia #\n\nA.\n\n## **Preços** ##\n\nB.".encode(), "a.md")
    assert [heading.title for heading in parsed.headings] == ["Guia", "Preços"]
    assert pieces[1].heading == "Guia > Preços"


def test_underlined_lines_are_headings_too(reads: Reads) -> None:
    text = "Guia\n====\n\nA.\n\nPreços\n------\n\nB\n\n| a | b |\n|---|---|\n\n- item\n---\n"
    assert [(one.level, one.title) for one in reads(text.encode(), "a.md")[0].headings] == [
        (1, "Guia"),
        (2, "Preços"),
    ]


def test_the_title_of_a_front_matter_is_a_heading_where_there_is_none_above(reads: Reads) -> None:
    front = '---\ntitle: "Entregas"\n# nada\n---\n\n'
    _parsed, pieces = reads(f"{front}## Prazos\n\n3 dias.".encode(), "a.md")
    assert pieces[-1].heading == "Entregas > Prazos"
    assert reads(f"{front}# Guia\n\n3 dias.".encode(), "a.md")[0].headings[0].title == "Guia"


def test_a_name_without_an_ending_is_taken_by_its_media_type(reads: Reads) -> None:
    assert reads(b"texto", "LEIAME", "text/plain; charset=utf-8")[0].text == "texto"


@pytest.mark.parametrize("data", [b"...\n---", b"| |\n|---|"])
def test_signs_alone_are_no_text(reads: Reads, data: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        reads(data, "a.md")
    assert refused.value.code == "no_text"
