"""Which conversations have changed: triggers write it down, whoever did it and by whatever way.

``rest()`` is run before every migration and ``watch()`` after it: SQLite renames no table while a
trigger names one that is just being rebuilt.
What is watched is what figures of a conversation rest on; the text of an answer that is being
written is not. A change is told by its time alone: whoever follows reads from the last one on.
"""

from sqlalchemy import Connection
from sqlalchemy import text as sql

DIRECT, BY_MESSAGE, BY_ITEM = "conversation_id", "message_id", "item_number"
THROUGH = {BY_MESSAGE: ("messages", "id"), BY_ITEM: ("annotation_items", "number")}
WATCHED = {  # table: how a row names its conversation, and the columns that matter ("": all)
    "conversations": ("id", "assistant_id, channel, user_tier, is_sample, removed_at"),
    "messages": (DIRECT, "state, outcome"),
    "conversation_ratings": (DIRECT, ""),
    "conversation_outcomes": (DIRECT, ""),
    "feedback": (BY_MESSAGE, ""),
    "problem_flags": (BY_MESSAGE, ""),
    "topic_questions": (BY_MESSAGE, ""),
    "annotation_items": (DIRECT, "state, gold_id"),
    "judgements": (BY_ITEM, ""),
    "annotation_opinions": (BY_ITEM, ""),
}
EVENTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
KEPT = "ON CONFLICT (conversation_id) DO UPDATE SET changed_ms = excluded.changed_ms"
SQLITE_NOW = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
FUNCTION = f"""
CREATE OR REPLACE FUNCTION ciclo_conversation_changed() RETURNS trigger AS $$
DECLARE
    changed text;
BEGIN
    EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) INTO changed
        USING CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    IF TG_ARGV[0] = '{BY_MESSAGE}' THEN
        SELECT conversation_id INTO changed FROM messages WHERE id = changed;
    ELSIF TG_ARGV[0] = '{BY_ITEM}' THEN
        SELECT conversation_id INTO changed FROM annotation_items WHERE number = changed::bigint;
    END IF;
    IF changed IS NOT NULL THEN
        INSERT INTO conversation_changes (conversation_id, changed_ms)
        VALUES (changed, (extract(epoch FROM clock_timestamp()) * 1000)::bigint) {KEPT};
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql
"""


def watch(connection: Connection) -> None:
    """Put the triggers into place; those that are there stay."""
    if connection.dialect.name == "postgresql":
        connection.execute(sql(FUNCTION))
    for table, (column, columns) in WATCHED.items():
        for event in EVENTS:
            of = f" OF {columns}" if event == "UPDATE" and columns else ""
            if connection.dialect.name == "postgresql":
                connection.execute(sql(_postgres(table, column, event, of)))
            else:
                connection.execute(sql(_sqlite(table, column, event, of)))


def rest(connection: Connection) -> None:
    """Take SQLite's triggers away, until ``watch()``; on servers they follow their table."""
    if connection.dialect.name == "sqlite":
        found = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'changed_*'"
        for name in connection.scalars(sql(found)).all():
            connection.execute(sql(f"DROP TRIGGER {name}"))


def _sqlite(table: str, column: str, event: str, of: str) -> str:
    row, name = EVENTS[event], f"changed_{table}_{event.lower()}"
    found = f"SELECT {row}.{column}, {SQLITE_NOW} WHERE true"
    if column in THROUGH:
        other, key = THROUGH[column]
        found = f"SELECT conversation_id, {SQLITE_NOW} FROM {other} WHERE {key} = {row}.{column}"
    return (
        f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event}{of} ON {table} BEGIN "
        f"INSERT INTO conversation_changes (conversation_id, changed_ms) {found} {KEPT}; END"
    )


def _postgres(table: str, column: str, event: str, of: str) -> str:
    name = f"changed_{table}_{event.lower()}"
    return (
        f"CREATE OR REPLACE TRIGGER {name} AFTER {event}{of} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION ciclo_conversation_changed('{column}')"
    )
