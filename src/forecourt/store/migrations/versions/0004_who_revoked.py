"""Who revoked a key, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A process of the release before does not name them, and revokes all the same.
    op.add_column("credentials", sa.Column("revoked_by", sa.Text))
    op.add_column("credentials", sa.Column("revoked_because", sa.Text))


def downgrade() -> None:
    op.drop_column("credentials", "revoked_because")
    op.drop_column("credentials", "revoked_by")
