"""How far reviewers agree, and what each has done: a table of each, with words, intervals and how
thin they are; below, where they differ, for who leads to decide.
"""

from functools import partial
from typing import Any

import streamlit as st

from core import access, annotation
from core.db.tables import Queue
from core.i18n import N_, _, ngettext, number, percent, seconds
from core.statistics import TOO_FEW
from pages.ui import disagreements, files, ledger, queue_judge
from pages.ui.language import kept

MARKS = {
    "reliable": "good",
    "almost perfect": "good",
    "substantial": "good",
    "not reliable": "bad",
    "worse than chance": "bad",
    TOO_FEW: "note",
}
MOST_ITEMS = 10_000  # in a file made here: of some 10 kB each, for their passages
FILES = {
    "csv": (N_("CSV, a line per judgement"), "csv"),
    "jsonl": (N_("JSONL, a line per item"), "jsonl"),
    "argilla": (N_("Argilla: records"), "json"),
    "argilla-settings": (N_("Argilla: settings"), "json"),
    "label-studio": (N_("Label Studio: tasks"), "json"),
    "label-studio-config": (N_("Label Studio: configuration"), "xml"),
}


def show(queue: Queue) -> None:
    """All of it, of this queue."""
    _agreement(annotation.agreement(queue.id))
    queue_judge.line(queue)
    leads = access.may("lead")
    _figures(annotation.figures(queue.id, None if leads else access.present().id))
    if leads:
        disagreements.show(queue)
        _files(queue)


def _agreement(told: annotation.Agreement) -> None:
    st.subheader(_("How far reviewers agree"), anchor=False)
    if not any(one.items for one in told.on):
        st.markdown(
            _(
                "Nobody can be compared yet: no item has two judgements. Let an item have two "
                "reviewers or more in the settings of the queue."
            )
        )
        return
    heads = [
        ledger.head(_("About")),
        ledger.head(_("Items"), side="end", help=_("With two judgements or more.")),
        ledger.head(_("Agree"), help=_("Of all pairs of judgements of one item.")),
        ledger.head(_("Kappa"), help=_("Beyond chance; the words are those of Landis and Koch.")),
        ledger.head(_("Alpha"), help=_("Krippendorff's, which minds how far scores lie apart.")),
    ]
    rows = [_row(one) for one in told.on if one.items or one.name == annotation.VERDICT]
    ledger.show("annotation.agreement", _("Agreement"), heads, rows)
    st.caption(
        _(
            "In brackets the interval in which the value lies with 95 % certainty. Words are said "
            "from {n} items on, and of scales with many points only later."
        ).format(n=number(min(one.least for one in told.on)))
    )


def _row(one: annotation.OnOne) -> dict[str, Any]:
    agree = percent(one.percent.share) if one.percent else "–"
    between = (percent(one.percent.low), percent(one.percent.high)) if one.percent else None
    return ledger.row(
        ledger.cell(_(one.title), note=_pairs(one.pairs)),
        ledger.cell(number(one.items)),
        ledger.cell(agree, note=_range(*between) if between else ""),
        _coefficient(one.kappa, one.kappa_words, one.why),
        _coefficient(one.alpha, one.alpha_words, ""),
    )


def _pairs(n: int) -> str:
    return ngettext("{n} pair", "{n} pairs", n).format(n=number(n))


def _range(low: str, high: str) -> str:
    return _("({low} to {high})").format(low=low, high=high)


def _coefficient(found: Any, word: str, why: str) -> ledger.Cell:
    if found is None:
        return ledger.cell("–", note=_(why) if why else "")
    between = _range(number(found.low, 2), number(found.high, 2))
    text = f"{number(found.value, 2)} · {_(word)}"
    return ledger.cell(text, note=between, mark=MARKS.get(word))


def _figures(rows: list[annotation.Figures]) -> None:
    if not rows:
        return
    leads = access.may("lead")
    st.subheader(_("Reviewers") if leads else _("Your figures"), anchor=False)
    heads = [
        ledger.head(_("Reviewer"), wide=True),
        ledger.head(_("Items"), side="end"),
        ledger.head(_("Time per item"), side="end", help=_("Half of the items took no longer.")),
        ledger.head(_("As the lead"), help=_("Where one decided: mostly items in dispute.")),
        ledger.head(_("As the others"), help=_("As more than half of at least two others.")),
        ledger.head(_("As known"), help=_("On items whose answer was known beforehand.")),
    ]
    cells = [
        ledger.row(
            ledger.cell(one.name or _("(gone)")),
            ledger.cell(number(one.items)),
            ledger.cell(seconds(one.seconds) if one.seconds is not None else "–"),
            *(_share(share) for share in (one.gold, one.majority, one.known)),
        )
        for one in rows
    ]
    ledger.show("annotation.figures", _("Reviewers"), heads, cells)


def _share(share: Any) -> ledger.Cell:
    if share is None:
        return ledger.cell("–")
    n = ngettext("of {n} item", "of {n} items", share.n).format(n=number(share.n))
    if annotation.is_thin(share):
        return ledger.cell(percent(share.share), note=_("{of}: too few").format(of=n), mark="note")
    between = _range(percent(share.low), percent(share.high))
    return ledger.cell(percent(share.share), note=f"{n} {between}")


def _files(queue: Queue) -> None:
    with st.expander(_("Take the judgements along"), icon=":material/download:"):
        chosen = st.selectbox(
            _("As"),
            list(FILES),
            format_func=lambda name: _(FILES[name][0]),
            key="annotation.export.format",
            width=320,
        )
        told = annotation.progress(queue.id)
        name = f"{chosen}.{FILES[chosen][1]}"
        command = f"ciclo annotation export {queue.id} --format {chosen} -o {name}"
        if not files.fits(told.waiting + told.held + told.done, MOST_ITEMS, command):
            return
        st.download_button(
            _("Download"),
            kept(partial(_file, queue.id, chosen)),
            file_name=name,
            key="annotation.export",
            on_click="ignore",
        )


def _file(queue_id: str, format: str) -> bytes:
    return files.whole(annotation.export(queue_id, format))
