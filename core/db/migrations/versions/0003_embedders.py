"""Embedders besides the embedded one: who they are, what they made, how much it weighs."""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
BATCH = 1000


def upgrade() -> None:
    _create_embedders()
    _create_embeddings()
    _create_weights()
    op.add_column("chunks", sa.Column("digest", sa.String(64), server_default="", nullable=False))
    _fill_digests()
    op.create_index("ix_chunks_digest", "chunks", ["digest"])


def _create_embedders() -> None:
    op.create_table(
        "embedders",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("dimension", sa.Integer(), nullable=False),
        sa.Column("query_prefix", sa.Text(), nullable=False),
        sa.Column("document_prefix", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("error_code", sa.String(length=40), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pace", sa.Double(), nullable=True),
        sa.Column("holder", sa.String(length=36), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("serving_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('building','serving','retired','failed')", name="embedder"),
        sa.PrimaryKeyConstraint("id"),
    )
    for state in ("serving", "building"):
        where = sa.text(f"state = '{state}'")
        op.create_index(
            f"one_{state}_embedder",
            "embedders",
            ["state"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )


def _create_embeddings() -> None:
    op.create_table(
        "embeddings",
        sa.Column("embedder_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("unneeded_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["embedder_id"], ["embedders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("embedder_id", "digest"),
    )


def _create_weights() -> None:
    op.create_table(
        "fusion_weights",
        sa.Column("assistant_id", sa.String(length=36), nullable=False),
        sa.Column("embedder", sa.String(length=300), nullable=False),
        sa.Column("lexical", sa.Double(), nullable=False),
        sa.Column("pairs", sa.Integer(), nullable=False),
        sa.Column("mrr", sa.Double(), nullable=False),
        sa.Column("mrr_default", sa.Double(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assistant_id"], ["assistants.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("assistant_id", "embedder"),
    )


def _fill_digests() -> None:
    chunks = sa.table("chunks", *map(sa.column, ("number", "heading", "text", "digest")))
    told = sa.select(chunks.c.number, chunks.c.heading, chunks.c.text)
    set_one = (
        sa.update(chunks)
        .where(chunks.c.number == sa.bindparam("n"))
        .values(digest=sa.bindparam("found"))
    )
    connection, after = op.get_bind(), 0
    while rows := connection.execute(
        told.where(chunks.c.number > after).order_by(chunks.c.number).limit(BATCH)
    ).all():
        found = [{"n": n, "found": _digest(heading, text)} for n, heading, text in rows]
        connection.execute(set_one, found)
        after = rows[-1].number


def _digest(heading: str, text: str) -> str:
    return sha256(f"{heading}\n{text}".encode(errors="surrogatepass")).hexdigest()
