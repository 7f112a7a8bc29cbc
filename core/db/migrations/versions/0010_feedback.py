"""People's roles; what askers say: problems, stars, whether a question was solved."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    _people()
    _feedback()
    _problem_flags()
    _conversation_ratings()
    _idempotency_keys()


def _people() -> None:
    op.add_column(
        "people",
        sa.Column(
            "roles",
            sa.JSON(),
            server_default='["viewer", "analyst", "reviewer", "admin"]',
            nullable=False,
        ),
    )


def _feedback() -> None:
    op.add_column(
        "feedback", sa.Column("user_id", sa.String(length=200), server_default="", nullable=False)
    )
    op.create_index(
        "one_rating_of_a_user",
        "feedback",
        ["message_id", "user_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND person_id IS NULL AND user_id <> ''"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND person_id IS NULL AND user_id <> ''"),
    )


def _problem_flags() -> None:
    op.create_table(
        "problem_flags",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("user_id", sa.String(length=200), nullable=False),
        sa.Column("problem", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_problem_flags_created_at", "problem_flags", ["created_at"])
    op.create_index("ix_problem_flags_message_id", "problem_flags", ["message_id"])
    op.create_index("ix_problem_flags_person_id", "problem_flags", ["person_id"])
    op.create_index(
        "one_flag_of_a_person",
        "problem_flags",
        ["message_id", "problem", "person_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND person_id IS NOT NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND person_id IS NOT NULL"),
    )
    op.create_index(
        "one_flag_of_a_user",
        "problem_flags",
        ["message_id", "problem", "user_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND person_id IS NULL AND user_id <> ''"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND person_id IS NULL AND user_id <> ''"),
    )


def _conversation_ratings() -> None:
    op.create_table(
        "conversation_ratings",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("user_id", sa.String(length=200), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="conversation_stars"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_conversation_ratings_conversation_id", "conversation_ratings", ["conversation_id"]
    )
    op.create_index("ix_conversation_ratings_created_at", "conversation_ratings", ["created_at"])
    op.create_index(
        "one_conversation_rating_of_a_person",
        "conversation_ratings",
        ["conversation_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND person_id IS NOT NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND person_id IS NOT NULL"),
    )
    op.create_index(
        "one_conversation_rating_of_a_user",
        "conversation_ratings",
        ["conversation_id", "user_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND person_id IS NULL AND user_id <> ''"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND person_id IS NULL AND user_id <> ''"),
    )


def _idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "place"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
