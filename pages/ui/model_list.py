"""Every model as a row: whether it can answer, its facts, its price, who uses it; and the providers."""

import streamlit as st

from core.diagnosis import Known, Use
from core.i18n import N_, _, money, number
from core.llm import Provider
from pages.ui import ledger, models

STATES = {
    "ready": ("good", N_("ready")),
    "missing": ("bad", N_("not installed")),
    "not_reachable": ("bad", N_("not reachable")),
    "not_ready": ("note", N_("its provider is not ready")),
}
ROLES = {
    "champion": N_("champion"),
    "challenger": N_("challenger"),
    "fallback": N_("fallback"),
    "rule": N_("rule"),
}


def show(known: list[Known]) -> None:
    """The table of models."""
    heads = [
        ledger.head(_("Model"), wide=True),
        ledger.head(_("State"), side="short"),
        ledger.head(_("Size"), side="end", help=_("On the server’s disk, and its parameters.")),
        ledger.head(
            _("Context"), side="end", help=_("Tokens that question, passages and answer may fill.")
        ),
        ledger.head(
            _("Price"), side="end", help=_("US dollars for a million tokens read and written.")
        ),
        ledger.head(_("Used by"), side="list"),
    ]
    ledger.show("models.list", _("Models"), heads, [_row(one) for one in known], here="models")


def providers(known: list[Provider]) -> None:
    """The providers, what each lacks, and the way out."""
    st.subheader(_("Providers"), anchor=False)
    heads = [
        ledger.head(_("Provider"), side="short"),
        ledger.head(_("State"), wide=True),
    ]
    rows = []
    for one in known:
        told = ledger.cell(_lacks(one), mark="good" if one.ready else "note", note=one.hint)
        rows.append(ledger.row(ledger.cell(_called(one.prefix)), told))
    ledger.show("models.providers", _("Providers"), heads, rows, here="models")


def _lacks(one: Provider) -> str:
    if one.ready:
        return _("ready")
    away = _("no server answers") if one.name == "ollama" else _("no server is named")
    lacks = {"package": _("its package is not installed"), "key": _("no key"), "server": away}
    return lacks.get(one.missing, one.missing)


def size(n: float) -> str:
    """Bytes as people read them."""
    return f"{number(n / 1e9, 1)} GB" if n >= 1e9 else f"{number(n / 1e6)} MB"


def _called(prefix: str) -> str:
    name = prefix.rstrip(":/").replace(":", " · ")
    return _("Ciclo’s own engine") if name == "embedded" else name


def _row(one: Known) -> dict[str, object]:
    mark, state = STATES[one.status]
    flags = {_("loaded"): one.in_memory, _("thinks"): bool(one.thinks)}
    stored = size(one.size) if one.size else ""
    billions = f"{number(one.parameters, 1)} B" if one.parameters else ""
    return ledger.row(
        ledger.cell(
            models.title(one.provider, one.name),
            note="" if one.provider == "embedded" else one.provider,
            flags=[name for name, holds in flags.items() if holds],
        ),
        ledger.cell(_(state), mark=mark if one.used_by or one.status == "ready" else "note"),
        ledger.cell(" · ".join(part for part in (stored, billions) if part)),
        ledger.cell(number(one.context_tokens) if one.context_tokens else ""),
        ledger.cell(_price(one)),
        ledger.cell("", links=[_use(use) for use in one.used_by]),
    )


def _price(one: Known) -> str:
    if not (one.price_in or one.price_out):
        return ""
    return f"{money(one.price_in, 'USD')} / {money(one.price_out, 'USD')}"


def _use(use: Use) -> dict[str, object]:
    role = f"{_(ROLES[use.role])} {use.number or ''}".strip()
    return ledger.link("assistants", f"{use.assistant} ({role})", assistant=use.assistant_id)
