"""Made-up traffic for the metrics: conversations with ratings, times, costs and citations.

``make(talks, turns)`` writes straight into the tables; the texts say that they are made up, and every
conversation is marked as sample data, so that nobody takes it for real. The same seed makes the same.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

SEED = 20_261_121
AT_ONCE = 2000
CHANNELS = ("web", "whatsapp", "site", "api")
TIERS = (None, "free", "premium")
MODES = ("", "short", "long")
OUTCOMES = ("answered", "related", "not_found", "cut_off", "error")
OFTEN = (80, 8, 8, 2, 2)


def make(talks: int, turns: int = 5, *, days: int = 365, seed: int = SEED) -> None:
    """So many conversations of so many turns (two messages each) in the last ``days``."""
    from sqlalchemy import insert

    from core import assistants, clock, db, registry
    from core.db.tables import Citation, Conversation, Document, Feedback, Message, Passage

    chance = random.Random(seed)
    now = clock.now()
    answering = []
    for name in ("Loja", "Clínica", "Livraria"):
        made = assistants.create(name)
        registry.choose_model(made.id, "fake:fast")
        answering.append((made.id, [one.id for one in registry.versions(made.id)]))
    documents = _documents([assistant for assistant, _versions in answering])
    kinds = (Conversation, Message, Passage, Citation, Feedback)
    tables: list[Any] = [kind.__table__ for kind in kinds]
    with db.writing() as session:
        session.execute(insert(Document), documents)
    ids = [row["id"] for row in documents]
    for _start in range(0, talks, AT_ONCE):
        rows: list[list[dict[str, Any]]] = [[] for _table in tables]
        for _talk in range(min(AT_ONCE, talks - _start)):
            begun = now - timedelta(seconds=chance.random() * days * 86_400 + 3600)
            assistant, versions = chance.choice(answering)
            for kind, more in zip(
                rows, _talk_of(chance, assistant, versions, ids, begun, turns), strict=True
            ):
                kind.extend(more)
        with db.writing() as session:
            for table, given in zip(tables, rows, strict=True):
                if given:
                    session.connection().execute(insert(table), given)


def _talk_of(
    chance: random.Random,
    assistant: str,
    versions: list[str],
    documents: list[str],
    begun: datetime,
    turns: int,
) -> Iterator[list[dict[str, Any]]]:
    """The rows of one conversation: itself, its messages, passages, citations and thumbs."""
    from core.db.tables import new_id

    talk, at, parent = new_id(), begun, None
    rows: list[list[dict[str, Any]]] = [[], [], [], []]
    messages, passages, citations, thumbs = rows
    channel, version = chance.choice(CHANNELS), chance.choice(versions)
    mode = chance.choice(MODES)
    for n in range(turns):
        question, answer = new_id(), new_id()
        topic = chance.randrange(40)
        messages.append(
            _message(question, talk, parent, "user", at, f"Pergunta inventada {n} do tema {topic}?")
        )
        messages.append(
            _message(answer, talk, question, "assistant", at, "Resposta inventada.")
            | _measured(chance, version, mode)
        )
        if messages[-1]["outcome"] == "answered":
            passage, document = new_id(), chance.choice(documents)
            passages.append(_passage(passage, answer, document, at))
            citations.append(_citation(answer, passage, document))
        if chance.random() < 0.15:
            rating = "up" if chance.random() < 0.82 else "down"
            thumbs.append(
                {"id": new_id(), "message_id": answer, "rating": rating, "user_id": talk[:8]}
                | {"created_at": at, "reasons": [], "person_id": None}
            )
        parent, at = answer, at + timedelta(seconds=chance.uniform(20, 200))
    yield [
        {"id": talk, "assistant_id": assistant, "channel": channel, "is_sample": True}
        | {"title": "Conversa inventada", "user_tier": chance.choice(TIERS), "leaf_id": parent}
        | {"created_at": begun, "updated_at": at}
    ]
    yield from rows


def _message(
    id_: str, talk: str, parent: str | None, role: str, at: datetime, text: str
) -> dict[str, Any]:
    """A message; what only answers have is empty."""
    return {
        **{"id": id_, "conversation_id": talk, "parent_id": parent, "role": role, "text": text},
        **{"created_at": at, "language": "pt-BR", "channel": "web", "state": "done"},
        **dict.fromkeys(_ANSWERS),
        **{"provider": "", "model_name": "", "routing_reason": "", "mode": "", "error_code": ""},
        **{"cached": False},
    }


_ANSWERS = (
    *("outcome", "version_id", "first_token_seconds", "total_seconds", "generation_seconds"),
    *("tokens_in", "tokens_out", "cost", "groundedness"),
)


def _measured(chance: random.Random, version: str, mode: str) -> dict[str, Any]:
    """What an answer took; times are log-normal, as those of models are."""
    first = chance.lognormvariate(-0.7, 0.5)
    tokens = int(chance.lognormvariate(4.6, 0.5))
    writing = tokens / chance.uniform(20, 60)
    outcome = chance.choices(OUTCOMES, OFTEN)[0]
    return {
        **{"outcome": outcome, "version_id": version, "provider": "fake", "model_name": "fast"},
        **{"first_token_seconds": first, "total_seconds": first + writing, "mode": mode},
        **{"generation_seconds": writing, "tokens_in": 900, "tokens_out": tokens},
        **{
            "cost": 0.00002 * (900 + 4 * tokens),
            "groundedness": min(1.0, chance.uniform(0.4, 1.2)),
        },
        **{"routing_reason": "fallback:timed_out" if chance.random() < 0.02 else "champion"},
        **{"error_code": "timed_out" if outcome == "error" else ""},
        **{"cached": chance.random() < 0.1},
    }


def _documents(assistants: list[str]) -> list[dict[str, Any]]:
    from core.db.tables import new_id

    return [
        {"id": new_id(), "assistant_id": assistant, "name": f"inventado-{n}.md", "size": 1}
        | {"media_type": "text/markdown", "digest": f"{n}", "state": "ready", "version": 1}
        for assistant in assistants
        for n in range(40)
    ]


def _passage(id_: str, answer: str, document: str, at: datetime) -> dict[str, Any]:
    return {
        **{"id": id_, "message_id": answer, "rank": 1, "document_id": document},
        **{"document_name": "inventado.md", "text": "Texto inventado.", "start": 0, "end": 16},
        **{"score": 1.0, "created_at": at},
    }


def _citation(answer: str, passage: str, document: str) -> dict[str, Any]:
    from core.db.tables import new_id

    return {
        **{"id": new_id(), "message_id": answer, "passage_id": passage, "document_id": document},
        **{"number": 1, "answer_start": 0, "answer_end": 1, "start": 0, "end": 5, "quote": "Texto"},
    }
