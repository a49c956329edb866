"""What is done about attacks, as an API sets it; else as the table says."""

from __future__ import annotations

from forecourt.estate.audience import Audience
from forecourt.server.abuse_postures import AbusePostures
from tests.actions.publishing import Acme, an_api_file
from tests.store.in_memory import InMemoryStore


async def test_follows_what_is_published() -> None:
    acme = Acme(InMemoryStore())
    abuse = AbusePostures(acme.store.revisions)
    assert await abuse("payments", Audience.PARTNER) == "throttle"
    acme.save("apis/payments/api.yaml", an_api_file(posture="{abuse: block}"))
    await acme.publish()
    assert await abuse("payments", Audience.PARTNER) == "block"
    assert await abuse("users", Audience.INTERNAL) == "report"
    assert await abuse(None, Audience.PARTNER) == "throttle"
