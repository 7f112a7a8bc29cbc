"""Answers to repeated questions; messages found by the outside's name for them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NAMED: dict[str, Any] = {
    "sqlite_where": sa.text("external_id IS NOT NULL"),
    "postgresql_where": sa.text("external_id IS NOT NULL"),
}


def upgrade() -> None:
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("cached_from", sa.String(length=36), nullable=True))
        table.create_foreign_key(
            "answer_given_before", "messages", ["cached_from"], ["id"], ondelete="SET NULL"
        )
    op.create_index("ix_messages_cached_from", "messages", ["cached_from"])
    op.create_index("messages_by_external_id", "messages", ["external_id"], **NAMED)
    op.create_table(
        "cached_answers",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("assistant_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["assistant_id"], ["assistants.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key"),
    )
    for column in ("message_id", "assistant_id", "expires_at"):
        op.create_index(f"ix_cached_answers_{column}", "cached_answers", [column])
