"""The day whose documents an answer was looked for in, where a question names one."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    column: sa.Column[date] = sa.Column("as_of", sa.Date(), nullable=True)
    op.add_column("messages", column)
