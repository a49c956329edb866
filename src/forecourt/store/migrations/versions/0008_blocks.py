"""What is done about addresses and callers for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "blocks",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("until", _MOMENT),
        sa.Column("lifted_at", _MOMENT),
        sa.Column("detector", sa.Text),
        sa.Column("counted", sa.BigInteger),
        sa.Column("seconds", sa.BigInteger),
        sa.Column("samples", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_blocks"),
    )
    op.create_index("ix_blocks_at", "blocks", ["at"])


def downgrade() -> None:
    op.drop_index("ix_blocks_at", "blocks")
    op.drop_table("blocks")
