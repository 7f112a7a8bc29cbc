"""How the models do: the server, what is loaded, who rests after failures, the last hour's failures."""

from datetime import datetime

import streamlit as st

from core.diagnosis import Broken, Health, Rate
from core.i18n import _, moment, ngettext, number, percent, seconds
from pages.ui import ledger, model_list, safe
from pages.ui import trace_words as words


def server(told: Health) -> None:
    """Whether Ollama answers; where it does not, what to do."""
    one = told.servers[0]
    if not one.error:
        loaded = [_loaded(model.name, model.size, model.until) for model in told.loaded]
        said = _("Ollama {version} answers at {url}.").format(version=one.version, url=one.url)
        memory = _("In memory: {models}.").format(models=", ".join(loaded)) if loaded else ""
        st.caption(safe.label(f"{said} {memory}".rstrip()))
        return
    st.info(
        _(
            "Ollama does not answer at {url}. Ciclo’s own engine quotes your documents meanwhile. "
            "For written answers: install Ollama from ollama.com, start it (`ollama serve`), and "
            "come back here to fetch a model. It is looked for every minute."
        ).format(url=safe.label(one.url)),
        icon=":material/cloud_off:",
    )


def rates(told: Health) -> None:
    """The last hour, version by version, and whoever rests."""
    st.subheader(_("The last hour"), anchor=False)
    n = told.answers
    said = ngettext("{n} answer", "{n} answers", n).format(n=number(n))
    by = _("{n} by a fallback").format(n=number(told.fallbacks))
    share = f" ({percent(told.fallbacks / n)})" if n else ""
    st.markdown(f"{said} · {by}{share}" if n else _("Nothing was asked in the last hour."))
    resting = {one.version_id: one for one in told.breakers}
    known = {one.version_id for one in told.rates}
    rows = [_row(one, resting.get(one.version_id)) for one in told.rates]
    rows += [_alone(one) for one in told.breakers if one.version_id not in known]
    if not rows:
        return
    heads = [
        ledger.head(_("Model"), wide=True),
        ledger.head(_("State")),
        ledger.head(_("Answers"), side="end"),
        ledger.head(_("As fallback"), side="end"),
        ledger.head(_("Failed calls"), side="end", help=_("Calls of the model that failed.")),
    ]
    ledger.show("models.rates", _("The last hour"), heads, rows, here="models")


def broken(one: Broken) -> str:
    """A breaker in words: "resting for 20 s after 5 failures"."""
    n = one.failures
    after = ngettext("after {n} failure", "after {n} failures", n).format(n=number(n))
    if one.state == "open":
        return _("resting for {time} {after}").format(time=seconds(one.rests_for), after=after)
    if one.state == "half_open":
        return _("is tried once more {after}").format(after=after)
    return ngettext("{n} failure lately", "{n} failures lately", n).format(n=number(n))


def _row(one: Rate, rests: Broken | None) -> dict[str, object]:
    codes = ", ".join(
        f"{words.said(words.CODES, code)}: {number(n)}" for code, n in one.codes.items()
    )
    share = "" if one.failure_rate is None else f" ({percent(one.failure_rate)})"
    return ledger.row(
        _model(one.model, one.assistant, one.number),
        _state(rests) if rests else _seen(one),
        ledger.cell(number(one.answers)),
        ledger.cell(number(one.as_fallback) if one.as_fallback else ""),
        ledger.cell(
            "" if not one.calls else f"{number(one.failed_calls)}/{number(one.calls)}{share}",
            note=codes,
        ),
    )


def _alone(one: Broken) -> dict[str, object]:
    model = _model(one.model, one.assistant, one.number)
    return ledger.row(model, _state(one), ledger.cell(), ledger.cell(), ledger.cell())


def _seen(one: Rate) -> ledger.Cell:
    """How a version that nobody rests from does, by its calls of the hour."""
    if not one.failed_calls:
        return ledger.cell(_("working"), mark="good")
    if one.failed_calls == one.calls:
        return ledger.cell(_("every call failed"), mark="bad")
    return ledger.cell(_("some calls failed"), mark="note")


def _state(one: Broken) -> ledger.Cell:
    return ledger.cell(broken(one), mark="bad" if one.state == "open" else "note")


def _model(name: str, assistant: str, version: int) -> ledger.Cell:
    said = words.who(*name.split(":", 1))
    note = _("{assistant}, version {n}").format(assistant=assistant, n=number(version))
    return ledger.cell(said, note=note)


def _loaded(name: str, size: int, until: datetime | None) -> str:
    said = f"{name} ({model_list.size(size)})"
    return _("{model} until {time}").format(model=said, time=moment(until)) if until else said
