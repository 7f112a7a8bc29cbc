"""The verdict of a run: the sentence, what it rests on, and every metric with its interval.

In: a ``Verdict``. Out: the page's part. Always holds: each picture's figures stand beside it as text, and
what is too thin or not tested is called so.
"""

from typing import Any

import streamlit as st

from core.comparison import footing
from core.comparison.findings import Verdict
from core.comparison.report import figures
from core.i18n import _, number
from pages.ui import ledger, safe


def show(found: Verdict) -> None:
    """The sentence big, its lines, then the metrics."""
    st.header(safe.label(found.sentence), anchor=False)
    st.caption(safe.label(" ".join(footing.minded(found))))
    rows = figures.rows(found)
    if rows:
        _metrics(found, rows)
    if method := footing.method(found):
        with st.expander(_("How this was tested")):
            st.caption(safe.label(" ".join(method)))


def _metrics(found: Verdict, rows: list[figures.Row]) -> None:
    deciding = [one for one in rows if one.tested]
    quality = [one for one in rows if one.quality and not one.tested]
    rest = [one for one in rows if not one.quality]
    if deciding:
        _table("deciding", _("What decides"), found, deciding)
    if rest:
        _table("rest", _("Speed and cost"), found, rest)
    if quality:
        n = number(len(quality))
        with st.expander(_("Other metrics, told beside ({n})").format(n=n)):
            st.caption(_("Not tested, so that the others keep their strength."))
            _table("beside", _("Told beside"), found, quality)


def _table(key: str, title: str, found: Verdict, rows: list[figures.Row]) -> None:
    bounds = _("Bounds, 99%") if found.early else _("95% interval in brackets")
    heads = [
        ledger.head(title, wide=True, help=_(footing.MEANS) if key == "rest" else ""),
        ledger.head("A", side="end", help=_("Version A")),
        ledger.head("B", side="end", help=_("Version B")),
        ledger.head(_("B against A"), side="end", help=bounds),
        ledger.head("", side="short"),
        ledger.head(_("p, corrected"), side="end", help=_("Corrected for several metrics (Holm).")),
        ledger.head("n", side="end"),
        ledger.head(_("Claim"), side="short"),
    ]
    ledger.show(f"verdict.{key}", title, heads, [_row(one) for one in rows], figures=True)


def _row(one: figures.Row) -> dict[str, Any]:
    drawn = one.whisker._asdict() if one.whisker else None
    return ledger.row(
        ledger.cell(one.title, help=one.meaning),
        ledger.cell(one.a),
        ledger.cell(one.b),
        ledger.cell(one.difference),
        ledger.cell("", plot=drawn),
        ledger.cell(one.p),
        ledger.cell(number(one.n)),
        ledger.cell(one.claim, mark=one.tone, note=one.note),
    )
