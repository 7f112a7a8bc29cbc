"""Who answers when the first choice cannot, how each answer came about, and what it took."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KEPT: dict[str, Any] = {
    "sqlite_where": sa.text("prompt IS NOT NULL"),
    "postgresql_where": sa.text("prompt IS NOT NULL"),
}


def upgrade() -> None:
    with op.batch_alter_table("assistants") as table:
        table.add_column(sa.Column("routing", sa.JSON(), nullable=True))
    with op.batch_alter_table("messages") as table:
        for name in ("load_seconds", "generation_seconds"):
            table.add_column(sa.Column(name, sa.Double(), nullable=True))
        for name in ("cached_tokens", "attempts"):
            table.add_column(sa.Column(name, sa.Integer(), nullable=True))
        table.add_column(sa.Column("breaks", sa.JSON(), nullable=True))
    op.execute("UPDATE assistants SET routing = '{}'")
    op.execute(
        "UPDATE messages SET breaks = '[]',"
        " attempts = CASE WHEN version_id IS NULL THEN 0 ELSE 1 END"
    )
    with op.batch_alter_table("assistants") as table:
        table.alter_column("routing", existing_type=sa.JSON(), nullable=False)
    with op.batch_alter_table("messages") as table:
        table.alter_column("attempts", existing_type=sa.Integer(), nullable=False)
        table.alter_column("breaks", existing_type=sa.JSON(), nullable=False)
    op.create_table(
        "traces",
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("prompt", sa.LargeBinary(), nullable=True),
        sa.Column("dropped", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id"),
    )
    op.create_index("prompts_kept", "traces", ["created_at"], **KEPT)
