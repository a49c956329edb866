"""What was spent of quotas, and what was told of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quota_days",
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("requests", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("holder", "day", name="pk_quota_days"),
    )
    op.create_index("ix_quota_days_day", "quota_days", ["day"])
    op.create_table(
        "quota_events",
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("window", sa.Text, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("limit", sa.BigInteger, nullable=False),
        sa.Column("percent", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "holder", "window", "since", "limit", "percent", name="pk_quota_events"
        ),
    )


def downgrade() -> None:
    op.drop_table("quota_events")
    op.drop_table("quota_days")
