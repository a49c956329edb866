"""The audit log: entries are added, and never changed or taken out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)

# They keep a mistake from becoming a loss. Whoever owns the database can drop them; what then is
# changed, `forecourt audit verify` finds.
_SQLITE = (
    "CREATE TRIGGER audit_log_keeps BEFORE {event} ON audit_log "
    "BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
)
# What `REPLACE` takes out, it takes out without asking them.
_NO_REPLACING = (
    "CREATE TRIGGER audit_log_keeps_insert BEFORE INSERT ON audit_log "
    "WHEN EXISTS (SELECT 1 FROM audit_log WHERE number = NEW.number) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
)
_POSTGRESQL = (
    "CREATE FUNCTION audit_log_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit log only grows'; END $$",
    "CREATE TRIGGER audit_log_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_log_only_grows()",
)


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("number", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_log"),
    )
    op.add_column("ledger", sa.Column("audit", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("ledger", sa.Column("audit_head", sa.Text))
    if op.get_bind().dialect.name == "postgresql":
        for statement in _POSTGRESQL:
            op.execute(statement)
    else:
        for event in ("UPDATE", "DELETE"):
            made = _SQLITE.replace("_keeps", f"_keeps_{event.lower()}")
            op.execute(made.format(event=event))
        op.execute(_NO_REPLACING)


def downgrade() -> None:
    op.drop_table("audit_log")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_log_only_grows()")
    op.drop_column("ledger", "audit_head")
    op.drop_column("ledger", "audit")
