"""How one answer came about: its facts, its steps on an axis of time, the prompt as it was sent."""

from typing import Any

import streamlit as st

from core import assistants, chat, comparison, i18n
from core.chat.types import FINISH
from core.config import settings
from core.db.tables import Message
from core.errors import NotFound
from core.i18n import _, money, ngettext, number
from pages.ui import components, ledger, places, safe, trace_words, waterfall
from pages.ui.language import spoken

LOOK_EVERY = 1.0


def show(answer_id: str) -> None:
    """The page of one answer; NotFound where there is none."""
    found = chat.trace(answer_id)
    places.here(_("All traces"), key="traces.back", icon=":material/arrow_back:")
    st.title(safe.label(_short(found.question)), anchor=False)
    _ways(found)
    if found.answer.state == "running":
        st.fragment(_running, run_every=LOOK_EVERY)(answer_id)
        return
    _facts(found)
    _steps(found)
    _prompt(found)
    if found.answer.reasoning:
        with st.expander(_("How the model thought"), icon=":material/psychology:"):
            _text(found.answer.reasoning)


def _ways(found: chat.Traced) -> None:
    answer = found.answer
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if beside := comparison.of_answer(answer.id):
            side_by_side = _("Open side by side")
            places.link("comparison", side_by_side, icon=":material/balance:", comparison=beside)
        else:
            places.link(
                "chat",
                _("Open in its conversation"),
                icon=":material/forum:",
                conversation=answer.conversation_id,
                answer=answer.id,
            )
        if found.sample:
            st.badge(_("sample data"), color="gray")
        if answer.cached:
            st.badge(_("cached answer"), color="gray")
        if answer.finish_reason == FINISH:
            st.badge(_("approved answer"), color="gray")


@spoken
def _running(answer_id: str) -> None:
    if chat.trace(answer_id).answer.state == "done":
        st.rerun()
    st.info(_("This answer is still being written. Its steps come when it ends."))


def _facts(found: chat.Traced) -> None:
    rows = [
        ledger.row(ledger.cell(name), ledger.cell(value, **more))
        for name, value, more in _told(found)
        if value or more
    ]
    heads = [ledger.head(_("Fact")), ledger.head(_("Value"), wide=True)]
    label = _("What is known of this answer")
    ledger.show("traces.facts", label, heads, rows, here="traces", bare=True)


def _told(found: chat.Traced) -> list[tuple[str, str, dict[str, Any]]]:
    answer = found.answer
    outcome = answer.outcome or ""
    return [
        (
            _("Outcome"),
            trace_words.outcome(outcome),
            {"mark": trace_words.MARKS.get(outcome, "bad"), "note": answer.error},
        ),
        (_("When"), i18n.moment(answer.created_at), {}),
        (_("Assistant"), _assistant(found.assistant_id), {}),
        (_("Who answered"), _who(found), {"note": _why(found)}),
        (_("Time"), _times(answer), {}),
        (_("Tokens"), _tokens(answer), {}),
        (_("Cost"), money(answer.cost, "USD", 6) if answer.cost else "", {}),
        (_("Searched for"), answer.search_query, {}),
        (*_given_before(), {}) if answer.cached else ("", "", {}),
    ]


def _assistant(assistant_id: str) -> str:
    try:
        return assistants.get(assistant_id).name
    except NotFound:
        return _("deleted since")


def _who(found: chat.Traced) -> str:
    answer = found.answer
    said = trace_words.who(answer.provider, answer.model_name)
    versions = [
        span["attributes"]["ciclo.version.number"]
        for span in found.spans
        if "ciclo.version.number" in span["attributes"]
    ]
    return f"{said} · {_('version {n}').format(n=number(versions[-1]))}" if versions else said


def _why(found: chat.Traced) -> str:
    """The reason for the choice, and who was passed over, in words."""
    lines = [_("Reason: {why}.").format(why=trace_words.reason(found.answer.routing_reason))]
    for span in found.spans:
        for told in span["attributes"].get("ciclo.route.passed_over") or []:
            lines.append(_("Passed over: {who}.").format(who=trace_words.passed(str(told))))
    n = found.answer.attempts
    if n > 1:
        said = ngettext("{n} call of a model.", "{n} calls of models.", n)
        lines.append(said.format(n=number(n)))
    return "\n".join(lines)


