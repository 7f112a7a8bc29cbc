"""The audit log only grows: triggers refuse to change, replace or delete a line, whoever asks.

``rest()`` is run before every migration, which may rebuild the table, and ``guard()`` after it. Always
holds between migrations: what is in ``audit_events`` stays as it was written, on both engines.
"""

from sqlalchemy import Connection
from sqlalchemy import text as sql

WORDS = "the audit log is append-only"
REFUSED = f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
KNOWN = "EXISTS (SELECT 1 FROM audit_events WHERE number = NEW.number)"
SQLITE = {
    "audit_unchanged": f"BEFORE UPDATE ON audit_events {REFUSED}",
    "audit_undeleted": f"BEFORE DELETE ON audit_events {REFUSED}",
    # INSERT OR REPLACE deletes without asking the trigger of deletes
    "audit_unreplaced": f"BEFORE INSERT ON audit_events WHEN {KNOWN} {REFUSED}",
}
FUNCTION = f"""
CREATE OR REPLACE FUNCTION ciclo_append_only() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '{WORDS}';
END $$ LANGUAGE plpgsql
"""
POSTGRES = """
CREATE OR REPLACE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION ciclo_append_only()
"""


def guard(connection: Connection) -> None:
    """Put the triggers into place; those that are there stay."""
    if connection.dialect.name == "postgresql":
        connection.execute(sql(FUNCTION))
        connection.exec_driver_sql(POSTGRES)
        return
    for name, what in SQLITE.items():
        connection.exec_driver_sql(f"CREATE TRIGGER IF NOT EXISTS {name} {what}")


def rest(connection: Connection) -> None:
    """Take the triggers away, until ``guard()``."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS ciclo_append_only() CASCADE")
        return
    for name in SQLITE:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
