"""Which addresses no block holds off."""

from __future__ import annotations

from forecourt.actions.announce import NewsKind
from forecourt.server.never_blocked import NeverBlocked
from tests.actions.publishing import Acme
from tests.store.in_memory import InMemoryStore

_ORGANIZATION = "forecourt.yaml"
_HOSTS = "hosts: [api.acme.example]"


async def test_follows_what_is_published_and_that_is_news() -> None:
    acme = Acme(InMemoryStore())
    never = NeverBlocked(acme.store.revisions)
    assert await never() == ()
    await acme.publish()
    assert await never() == ()
    declared = f"{_HOSTS}, never_block: [203.0.113.5, 10.0.0.0/8]"
    acme.save(_ORGANIZATION, acme.files[_ORGANIZATION].replace(_HOSTS, declared))
    await acme.publish()
    assert await never() == ("10.0.0.0/8", "203.0.113.5/32")
    assert (await acme.news())[-1] == (NewsKind.ADDRESS, "-")
