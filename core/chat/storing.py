"""The end of an answer: citations resolved, groundedness measured, everything stored at once."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock, db, registry, retrieval
from core.chat import citations, groundedness, prompt
from core.db.tables import Citation, Message, Passage
from core.errors import ModelFailed
from core.i18n import _
from core.retrieval import Found, SearchResult


@dataclass
class Draft:
    """What is known of an answer while it is written. Times in seconds from ``started``."""

    answer_id: str
    route: registry.Route
    started: float
    query: str = ""
    text: str = ""
    reasoning: str = ""
    passages: list[Found] = field(default_factory=list)
    search_seconds: float | None = None
    first_token_seconds: float | None = None
    end: dict[str, Any] = field(default_factory=dict)
    outcome: str = ""
    error_code: str = ""
    error: str = ""

    def take_passages(self, found: SearchResult) -> None:
        """Keep what the search found, and how long it took."""
        self.passages, self.search_seconds = found.passages, found.seconds

    def first_token(self) -> None:
        """The first word has arrived (later calls change nothing)."""
        if self.first_token_seconds is None:
            self.first_token_seconds = clock.seconds() - self.started

    def failed_first(self, error: ModelFailed) -> None:
        """The first choice failed and another answers: keep why."""
        self.error_code, self.error = error.code, error.message

    def fail(self, outcome: str, code: str, message: str) -> None:
        """It ends here: cut_off or error."""
        self.outcome, self.error_code, self.error = outcome, code, message


def finish(draft: Draft) -> None:
    """Store the end of ``draft`` in one transaction."""
    total = clock.seconds() - draft.started
    resolved = _resolved(draft)
    outcome = _outcome(draft, resolved)
    pages = [_page(draft.passages[mark.passage_index], mark) for mark in resolved.citations]
    with db.writing() as session:
        message = session.get(Message, draft.answer_id)
        if message is None or message.state != "running":  # removed, or closed as abandoned
            return
        message.text = resolved.text
        message.removed_citations = resolved.removed
        _store_facts(message, draft, outcome, total)
        rows = _store_passages(session, draft, message.created_at)
        if outcome == "answered":
            _store_citations(session, draft, resolved, rows, pages)
            _store_groundedness(message, draft)
        message.state, message.lease_until = "done", None


def give_up(draft: Draft) -> None:
    """Store the bare part: what could not be finished must not look as if it were being written."""
    with db.writing() as session:
        session.execute(
            update(Message)
            .where(Message.id == draft.answer_id, Message.state == "running")
            .values(
                state="done",
                outcome="cut_off" if draft.text else "error",
                text=draft.text,
                error_code="internal",
                error=_("The answer failed inside Ciclo; the log says why."),
                lease_until=None,
            )
        )


def _resolved(draft: Draft) -> citations.Resolved:
    return citations.resolve(draft.text, draft.passages, quotes=draft.end.get("quotes"))


def _outcome(draft: Draft, resolved: citations.Resolved) -> str:
    if draft.outcome:
        return draft.outcome
    if "outcome" in draft.end:  # the embedded engine knows
        return str(draft.end["outcome"])
    if draft.end.get("done_reason") == "length":
        return "cut_off"
    if not resolved.text.strip():
        draft.fail("error", "bad_answer", _("The model ended without saying anything."))
        return "error"
    if not resolved.citations and prompt.says_not_found(resolved.text):
        return "not_found"
    return "answered"


def _store_facts(message: Message, draft: Draft, outcome: str, total: float) -> None:
    usage, model = draft.end.get("usage", {}), draft.route.model
    message.outcome = outcome
    message.version_id = draft.route.version.id
    message.provider, message.model_name = model.provider, model.name
    message.routing_reason = draft.route.reason
    message.search_query = draft.query
    message.reasoning = draft.reasoning
    message.search_seconds = draft.search_seconds
    message.first_token_seconds = draft.first_token_seconds
    message.total_seconds = total
    message.tokens_in, message.tokens_out = usage.get("input_tokens"), usage.get("output_tokens")
    message.cost = registry.cost(model, message.tokens_in, message.tokens_out)
    message.finish_reason = str(draft.end.get("done_reason") or draft.error_code)
    message.error_code, message.error = draft.error_code, draft.error
    message.quoted = model.provider == "embedded"


def _store_passages(session: Session, draft: Draft, at: datetime) -> list[Passage]:
    rows = [
        Passage(
            message_id=draft.answer_id,
            rank=rank,
            document_id=found.document_id,
            document_version=found.version,
            chunk_id=found.chunk_id,
            document_name=found.document_name,
            heading=found.heading,
            text=found.text,
            page=found.page,
            start=found.start,
            end=found.end,
            score=found.score,
            lexical=found.lexical,
            vector=found.vector,
            created_at=at,
        )
        for rank, found in enumerate(draft.passages, 1)
    ]
    session.add_all(rows)
    session.flush()
    return rows


def _page(found: Found, mark: citations.Mark) -> int | None:
    """The page of the cited words: a passage may begin on the page before."""
    if found.page is None:
        return None
    return retrieval.page_of(found.document_id, mark.start, found.version)


def _store_citations(
    session: Session,
    draft: Draft,
    resolved: citations.Resolved,
    rows: list[Passage],
    pages: list[int | None],
) -> None:
    session.add_all(
        Citation(
            message_id=draft.answer_id,
            passage_id=rows[mark.passage_index].id,
            document_id=rows[mark.passage_index].document_id,
            number=mark.number,
            answer_start=mark.answer_start,
            answer_end=mark.answer_end,
            start=mark.start,
            end=mark.end,
            page=page,
            quote=mark.quote,
        )
        for mark, page in zip(resolved.citations, pages, strict=True)
    )


def _store_groundedness(message: Message, draft: Draft) -> None:
    if message.quoted:
        return
    texts = [found.text for found in draft.passages]
    checked = groundedness.check(message.text, texts, message.language)
    message.groundedness = checked.share
    message.sentences = [list(sentence) for sentence in checked.sentences]
