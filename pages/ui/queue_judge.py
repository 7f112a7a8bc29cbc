"""A queue's judge model: named by who leads it, with what is sent to it and where; what it is worth.

Nobody is called before a model is chosen here and the choice is confirmed.
"""

from typing import Any

import streamlit as st

from core import annotation
from core.annotation import JudgeFigures
from core.db.tables import Queue
from core.errors import InvalidInput
from core.i18n import _, ngettext, number, percent
from core.llm import EMBEDDED
from pages.ui import errors, models, notices, safe


def show(queue: Queue) -> None:
    """The choice; what follows from it stands under it before it is confirmed."""
    st.subheader(_("Judge model"), anchor=False)
    st.caption(
        _(
            "A model may say beforehand what it thinks of the answers that wait. Reviewers see it as "
            "its suggestion; it counts as nobody's judgement."
        )
    )
    names = [name for name in models.ready() if name != EMBEDDED]
    names = list(dict.fromkeys(["", queue.judge, *names]))
    chosen = st.selectbox(
        _("Model"),
        names,
        index=names.index(queue.judge),
        format_func=title,
        key=f"annotation.judge.{queue.id}.{queue.judge}",
        accept_new_options=True,
        help=_("One that is not in the list: provider:model."),
    )
    chosen = (chosen or "").strip()
    if chosen:
        st.markdown(sent(chosen))
    if chosen != queue.judge:
        st.button(
            _("Let it judge") if chosen else _("Let no model judge"),
            key=f"annotation.judge.choose.{queue.id}",
            type="primary",
            on_click=notices.acting(_choose),
            args=(queue.id, chosen),
        )
    elif queue.judge:
        st.caption(safe.label(_state(annotation.judge_figures(queue.id))))


def line(queue: Queue) -> None:
    """How far the judge and the reviewers say the same, where a model is named."""
    told = annotation.judge_figures(queue.id)
    if not told.model:
        return
    called = title(told.model)
    if told.percent is None:
        st.markdown(
            _("Judge model {model}: it and reviewers have judged no item in common yet.").format(
                model=safe.label(called)
            )
        )
        return
    said = ngettext(
        "Judge model {model}: the verdict of most reviewers in {percent} {range} of {n} item.",
        "Judge model {model}: the verdict of most reviewers in {percent} {range} of {n} items.",
        told.percent.n,
    ).format(
        model=safe.label(called),
        percent=percent(told.percent.share),
        range=_range(percent(told.percent.low), percent(told.percent.high)),
        n=number(told.percent.n),
    )
    st.markdown(f"{said} {_kappa(told)}".rstrip())


def _kappa(told: JudgeFigures) -> str:
    found = told.kappa
    if found is None:
        return ""
    return _("Kappa {value} {range}: {words}.").format(
        value=number(found.value, 2),
        range=_range(number(found.low, 2), number(found.high, 2)),
        words=_(told.kappa_words),
    )


def _range(low: str, high: str) -> str:
    return _("({low} to {high})").format(low=low, high=high)


def title(name: str) -> str:
    """ "ollama:llama3.2" as people read it; what is being typed may be no name yet."""
    provider, _colon, model = name.partition(":")
    return f"{models.title(provider, model)} · {provider}" if model else name or _("None")


def sent(name: str) -> str:
    """What goes to a model that judges, and where."""
    provider, _colon, model = name.partition(":")
    known: dict[str, Any] = {"model": safe.label(model), "provider": safe.label(provider)}
    try:
        where = annotation.address(name)
    except InvalidInput as error:
        return errors.sentence(error)
    if not where:
        return _(
            "Questions, answers, their passages and the guidelines go to {model} ({provider}), "
            "which runs within Ciclo."
        ).format(**known)
    return _(
        "Questions, answers, their passages and the guidelines **are sent to {model} of {provider}**, "
        "at {where}. Personal data is masked as for reviewers who may not see it."
    ).format(**known, where=f"`{where}`")


def _choose(queue_id: str, name: str) -> None:
    queue = annotation.change_queue(queue_id, judge=name)
    notices.leave(
        _("{model} judges what waits from now on.").format(model=title(queue.judge))
        if queue.judge
        else _("No model judges in this queue any more; what was said stays.")
    )


def _state(told: JudgeFigures) -> str:
    said = ngettext("{n} opinion so far.", "{n} opinions so far.", told.opinions)
    said = said.format(n=number(told.opinions))
    if not told.last_failed:
        return said
    why = _(annotation.FAILED.get(told.last_failed, told.last_failed))
    return said + " " + _("The last time there came none: {why}.").format(why=why)