def _times(answer: Message) -> str:
    parts = {
        _("whole answer"): answer.total_seconds,
        _("first word"): answer.first_token_seconds,
        _("search"): answer.search_seconds,
        _("loading the model"): answer.load_seconds,
        _("writing"): answer.generation_seconds,
    }
    known = {name: value for name, value in parts.items() if value is not None}
    return " · ".join(f"{name} {trace_words.duration(value)}" for name, value in known.items())


def _tokens(answer: Message) -> str:
    parts = []
    if answer.tokens_in is not None:
        parts.append(_("{n} read").format(n=number(answer.tokens_in)))
    if answer.cached_tokens:
        parts.append(_("{n} of them kept by the provider").format(n=number(answer.cached_tokens)))
    if answer.tokens_out is not None:
        parts.append(_("{n} written").format(n=number(answer.tokens_out)))
    if answer.tokens_out and answer.generation_seconds:
        speed = number(answer.tokens_out / answer.generation_seconds, 1)
        parts.append(_("{n} tokens a second").format(n=speed))
    return " · ".join(parts)


def _given_before() -> tuple[str, str]:
    return _("Kept answer"), _("The same question was answered before.")


def _steps(found: chat.Traced) -> None:
    st.subheader(_("Steps"), anchor=False)
    if not found.spans:
        st.markdown(_("No steps are on record: this answer is older than traces, or broke off."))
        return
    answer = found.answer
    data = waterfall.told(found.spans, _first_word(found), answer.total_seconds)
    components.waterfall(key=f"traces.steps.{answer.id}", data=data)


def _first_word(found: chat.Traced) -> float | None:
    """The moment of the first word on the axis of the steps, which also has the time in line."""
    first = found.answer.first_token_seconds
    waited = sum(span["seconds"] for span in found.spans if span["kind"] == "wait")
    return None if first is None else first + waited


def _prompt(found: chat.Traced) -> None:
    st.subheader(_("The prompt as it was sent"), anchor=False)
    for span in found.spans:
        if read := span["attributes"].get("ciclo.prompt.read"):
            st.warning(trace_words.said(trace_words.READ, str(read)), icon=":material/content_cut:")
    for line in _dropped(found.dropped or []):
        st.markdown(safe.label(line))
    if found.prompt is None:
        st.markdown(_no_prompt(found))
        return
    last = len(found.prompt) - 1
    for i, one in enumerate(found.prompt):
        content = _plain(one["content"])
        n = number(len(content))
        role = trace_words.said(trace_words.ROLES, str(one["role"]))
        if i == last:
            role = _("Question with its passages")
        label = _("{role} · {n} characters").format(role=safe.label(role), n=n)
        with st.expander(label, expanded=i == last):
            _text(content)


def _no_prompt(found: chat.Traced) -> str:
    if found.answer.cached:
        return _("Nothing was sent: the answer had been kept.")
    if found.answer.finish_reason == FINISH:
        return _("Nothing was sent: the answer had been approved.")
    if not any(span["kind"] == "prompt" for span in found.spans):
        return _("No prompt is on record.")
    days = settings().trace_days
    if not days:
        return _("Prompts are not kept here (CICLO_TRACE_DAYS is 0).")
    said = ngettext(
        "The prompt is no longer kept: it goes after {n} day (CICLO_TRACE_DAYS).",
        "The prompt is no longer kept: it goes after {n} days (CICLO_TRACE_DAYS).",
        days,
    )
    return said.format(n=number(days))


def _dropped(left: list[Any]) -> list[str]:
    """What did not fit, in sentences."""
    turns = sum(one["kind"] == "turn" for one in left)
    passages = [one for one in left if one["kind"] == "passage"]
    lines = []
    if turns:
        said = ngettext(
            "{n} earlier message did not fit and was left out.",
            "{n} earlier messages did not fit and were left out.",
            turns,
        )
        lines.append(said.format(n=number(turns)))
    if passages:
        names = ", ".join(f"{one['document']} ({one['rank']})" for one in passages)
        lines.append(_("Passages that did not fit: {names}.").format(names=names))
    return lines


def _plain(content: Any) -> str:
    """A message's text; some providers take it in parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else [content]
    return "\n".join(str(p.get("text", p)) if isinstance(p, dict) else str(p) for p in parts)


def _text(text: str) -> None:
    st.code(text, language=None, wrap_lines=True)


def _short(question: str) -> str:
    flat = " ".join(question.split())
    return flat if len(flat) <= 140 else flat[:140].rstrip() + "…"
