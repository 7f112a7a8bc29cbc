"""Modes: named ways in which an assistant answers, and which of them an answer was given in."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("assistants", sa.Column("modes", sa.JSON(), server_default="[]", nullable=False))
    for name in ("mode", "level"):
        column = sa.Column(name, sa.String(length=40), server_default="", nullable=False)
        op.add_column("messages", column)
