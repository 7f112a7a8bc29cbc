"""The review queue: items, seats at them, judgements, and the memory of approved questions."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    _annotation_queues()
    _guidelines()
    _annotation_items()
    _annotation_passed_on()
    _annotation_drafts()
    _judgements()
    _annotation_seats()
    _approved_answers()


def _annotation_queues() -> None:
    op.create_table(
        "annotation_queues",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("assistant_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("reviewers_per_item", sa.Integer(), nullable=False),
        sa.Column("lease_seconds", sa.Integer(), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("random_share", sa.Double(), nullable=False),
        sa.Column("calibration_share", sa.Double(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("refilled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reviewers_per_item BETWEEN 1 AND 5", name="queue_reviewers"),
        sa.ForeignKeyConstraint(["assistant_id"], ["assistants.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_annotation_queues_assistant_id", "annotation_queues", ["assistant_id"])
    op.create_index(
        "one_queue_of_a_name",
        "annotation_queues",
        ["assistant_id", "name"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def _guidelines() -> None:
    op.create_table(
        "guidelines",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("queue_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rubric", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["queue_id"], ["annotation_queues.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("queue_id", "number", name="one_guideline_of_a_number"),
    )


def _annotation_items() -> None:
    op.create_table(
        "annotation_items",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("queue_id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("priority", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("known", sa.JSON(), nullable=False),
        sa.Column("gold_id", sa.String(length=36), nullable=True),
        sa.Column("removed_by", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending','done','removed','unavailable')", name="item_state"
        ),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["queue_id"], ["annotation_queues.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["removed_by"], ["people.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("queue_id", "message_id", name="one_item_of_an_answer"),
        sqlite_autoincrement=True,
    )
    op.create_index("items_of_a_queue", "annotation_items", ["queue_id", "state", "number"])
    op.create_index("ix_annotation_items_conversation_id", "annotation_items", ["conversation_id"])
    op.create_index("ix_annotation_items_message_id", "annotation_items", ["message_id"])


def _annotation_passed_on() -> None:
    op.create_table(
        "annotation_passed_on",
        sa.Column("item_number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_number"], ["annotation_items.number"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_number", "person_id"),
    )


def _annotation_drafts() -> None:
    op.create_table(
        "annotation_drafts",
        sa.Column("item_number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_number"], ["annotation_items.number"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_number", "person_id"),
    )


def _judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_number", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("guideline_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("failure_type", sa.String(length=12), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("passages", sa.JSON(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("suggestion", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("supersedes_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "verdict IN ('approved','corrected','rejected')", name="judgement_verdict"
        ),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name="judgement_stars"),
        sa.ForeignKeyConstraint(["guideline_id"], ["guidelines.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["item_number"], ["annotation_items.number"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["supersedes_id"], ["judgements.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("seat_id", "token", name="one_judgement_of_a_claim"),
    )
    op.create_index("ix_judgements_created_at", "judgements", ["created_at"])
    op.create_index("ix_judgements_item_number", "judgements", ["item_number"])
    op.create_index("ix_judgements_message_id", "judgements", ["message_id"])
    op.create_index("ix_judgements_person_id", "judgements", ["person_id"])


def _annotation_seats() -> None:
    op.create_table(
        "annotation_seats",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("item_number", sa.Integer(), nullable=False),
        sa.Column("queue_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Double(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judgement_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("state IN ('open','held','judged','closed')", name="seat_state"),
        sa.ForeignKeyConstraint(["item_number"], ["annotation_items.number"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgements.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["queue_id"], ["annotation_queues.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item_number", "place", name="one_seat_of_a_place"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "one_claim_of_a_person",
        "annotation_seats",
        ["queue_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index(
        "one_seat_of_a_person",
        "annotation_seats",
        ["item_number", "person_id"],
        unique=True,
        sqlite_where=sa.text("person_id IS NOT NULL"),
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "seats_waiting",
        "annotation_seats",
        ["queue_id", "rank", "item_number", "place"],
        sqlite_where=sa.text("state IN ('open','held')"),
        postgresql_where=sa.text("state IN ('open','held')"),
    )


def _approved_answers() -> None:
    op.create_table(
        "approved_answers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("assistant_id", sa.String(length=36), nullable=False),
        sa.Column("judgement_id", sa.String(length=36), nullable=True),
        sa.Column("message_id", sa.String(length=36), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("corrected", sa.Boolean(), nullable=False),
        sa.Column("passages", sa.JSON(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("served", sa.Integer(), nullable=False),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_why", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["assistant_id"], ["assistants.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgements.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("judgement_id"),
    )
    op.create_index(
        "approved_answers_in_use",
        "approved_answers",
        ["assistant_id", "created_at"],
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_index("ix_approved_answers_assistant_id", "approved_answers", ["assistant_id"])
