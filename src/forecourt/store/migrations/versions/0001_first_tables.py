"""The first tables, and a name for this database."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    ledger = op.create_table(
        "ledger",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Text, nullable=False),
        sa.Column("news", sa.BigInteger, nullable=False),
        sa.Column("revisions", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger"),
    )
    op.bulk_insert(ledger, [{"id": 1, "epoch": uuid4().hex, "news": 0, "revisions": 0}])
    op.create_table(
        "applications",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("owner_kind", sa.Text, nullable=False),
        sa.Column("owner_name", sa.Text, nullable=False),
        sa.Column("plan", sa.Text),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_applications"),
        sa.UniqueConstraint(
            "owner_kind", "owner_name", "name", name="uq_applications_owner_kind_owner_name_name"
        ),
    )
    op.create_table(
        "credentials",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("last_four", sa.Text, nullable=False),
        sa.Column("application", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text),
        sa.Column("is_test", sa.Boolean, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT),
        sa.Column("revoked_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_credentials"),
        sa.UniqueConstraint("sha256", name="uq_credentials_sha256"),
        sa.ForeignKeyConstraint(
            ["application"], ["applications.id"], name="fk_credentials_application"
        ),
    )
    op.create_index("ix_credentials_prefix", "credentials", ["prefix"])
    op.create_index("ix_credentials_application", "credentials", ["application"])
    op.create_table(
        "news",
        sa.Column("sequence", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_news"),
    )
    op.create_table(
        "revisions",
        sa.Column("number", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("snapshot", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_revisions"),
    )
    op.create_table(
        "part_contents",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_part_contents"),
    )
    op.create_table(
        "revision_parts",
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.Text),
        sa.PrimaryKeyConstraint("part", "number", name="pk_revision_parts"),
        sa.ForeignKeyConstraint(["number"], ["revisions.number"], name="fk_revision_parts_number"),
        sa.ForeignKeyConstraint(
            ["digest"], ["part_contents.digest"], name="fk_revision_parts_digest"
        ),
    )
    op.create_table(
        "narrowings",
        sa.Column("api", sa.Text, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("api", name="pk_narrowings"),
    )
    op.create_table(
        "rejected_parts",
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("part", "digest", name="pk_rejected_parts"),
    )


def downgrade() -> None:
    for table in (
        "rejected_parts",
        "narrowings",
        "revision_parts",
        "part_contents",
        "revisions",
        "news",
        "credentials",
        "applications",
        "ledger",
    ):
        op.drop_table(table)
