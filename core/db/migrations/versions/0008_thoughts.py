"""Whether an assistant's askers see how the model thought."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    column: sa.Column[bool] = sa.Column(
        "thoughts", sa.Boolean(), server_default=sa.true(), nullable=False
    )
    op.add_column("assistants", column)
