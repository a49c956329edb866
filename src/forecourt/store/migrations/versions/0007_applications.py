"""What a key is limited to, when it was used last, and who is suspended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_OF_KEYS = ("name", "apis", "addresses", "last_used_at", "replaced_by")


def upgrade() -> None:
    # A process of the release before does not name them, and issues all the same.
    op.add_column("credentials", sa.Column("name", sa.Text))
    op.add_column("credentials", sa.Column("apis", sa.Text))
    op.add_column("credentials", sa.Column("addresses", sa.Text))
    op.add_column("credentials", sa.Column("last_used_at", _MOMENT))
    op.add_column("credentials", sa.Column("replaced_by", sa.Text))
    op.create_table(
        "suspensions",
        sa.Column("is_owner", sa.Boolean, nullable=False),
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("is_owner", "caller", name="pk_suspensions"),
    )


def downgrade() -> None:
    op.drop_table("suspensions")
    for column in reversed(_OF_KEYS):
        op.drop_column("credentials", column)
