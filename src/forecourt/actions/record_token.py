"""Put on the record that a token was issued: one that is not recorded is not handed out."""

from __future__ import annotations

from forecourt.actions.audit import AuditedAct, Deed, WriteAudit
from forecourt.actions.issue_token import TokenIssued
from forecourt.actions.record import Record


async def record_token(
    issued: TokenIssued, *, holder: str, audit: WriteAudit, record: Record
) -> None:
    """`holder` is who will present it: `service:orders`, or `application:shop of acme-id`."""
    await audit.record(
        AuditedAct(
            deed=Deed.TOKEN_ISSUE,
            subject=issued.id,
            record=record,
            after={
                "holder": holder,
                "scopes": list(issued.scopes),
                "expires": issued.expires_at.isoformat(),
            },
        )
    )
