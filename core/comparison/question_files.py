"""A file of questions, read into rows whose fields are what they should be.

In: a name and bytes, from whoever. Out: dicts with the fields of ``FIELDS``. Always holds: JSON Lines
and CSV, also as Brazilian spreadsheets write it (semicolons, byte order mark, Windows-1252); what is
wrong is refused with the numbers of its lines, in the file's own names; nothing of a file is run or looked up.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from core.chat.asking import MAX_QUESTION
from core.comparison.scorers import rules as form
from core.errors import InvalidInput
from core.i18n import _, ngettext
from core.text import fold

LARGEST = 10 * 1024 * 1024  # bytes
BETWEEN = "||"  # several texts in one cell; a single bar stands in tables that are quoted
LONGEST = 20_000  # characters of an answer or a quote
SHORT = 120  # of an id, a topic
LISTS = ("answers", "answer", "documents", "document", "quotes", "quote")
TEXTS = ("id", "of", "kind", "topic", "language")
FLAGS = ("answerable", "must_pass")
FIELDS = ("question", *TEXTS, *LISTS, *FLAGS, "rules")
ALSO = {  # headings that people write
    "pergunta": "question",
    "resposta": "answer",
    "respostas": "answers",
    "documento": "document",
    "documentos": "documents",
    "citacao": "quote",
    "citacoes": "quotes",
    "trecho": "quote",
    "trechos": "quotes",
    "tem resposta": "answerable",
    "respondivel": "answerable",
    "tipo": "kind",
    "obrigatoria": "must_pass",
    "must pass": "must_pass",
    "assunto": "topic",
    "topico": "topic",
    "tema": "topic",
    "idioma": "language",
    "lingua": "language",
    "lang": "language",
    "regras": "rules",
}
MOST_TOLD = 10  # mistakes of a file, or fields that were not used
YES = {"1", "true", "yes", "y", "sim", "s", "verdadeiro", "x"}
NO = {"0", "false", "no", "n", "nao", "falso"}


class Rows(NamedTuple):
    """The rows of a file, and the headings of it that mean nothing here, as the file writes them."""

    found: list[dict[str, Any]]
    unused: tuple[str, ...] = ()


class _Wrong(Exception):
    """What is wrong with a line, in words."""


def rows(name: str, data: bytes) -> Rows:
    """The rows of a file; InvalidInput for what cannot be read, with the lines and the way out."""
    if len(data) > LARGEST:
        raise _refused(
            _("The file has {n} MB; at most {most} fit.").format(
                n=round(len(data) / 2**20, 1), most=LARGEST // 2**20
            ),
            _("Split it, or leave long texts out."),
        )
    text = _text(data)
    read = _csv if name.lower().endswith((".csv", ".tsv", ".txt")) else _json_lines
    if not name.lower().endswith((".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json")):
        raise _refused(
            _("“{name}” is neither a JSON Lines nor a CSV file.").format(name=name[-80:]),
            _("Save it as .jsonl (one JSON object a line) or as .csv with a heading line."),
        )
    found, unused, wrong = [], dict[str, None](), list[str]()
    for line, row in read(text):
        try:
            if isinstance(row, _Wrong):
                raise row
            found.append(_checked(_known(row, unused)))
        except _Wrong as error:
            wrong.append(_("Line {line}: {what}.").format(line=line, what=error))
    if wrong:
        raise _refused(
            _all(wrong), _("Mend this and choose the file again; nothing of it was taken.")
        )
    if not found:
        raise _refused(
            _("The file holds no question."), _("Each line is one, in the field “question”.")
        )
    return Rows(found, tuple(unused))


def unused(names: Sequence[str]) -> str:
    """What to say of headings that mean nothing here; "" of none."""
    if not names:
        return ""
    more = len(names) - MOST_TOLD
    told = ", ".join(f"“{name[:60]}”" for name in names[:MOST_TOLD]) + (" …" if more > 0 else "")
    return _("Not used, for no field is called so: {names}.").format(names=told)


def listed(value: Any) -> list[str]:
    """A text, or several, as several."""
    if isinstance(value, str):
        return value.split(BETWEEN)
    return [str(one) for one in value or ()]


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # what Excel writes in Brazil


def _json_lines(text: str) -> Iterator[tuple[int, dict[str, Any] | _Wrong]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = _loaded(line)
        except (ValueError, RecursionError) as error:
            why = getattr(error, "msg", "") or type(error).__name__
            yield number, _Wrong(_("it is no JSON object ({why})").format(why=why))
            continue
        yield number, row if isinstance(row, dict) else _Wrong(_("it is no JSON object"))


def _csv(text: str) -> Iterator[tuple[int, dict[str, Any] | _Wrong]]:
    heading = text.lstrip().split("\n", 1)[0]
    between = max(";,\t", key=heading.count) if any(c in heading for c in ";,\t") else ","
    read = csv.reader(io.StringIO(text, newline=""), delimiter=between)
    names: list[str] = []
    while True:
        first = read.line_num + 1
        try:
            cells = next(read)
        except StopIteration:
            return
        except csv.Error as error:  # where the next line begins is not known any more
            yield first, _Wrong(str(error))
            return
        if not any(cell.strip() for cell in cells):
            continue
        if not names:
            names = _heading(cells, first)
            continue
        row = zip(names, cells, strict=False)
        yield first, {name: cell for name, cell in row if name and cell.strip()}


def _heading(cells: list[str], line: int) -> list[str]:
    if "question" not in map(_field, cells):
        raise _refused(
            _("Line {line}: no column is called “question”.").format(line=line),
            _("The first line names the columns: {names}.").format(names=", ".join(FIELDS)),
        )
    return [cell.strip() for cell in cells]


def _field(heading: str) -> str:
    name = fold(heading).strip()
    return ALSO.get(name, name.replace(" ", "_") if name.replace(" ", "_") in FIELDS else name)


class _Cell(NamedTuple):
    """A value, and what the file calls its field."""

    called: str
    value: Any


def _known(row: Mapping[Any, Any], unused: dict[str, None]) -> dict[str, _Cell]:
    """The fields that mean something here; headings of others are put into ``unused``."""
    known: dict[str, _Cell] = {}
    for heading, value in row.items():
        name, called = _field(str(heading)), _clean(str(heading)).strip()
        if name in FIELDS:
            known[name] = _Cell(called, value)
        elif len(unused) <= MOST_TOLD:  # one more, to say that there are more
            unused[called] = None
    return known


def _checked(row: Mapping[str, _Cell]) -> dict[str, Any]:
    """The known fields of a row, each of its kind."""
    told: dict[str, Any] = {"question": _question(row.get("question") or _Cell("question", None))}
    for name in FIELDS[1:]:
        if name in row and row[name].value not in (None, ""):
            told[name] = _value(name, row[name])
    return told


def _question(cell: _Cell) -> str:
    if cell.value is not None and not isinstance(cell.value, str):
        raise _Wrong(_("“{name}” is no text").format(name=cell.called))
    text = _clean(cell.value or "").strip()
    if not text:
        raise _Wrong(_("the field “{name}” is missing or empty").format(name=cell.called))
    if len(text) > MAX_QUESTION:
        raise _Wrong(
            _("the question has {n} characters; at most {most} fit").format(
                n=len(text), most=MAX_QUESTION
            )
        )
    return text


def _value(name: str, cell: _Cell) -> Any:
    if name in TEXTS:
        return _short(cell)
    if name in LISTS:
        return _list(cell)
    return _flag(cell) if name in FLAGS else _rules(cell)


def _short(cell: _Cell) -> str:
    if not isinstance(cell.value, str | int) or len(str(cell.value)) > SHORT:
        raise _Wrong(
            _("“{name}” is no text of up to {most} characters").format(name=cell.called, most=SHORT)
        )
    return _clean(str(cell.value)).strip()


def _list(cell: _Cell) -> list[str]:
    given = cell.value if isinstance(cell.value, list) else listed(str(cell.value))
    if any(not isinstance(one, str | int | float) or len(str(one)) > LONGEST for one in given):
        raise _Wrong(
            _("“{name}” is neither a text nor a list of texts of up to {most} characters").format(
                name=cell.called, most=LONGEST
            )
        )
    return [_clean(str(one)) for one in given]


def _flag(cell: _Cell) -> bool:
    said = fold(str(cell.value)).strip()
    if said not in YES | NO:
        raise _Wrong(_("“{name}” is neither yes nor no").format(name=cell.called))
    return said in YES


def _rules(cell: _Cell) -> dict[str, Any]:
    try:
        rules = _loaded(cell.value) if isinstance(cell.value, str) else cell.value
    except (ValueError, RecursionError):
        rules = None
    if not isinstance(rules, dict):
        raise _Wrong(_("“{name}” is no JSON object").format(name=cell.called))
    kept: dict[str, Any] = json.loads(_clean(json.dumps(rules, ensure_ascii=False)))
    try:
        return form.checked(kept)
    except InvalidInput as error:
        raise _Wrong(error.message.rstrip(".")) from error


def _loaded(text: str) -> Any:
    """Of JSON; no NaN, which none of the databases keeps."""
    return json.loads(text, parse_constant=_no_number)


def _no_number(name: str) -> None:
    raise ValueError(name)


def _clean(text: str) -> str:
    """Without what a database cannot keep: NUL, halves of a character."""
    whole = text.encode("utf-8", "replace").decode()
    return whole.replace("\x00", "").replace("\\u0000", "")


def _all(wrong: list[str]) -> str:
    """The first mistakes, and how many more there are."""
    said, more = " ".join(wrong[:MOST_TOLD]), len(wrong) - MOST_TOLD
    left = ngettext("{n} more line is wrong.", "{n} more lines are wrong.", more)
    return f"{said} {left.format(n=more)}" if more > 0 else said


def _refused(message: str, hint: str) -> InvalidInput:
    return InvalidInput(message, hint=hint, field="file")
