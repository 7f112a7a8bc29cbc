"""What Alembic runs: the migrations, on the connection (and in the transaction) of the caller."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import DateTime

from core.db.tables import Base, UTCDateTime


def _render(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Migrations name plain column types, so that they still run when our code has changed."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return repr(DateTime(timezone=True)).replace("DateTime", "sa.DateTime")
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by rebuilding it
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
