"""Documents found by any writing of their names; indexes that count in how many answers they were."""

import sqlalchemy as sa
from alembic import op

from core.text import fold

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("documents", sa.Column("folded", sa.Text(), server_default="", nullable=False))
    _fold_names()
    op.drop_index("passages_used", table_name="passages")
    op.create_index("passages_used", "passages", ["document_id", "message_id", "created_at"])
    op.drop_index("ix_citations_document_id", table_name="citations")
    op.create_index("citations_of_a_document", "citations", ["document_id", "message_id"])


def _fold_names() -> None:
    documents = sa.table("documents", *map(sa.column, ("id", "name", "folded")))
    set_one = sa.update(documents).where(documents.c.id == sa.bindparam("which"))
    rows = op.get_bind().execute(sa.select(documents.c.id, documents.c.name)).all()
    found = [{"which": id_, "told": fold(name)} for id_, name in rows]
    if found:
        op.get_bind().execute(set_one.values(folded=sa.bindparam("told")), found)
