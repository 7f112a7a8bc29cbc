"""Cells and lines of CSV files as a spreadsheet in the reader's language opens them.

In: values. Out: text. Always holds: no cell can be taken for a formula, whoever wrote what is in it.
"""

import csv
import io
from collections.abc import Iterable
from typing import Any

from core.i18n import _, language

MARK = "\ufeff"  # a spreadsheet takes the file for UTF-8 by it
SEPARATORS = {"pt-BR": ";"}  # what Excel expects where the comma is the decimal sign
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # OWASP, CSV injection


def lines(rows: Iterable[list[str]]) -> str:
    """Rows as lines of a CSV, with the separator that the reader's spreadsheet expects."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=SEPARATORS.get(language(), ","), lineterminator="\r\n")
    writer.writerows(rows)
    return file.getvalue()


def safe(value: Any) -> str:
    """A cell that stays text: an apostrophe before what a spreadsheet would take for a formula."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA) or text[:1] in FORMULA else text
