"""CSV and TSV: every row a line with its headings.

Formulas are text like any other: nothing is evaluated.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from core.reading import rows
from core.reading.draft import Draft
from core.reading.limits import MAX_CHARACTERS
from core.reading.parsed import Parsed
from core.reading.plain import decoded
from core.reading.refusals import Refused

_DELIMITERS = ",;\t|"
_SAMPLE = 50  # rows by which delimiters are judged
_SAID = re.compile(r'"?sep=([,;\t|])"?\r?\n')  # what Excel writes for itself into the first line


def read_separated(path: Path) -> Parsed:
    """The rows of a file whose delimiter is a comma, a semicolon, a tab or a bar."""
    text = decoded(path.read_bytes())
    said = _SAID.match(text)
    text = text[said.end() :] if said else text
    csv.field_size_limit(MAX_CHARACTERS)
    draft = Draft()
    try:
        for line in rows.lines(_rows(text, said[1] if said else _delimiter(text))):
            draft.heading(1, line) if isinstance(line, rows.Title) else draft.row(line)
    except csv.Error:
        raise Refused("damaged") from None
    return draft.parsed()


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)


def _delimiter(text: str) -> str:
    """The delimiter that cuts most of the first rows into the same number of cells, two or more."""
    sample = "".join(text[: 1 << 16].splitlines(keepends=True)[:_SAMPLE])
    return max(_DELIMITERS, key=lambda one: _evenness(sample, one))


def _evenness(sample: str, delimiter: str) -> tuple[int, int]:
    widths = Counter(len(row) for row in _rows(sample, delimiter) if len(row) > 1)
    (width, rows_), *_ = widths.most_common(1) or [(0, 0)]
    return rows_, width
