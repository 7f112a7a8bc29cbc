"""A queue may name a judge model; what it says of each item is kept beside the judgements."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

SAID = sa.text("verdict <> ''")


def upgrade() -> None:
    op.add_column(
        "annotation_queues",
        sa.Column("judge", sa.String(length=241), server_default="", nullable=False),
    )
    until: sa.Column[datetime] = sa.Column(
        "judging_until", sa.DateTime(timezone=True), nullable=True
    )
    op.add_column("annotation_queues", until)
    op.create_table(
        "annotation_opinions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_number", sa.Integer(), nullable=False),
        sa.Column("queue_id", sa.String(length=36), nullable=False),
        sa.Column("guideline_id", sa.String(length=36), nullable=False),
        sa.Column("model", sa.String(length=241), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("failure_type", sa.String(length=12), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("failed", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('','approved','corrected','rejected')", name="opinion_verdict"
        ),
        sa.ForeignKeyConstraint(["guideline_id"], ["guidelines.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["item_number"], ["annotation_items.number"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["queue_id"], ["annotation_queues.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_annotation_opinions_item_number", "annotation_opinions", ["item_number"])
    op.create_index(
        "one_opinion_of_a_model",
        "annotation_opinions",
        ["item_number", "model", "guideline_id"],
        unique=True,
        sqlite_where=SAID,
        postgresql_where=SAID,
    )
    op.create_index("opinions_of_a_queue", "annotation_opinions", ["queue_id", "created_at"])
