"""The memory of approved questions: who approved, what still lifts alone, what was given again."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    counted = sa.Column("memory_revision", sa.Integer(), server_default="0", nullable=False)
    op.add_column("assistants", counted)
    with op.batch_alter_table("approved_answers") as table:
        table.add_column(sa.Column("person_id", sa.String(length=36), nullable=True))
        table.add_column(sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
        table.add_column(
            sa.Column("unserved_why", sa.String(length=40), server_default="", nullable=False)
        )
        table.create_foreign_key(
            "who_approved", "people", ["person_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index("approved_answers_changed", "approved_answers", ["assistant_id", "revision"])
    op.create_table(
        "served_answers",
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("approved_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["approved_id"], ["approved_answers.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id"),
    )
    op.create_index("ix_served_answers_approved_id", "served_answers", ["approved_id"])
