"""The secret that a client had before, while it goes on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("oauth_clients", sa.Column("former_sha256", sa.Text))
    op.add_column("oauth_clients", sa.Column("former_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("oauth_clients", "former_until")
    op.drop_column("oauth_clients", "former_sha256")
