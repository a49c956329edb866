"""Clients of the authorization server, and what of their tokens counts no more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "oauth_clients",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("application", sa.Text, nullable=False),
        sa.Column("secret_sha256", sa.Text),
        sa.Column("keys", sa.Text),
        sa.Column("scopes", sa.Text),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT),
        sa.Column("revoked_at", _MOMENT),
        sa.Column("revoked_by", sa.Text),
        sa.Column("revoked_because", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_oauth_clients"),
        sa.ForeignKeyConstraint(
            ["application"], ["applications.id"], name="fk_oauth_clients_application"
        ),
    )
    op.create_index("ix_oauth_clients_application", "oauth_clients", ["application"])
    for name, key in (("revoked_tokens", "id"), ("used_assertions", "digest")):
        op.create_table(
            name,
            sa.Column(key, sa.Text, nullable=False),
            sa.Column("expires_at", _MOMENT, nullable=False),
            sa.PrimaryKeyConstraint(key, name=f"pk_{name}"),
        )


def downgrade() -> None:
    for name in ("used_assertions", "revoked_tokens", "oauth_clients"):
        op.drop_table(name)
