"""How often versions were called, and which versions applications are pinned to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "pins",
        sa.Column("application", sa.Text, nullable=False),
        sa.Column("api", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("application", "api", name="pk_pins"),
    )
    op.create_table(
        "usage_days",
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("api", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("consumer", sa.Text, nullable=False),
        sa.Column("application", sa.Text, nullable=False),
        sa.Column("requests", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "api", "version", "consumer", "application", name="pk_usage_days"
        ),
    )
    op.create_table(
        "usage_positions",
        sa.Column("log", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("log", name="pk_usage_positions"),
    )


def downgrade() -> None:
    op.drop_table("usage_positions")
    op.drop_table("usage_days")
    op.drop_table("pins")
