"""A file of questions, read into rows whose fields are what they should be.

In: a name and bytes, from whoever. Out: dicts with the fields of ``FIELDS``. Always holds: JSON Lines
and CSV, also as Brazilian spreadsheets write it (semicolons, byte order mark, Windows-1252); what is
wrong is refused with the number of its line; nothing of a file is run or looked up.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from core.chat.asking import MAX_QUESTION
from core.comparison.scorers import rules as form
from core.errors import InvalidInput
from core.i18n import _
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
YES = {"1", "true", "yes", "y", "sim", "s", "verdadeiro", "x"}
NO = {"0", "false", "no", "n", "nao", "falso"}


def rows(name: str, data: bytes) -> list[dict[str, Any]]:
    """The rows of a file; InvalidInput for what cannot be read, with the line and the way out."""
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
    found = [_checked(row, line) for line, row in read(text)]
    if not found:
        raise _refused(
            _("The file holds no question."), _("Each line is one, in the field “question”.")
        )
    return found


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


def _json_lines(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = _loaded(line)
        except (ValueError, RecursionError) as error:
            why = getattr(error, "msg", "") or type(error).__name__
            raise _wrong(number, _("it is no JSON object ({why})").format(why=why)) from None
        if not isinstance(row, dict):
            raise _wrong(number, _("it is no JSON object"))
        yield number, {_field(str(name)): value for name, value in row.items()}


def _csv(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
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
        except csv.Error as error:
            raise _wrong(first, str(error)) from None
        if not any(cell.strip() for cell in cells):
            continue
        if not names:
            names = _heading(cells, first)
            continue
        row = zip(names, cells, strict=False)
        yield first, {name: cell for name, cell in row if name and cell.strip()}


def _heading(cells: list[str], line: int) -> list[str]:
    names = [_field(cell) for cell in cells]
    if "question" not in names:
        raise _refused(
            _("Line {line}: no column is called “question”.").format(line=line),
            _("The first line names the columns: {names}.").format(names=", ".join(FIELDS)),
        )
    return [name if name in FIELDS else "" for name in names]


def _field(heading: str) -> str:
    name = fold(heading).strip()
    return ALSO.get(name, name.replace(" ", "_") if name.replace(" ", "_") in FIELDS else name)


def _checked(row: Mapping[str, Any], line: int) -> dict[str, Any]:
    """The known fields of a row, each of its kind."""
    question = row.get("question")
    if not isinstance(question, str) or not _clean(question).strip():
        raise _wrong(line, _("the field “question” is missing or empty"))
    if len(question) > MAX_QUESTION:
        raise _wrong(
            line,
            _("the question has {n} characters; at most {most} fit").format(
                n=len(question), most=MAX_QUESTION
            ),
        )
    told: dict[str, Any] = {"question": _clean(question).strip()}
    for name in FIELDS[1:]:
        if row.get(name) not in (None, ""):
            told[name] = _value(name, row[name], line)
    return told


def _value(name: str, value: Any, line: int) -> Any:
    if name in TEXTS:
        return _short(name, value, line)
    if name in LISTS:
        return _list(name, value, line)
    return _flag(name, value, line) if name in FLAGS else _rules(value, line)


def _short(name: str, value: Any, line: int) -> str:
    if not isinstance(value, str | int) or len(str(value)) > SHORT:
        raise _wrong(
            line, _("“{name}” is no text of up to {most} characters").format(name=name, most=SHORT)
        )
    return _clean(str(value)).strip()


def _list(name: str, value: Any, line: int) -> list[str]:
    given = value if isinstance(value, list) else listed(str(value))
    if any(not isinstance(one, str | int | float) or len(str(one)) > LONGEST for one in given):
        raise _wrong(
            line,
            _("“{name}” is neither a text nor a list of texts of up to {most} characters").format(
                name=name, most=LONGEST
            ),
        )
    return [_clean(str(one)) for one in given]


def _flag(name: str, value: Any, line: int) -> bool:
    said = fold(str(value)).strip()
    if said not in YES | NO:
        raise _wrong(line, _("“{name}” is neither yes nor no").format(name=name))
    return said in YES


def _rules(value: Any, line: int) -> dict[str, Any]:
    try:
        rules = _loaded(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        rules = None
    if not isinstance(rules, dict):
        raise _wrong(line, _("“{name}” is no JSON object").format(name="rules"))
    kept: dict[str, Any] = json.loads(_clean(json.dumps(rules, ensure_ascii=False)))
    try:
        return form.checked(kept)
    except InvalidInput as error:
        raise _wrong(line, error.message.rstrip(".")) from error


def _loaded(text: str) -> Any:
    """Of JSON; no NaN, which none of the databases keeps."""
    return json.loads(text, parse_constant=_no_number)


def _no_number(name: str) -> None:
    raise ValueError(name)


def _clean(text: str) -> str:
    """Without what a database cannot keep: NUL, halves of a character."""
    whole = text.encode("utf-8", "replace").decode()
    return whole.replace("\x00", "").replace("\\u0000", "")


def _wrong(line: int, what: str) -> InvalidInput:
    return _refused(
        _("Line {line}: {what}.").format(line=line, what=what),
        _("Mend this line and choose the file again; nothing of it was taken."),
    )


def _refused(message: str, hint: str) -> InvalidInput:
    return InvalidInput(message, hint=hint, field="file")
