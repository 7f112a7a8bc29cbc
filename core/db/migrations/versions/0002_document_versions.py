"""Documents with versions, dates of validity, masks, and what is needed to count their use.

What was read before is queued again, because it was neither searched for personal data nor
masked; it goes on serving until that is done.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

DATED = "valid_from IS NOT NULL OR valid_to IS NOT NULL"


def upgrade() -> None:
    _create_versions()
    _add_columns()
    _fill()
    _tighten()


def _create_versions() -> None:
    op.create_table(
        "document_versions",
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("page_starts", sa.JSON(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("personal", sa.JSON(), nullable=False),
        sa.Column("masks", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('queued','ready','failed')", name="document_version_state"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "number"),
    )
    op.create_index("ix_document_versions_digest", "document_versions", ["digest"])
    op.create_index("ix_document_versions_ready_at", "document_versions", ["ready_at"])


def _add_columns() -> None:
    with op.batch_alter_table("documents") as table:
        for name in ("version", "newest", "attempts"):
            table.add_column(sa.Column(name, sa.Integer(), nullable=True))
        for name in ("personal", "masks"):
            table.add_column(sa.Column(name, sa.JSON(), nullable=True))
        for name in ("valid_from", "valid_to"):
            table.add_column(sa.Column(name, sa.Date(), nullable=True))
        table.add_column(sa.Column("reading_since", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("passages") as table:
        table.add_column(sa.Column("document_version", sa.Integer(), nullable=True))
        table.add_column(sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("citations") as table:
        table.add_column(sa.Column("document_id", sa.String(length=36), nullable=True))
        table.create_foreign_key(
            "document_of_a_citation", "documents", ["document_id"], ["id"], ondelete="SET NULL"
        )


def _fill() -> None:
    op.execute(
        "INSERT INTO document_versions (document_id, number, media_type, digest, size, state, text,"
        " page_starts, pages, chunks, language, personal, masks, created_at, ready_at)"
        " SELECT id, 1, media_type, digest, size,"
        " CASE WHEN state = 'failed' THEN 'failed' ELSE 'queued' END,"
        " text, page_starts, pages, chunks, language, '{}', '[]', created_at, ready_at"
        " FROM documents"
    )
    op.execute(
        "UPDATE documents SET newest = 1, attempts = 0, personal = '{}', masks = '[\"cpf\", \"card\"]',"
        " version = CASE WHEN ready_at IS NULL THEN 0 ELSE 1 END, lease_until = NULL,"
        " state = CASE WHEN state = 'failed' THEN 'failed' ELSE 'queued' END"
    )
    op.execute(
        "UPDATE passages SET created_at ="
        " (SELECT created_at FROM messages WHERE messages.id = passages.message_id)"
    )
    op.execute(
        "UPDATE passages SET document_version = 1 WHERE document_id IN"
        " (SELECT id FROM documents WHERE version = 1)"
    )
    op.execute(
        "UPDATE citations SET document_id ="
        " (SELECT document_id FROM passages WHERE passages.id = citations.passage_id)"
    )


def _tighten() -> None:
    with op.batch_alter_table("documents") as table:
        for name in ("version", "newest", "attempts"):
            table.alter_column(name, existing_type=sa.Integer(), nullable=False)
        for name in ("personal", "masks"):
            table.alter_column(name, existing_type=sa.JSON(), nullable=False)
        table.drop_column("text")
        table.drop_column("page_starts")
        dated = {"sqlite_where": sa.text(DATED), "postgresql_where": sa.text(DATED)}
        table.create_index("documents_with_dates", ["assistant_id"], **dated)
    with op.batch_alter_table("passages") as table:
        existing = sa.DateTime(timezone=True)
        table.alter_column("created_at", existing_type=existing, nullable=False)
        table.drop_index("ix_passages_document_id")
        table.create_index("passages_used", ["document_id", "created_at"])
    op.create_index("ix_citations_document_id", "citations", ["document_id"])
