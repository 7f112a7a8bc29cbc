"""Which conversations have changed: triggers write it down, whoever did it and by whatever way.

``rest()`` is run before every migration and ``watch()`` after it: SQLite renames no table while a
trigger names one that is just being rebuilt.
What is watched is what figures of a conversation rest on; the text of an answer that is being
written is not. A change is told by its time alone: whoever follows reads from the last one on.
"""

from sqlalchemy import Connection
from sqlalchemy import text as sql

# from a changed row ({row}) to the conversation it tells of
OWN, DIRECT = "SELECT {row}.id AS found", "SELECT {row}.conversation_id AS found"
BY_MESSAGE = "SELECT conversation_id AS found FROM messages WHERE id = {row}.message_id"
BY_ITEM = "SELECT conversation_id AS found FROM annotation_items WHERE number = {row}.item_number"
BY_QUEUE = "SELECT conversation_id AS found FROM annotation_items WHERE queue_id = {row}.id"
WATCHED = {  # table: how a row names its conversations, and the columns that matter ("": all)
    "conversations": (OWN, "assistant_id, channel, user_tier, is_sample, removed_at"),
    "messages": (DIRECT, "state, outcome"),
    "conversation_ratings": (DIRECT, ""),
    "conversation_outcomes": (DIRECT, ""),
    "feedback": (BY_MESSAGE, ""),
    "problem_flags": (BY_MESSAGE, ""),
    "topic_questions": (BY_MESSAGE, ""),
    "annotation_queues": (BY_QUEUE, "judge, removed_at"),
    "annotation_items": (DIRECT, "state, gold_id"),
    "judgements": (BY_ITEM, ""),
    "annotation_opinions": (BY_ITEM, ""),
}
EVENTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}
WRITTEN = """INSERT INTO conversation_changes (conversation_id, changed_ms)
SELECT DISTINCT found, {now} FROM ({way}) AS changed WHERE found IS NOT NULL ORDER BY 1
ON CONFLICT (conversation_id) DO UPDATE SET changed_ms = excluded.changed_ms"""
SQLITE_NOW = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
POSTGRES_NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
FUNCTION = """
CREATE OR REPLACE FUNCTION ciclo_conversation_changed() RETURNS trigger AS $$
BEGIN
    EXECUTE TG_ARGV[0] USING CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    RETURN NULL;
END $$ LANGUAGE plpgsql
"""


def watch(connection: Connection) -> None:
    """Put the triggers into place; those that are there stay."""
    if connection.dialect.name == "postgresql":
        connection.execute(sql(FUNCTION))
    for table, (way, columns) in WATCHED.items():
        for event in EVENTS:
            of = f" OF {columns}" if event == "UPDATE" and columns else ""
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(_postgres(table, way, event, of))
            else:
                connection.exec_driver_sql(_sqlite(table, way, event, of))


def rest(connection: Connection) -> None:
    """Take SQLite's triggers away, until ``watch()``; on servers they follow their table."""
    if connection.dialect.name == "sqlite":
        found = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'changed_*'"
        for name in connection.scalars(sql(found)).all():
            connection.execute(sql(f"DROP TRIGGER {name}"))


def _sqlite(table: str, way: str, event: str, of: str) -> str:
    name = f"changed_{table}_{event.lower()}"
    written = WRITTEN.format(now=SQLITE_NOW, way=way.format(row=EVENTS[event]))
    return f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event}{of} ON {table} BEGIN {written}; END"


def _postgres(table: str, way: str, event: str, of: str) -> str:
    name = f"changed_{table}_{event.lower()}"
    written = WRITTEN.format(now=POSTGRES_NOW, way=way.format(row="($1)"))
    return (
        f"CREATE OR REPLACE TRIGGER {name} AFTER {event}{of} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION ciclo_conversation_changed($way${written}$way$)"
    )
