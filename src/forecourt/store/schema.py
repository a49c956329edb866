"""The tables as they are after the newest migration."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from forecourt.store.moment import Moment

# Named, so that a later migration can change them on every database.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# One row: which database this is, and how far its numbers have come. Whoever takes the next number
# holds the row until the end of the transaction, so numbers appear in their order and without gaps;
# a sequence of PostgreSQL would show 7 before 6, and who reads "since 5" would miss it.
ledger = Table(
    "ledger",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("epoch", Text, nullable=False),
    Column("news", BigInteger, nullable=False),
    Column("revisions", BigInteger, nullable=False),
    Column("audit", BigInteger, nullable=False, server_default="0"),
    Column("audit_head", Text),  # null: no entry yet
)

# An entry is its text; the time and the act are there to look for. It only grows.
audit_log = Table(
    "audit_log",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("what", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

applications = Table(
    "applications",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("owner_kind", Text, nullable=False),
    Column("owner_name", Text, nullable=False),
    Column("plan", Text),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("owner_kind", "owner_name", "name"),
)

credentials = Table(
    "credentials",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sha256", Text, nullable=False, unique=True),
    Column("prefix", Text, nullable=False, index=True),
    Column("last_four", Text, nullable=False),
    Column("application", Text, ForeignKey("applications.id"), nullable=False, index=True),
    Column("scopes", Text),  # separated by spaces, as in OAuth; null: all that need no user
    Column("is_test", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
    Column("revoked_by", Text),  # null: revoked before it was recorded
    Column("revoked_because", Text),
    Column("name", Text),  # null: nobody gave it one
    Column("apis", Text),  # separated by spaces; null: all that its owner has
    Column("addresses", Text),  # networks, separated by spaces; null: from anywhere
    Column("last_used_at", Moment),  # to the minute, as the access log is counted
    Column("replaced_by", Text),  # the key that it was rotated to
)

# Who is stopped for a while: an application, or an owner; named as the access log names them.
suspensions = Table(
    "suspensions",
    metadata,
    Column("is_owner", Boolean, primary_key=True),
    Column("caller", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("because", Text, nullable=False),
)

# What is done about an address or a caller for a while, by hand or because a detector asked for it.
blocks = Table(
    "blocks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("who", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("until", Moment),  # null: until somebody lifts it
    Column("lifted_at", Moment),
    Column("detector", Text),  # null: by hand; the three below belong to it
    Column("counted", BigInteger),
    Column("seconds", BigInteger),
    Column("samples", Text),  # ids of requests, separated by spaces
)

# Clients of the authorization server: each has a secret, or keys of its own (a JWKS).
oauth_clients = Table(
    "oauth_clients",
    metadata,
    Column("id", Text, primary_key=True),
    Column("application", Text, ForeignKey("applications.id"), nullable=False, index=True),
    Column("secret_sha256", Text),
    Column("former_sha256", Text),  # the secret before, which goes on until then
    Column("former_until", Moment),
    Column("keys", Text),
    Column("scopes", Text),  # as those of credentials
    Column("is_test", Boolean, nullable=False, server_default=false()),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
    Column("revoked_by", Text),
    Column("revoked_because", Text),
)

# Where clients proved themselves: an address of IPv4, or a /64.
client_networks = Table(
    "client_networks",
    metadata,
    Column("client", Text, primary_key=True),
    Column("network", Text, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
)

# Tokens that were withdrawn before they ended, until they end.
revoked_tokens = Table(
    "revoked_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("expires_at", Moment, nullable=False),
)

# Assertions of clients that were used, until they end: each counts once.
used_assertions = Table(
    "used_assertions",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("expires_at", Moment, nullable=False),
)

news = Table(
    "news",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("snapshot", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("because", Text, nullable=False),
)

part_contents = Table(
    "part_contents",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("content", Text, nullable=False),
)

# Only what a revision changed: its state is the newest row of each part up to its number.
revision_parts = Table(
    "revision_parts",
    metadata,
    Column("part", Text, primary_key=True),
    Column("number", BigInteger, ForeignKey("revisions.number"), primary_key=True),
    Column("digest", Text, ForeignKey("part_contents.digest")),  # null: removed
)

# What the edge loads of contracts; parts of APIs name them.
compiled_contracts = Table(
    "compiled_contracts",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# In how many answers an upstream sent what its contract does not declare; never what it was.
leaks = Table(
    "leaks",
    metadata,
    Column("api", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("operation", Text, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("check", Text, primary_key=True),
    Column("times", BigInteger, nullable=False),
    Column("since", Moment, nullable=False),
    Column("last", Moment, nullable=False),
)

# The version of an API that an application gets where it names none; "": it was unpinned then.
pins = Table(
    "pins",
    metadata,
    Column("application", Text, primary_key=True),
    Column("api", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
)

# How many requests a day reached a version, by who called. Days are UTC's, `2026-03-01`.
usage_days = Table(
    "usage_days",
    metadata,
    Column("day", Text, primary_key=True),
    Column("api", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("consumer", Text, primary_key=True),
    Column("application", Text, primary_key=True),
    Column("requests", BigInteger, nullable=False),
)

# How far the access log of each edge was counted: moved on with the counts, or not at all.
usage_positions = Table(
    "usage_positions",
    metadata,
    Column("log", Text, primary_key=True),
    Column("file", Text, nullable=False),
    Column("offset", BigInteger, nullable=False),
)

# How many requests of a day (UTC's, `2026-03-01`) count against whose quota.
quota_days = Table(
    "quota_days",
    metadata,
    Column("holder", Text, primary_key=True),
    Column("day", Text, primary_key=True, index=True),
    Column("requests", BigInteger, nullable=False),
)

# Which share of a quota was reached, once in each of its windows. It only grows.
quota_events = Table(
    "quota_events",
    metadata,
    Column("holder", Text, primary_key=True),
    Column("window", Text, primary_key=True),
    Column("since", Text, primary_key=True),
    Column("limit", BigInteger, primary_key=True, autoincrement=False),
    Column("percent", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
)

narrowings = Table(
    "narrowings",
    metadata,
    Column("api", Text, primary_key=True),
    Column("audience", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("because", Text, nullable=False),
)

# Content that was rolled back: it does not publish itself again.
rejected_parts = Table(
    "rejected_parts",
    metadata,
    Column("part", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
)
