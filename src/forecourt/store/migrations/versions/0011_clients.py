"""The secret that a client had before, while it goes on; clients for tests; and where they call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("oauth_clients", sa.Column("former_sha256", sa.Text))
    op.add_column("oauth_clients", sa.Column("former_until", sa.DateTime(timezone=True)))
    # A process of the release before does not name it, and adds clients all the same.
    is_test = sa.Column("is_test", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("oauth_clients", is_test)
    op.create_table(
        "client_networks",
        sa.Column("client", sa.Text, nullable=False),
        sa.Column("network", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client", "network", name="pk_client_networks"),
    )
    op.create_index("ix_client_networks_at", "client_networks", ["at"])


def downgrade() -> None:
    op.drop_table("client_networks")
    op.drop_column("oauth_clients", "is_test")
    op.drop_column("oauth_clients", "former_until")
    op.drop_column("oauth_clients", "former_sha256")
