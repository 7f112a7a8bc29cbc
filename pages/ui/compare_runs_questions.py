"""Which questions an evaluation asks: out of a file, the sample's, or as people have asked.

In: an assistant. Out: ``Chosen`` questions with where they come from in words. Always holds: what was read
is shown before anything is asked, and a file that cannot be read says which line is wrong.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import streamlit as st

from core import access, comparison
from core.comparison import Question, question_files, questions
from core.db.tables import Assistant
from core.errors import CicloError
from core.i18n import N_, _, ngettext, number
from pages.ui import errors, ledger, safe

KEY = "compare.runs.questions"
FILE, SAMPLE, TRAFFIC = "file", "sample", "traffic"
WAYS = {
    SAMPLE: N_("The sample's questions"),
    FILE: N_("A file"),
    TRAFFIC: N_("As people asked"),
}
PARTS = {
    "both": N_("Questions and paraphrases"),
    "questions": N_("As written"),
    "paraphrases": N_("Paraphrases"),
}
TYPES = ["jsonl", "csv", "tsv", "txt", "ndjson", "json"]
SHOWN = 5
USUAL = 100


class Chosen(NamedTuple):
    """Questions, and where they come from."""

    asked: list[Question]
    source: str
    is_sample: bool = False


def choose(assistant: Assistant) -> Chosen:
    """What is chosen now, with its preview; no question where there is none yet."""
    ways = [way for way in WAYS if _fits(way, assistant)]
    way = st.radio(
        _("Questions"),
        ways,
        format_func=lambda one: _(WAYS[one]),
        key=f"{KEY}.way.{assistant.id}",
        horizontal=True,
    )
    chosen = {FILE: _file, SAMPLE: _sample, TRAFFIC: _traffic}[way](assistant)
    if chosen.asked:
        _preview(chosen.asked)
    return chosen


def _fits(way: str, assistant: Assistant) -> bool:
    if way == SAMPLE:
        return bool(assistant.sample)
    return way != TRAFFIC or access.may("read")


def _file(assistant: Assistant) -> Chosen:
    file = st.file_uploader(
        _("JSON Lines or CSV with a field or column “question”"),
        type=TYPES,
        max_upload_size=question_files.LARGEST // 2**20,
        key=f"{KEY}.file.{assistant.id}",
        help=_("Others it may have: {names}.").format(names=", ".join(question_files.FIELDS[1:])),
    )
    if file is None:
        return Chosen([], "")
    try:
        asked, unused = comparison.read_and_unused(file.name, file.getvalue())
    except CicloError as error:
        errors.say(error)
        return Chosen([], "")
    if said := question_files.unused(unused):
        st.warning(safe.label(said), icon=":material/view_column:")
    return Chosen(asked, file.name)


def _sample(assistant: Assistant) -> Chosen:
    part = st.radio(
        _("Which of them"),
        list(PARTS),
        format_func=lambda one: _(PARTS[one]),
        key=f"{KEY}.part.{assistant.id}",
        horizontal=True,
    )
    source = _(comparison.WHAT[part])
    return Chosen(comparison.of_sample(assistant, part), source, is_sample=True)


def _traffic(assistant: Assistant) -> Chosen:
    n = st.number_input(
        _("How many, the newest first"),
        1,
        questions.MOST,
        USUAL,
        key=f"{KEY}.n.{assistant.id}",
        width=220,
    )
    asked = comparison.of_traffic(assistant.id, int(n))
    if not asked:
        st.caption(_("Nobody has asked this assistant anything yet."))
    else:
        st.caption(
            _("Nothing is known of their answers: only what needs no reference is measured.")
        )
    return Chosen(asked, _("questions as people asked them"), bool(assistant.sample))


def _preview(asked: Sequence[Question]) -> None:
    """What was read, in figures and as its first lines."""
    st.caption(" · ".join(_counts(asked)))
    heads = [
        ledger.head(_("The first of them"), wide=True),
        ledger.head(_("Known answer")),
        ledger.head(_("Topic"), side="short"),
    ]
    rows = [_row(one) for one in asked[:SHOWN]]
    with st.expander(_("Look at the first ones")):
        ledger.show(f"{KEY}.preview", _("The first questions"), heads, rows)


def _row(one: Question) -> dict[str, Any]:
    known = [*one.reference.answers, *one.reference.quotes]
    flags = [_("must pass")] if one.reference.must_pass else []
    told = known[0][:160] if known else ", ".join(one.reference.documents)
    if one.reference.answerable is False:
        told = _("the documents hold no answer")
    return ledger.row(
        ledger.cell(one.text[:240], flags=flags), ledger.cell(told), ledger.cell(one.topic)
    )


def _counts(asked: Sequence[Question]) -> list[str]:
    n, again = len(asked), len(comparison.doubles(asked))
    known = sum(bool(one.reference.answers or one.reference.quotes) for one in asked)
    none = sum(one.reference.answerable is False for one in asked)
    must = sum(one.reference.must_pass for one in asked)
    said = [ngettext("{n} question", "{n} questions", n).format(n=number(n))]
    for count, words in (
        (known, _("with a known answer: {n}")),
        (none, _("that the documents do not answer: {n}")),
        (must, _("that must pass: {n}")),
        (again, _("repeated, asked once: {n}")),
    ):
        if count:
            said.append(words.format(n=number(count)))
    return said
