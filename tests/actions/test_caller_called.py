"""Which application or owner a name stands for."""

from __future__ import annotations

import pytest

from forecourt.actions.caller_called import Called, caller_called
from tests.actions.builders import ACME, a_record, an_application, some_callers
from tests.store.in_memory import InMemoryStore


async def called(reference: str) -> Called | None:
    """With applications of ada's and of a partner's, one of them called as nobody should."""
    store = InMemoryStore()
    for application in (
        an_application(),
        an_application(id="app_odd", name="a/b c"),
        an_application(ACME, id="app_acme"),
    ):
        await store.credentials.add_application(application, a_record())
    return await caller_called(reference, callers=some_callers(), store=store.credentials)


@pytest.mark.parametrize(
    ("reference", "id", "is_owner"),
    [
        ("developer:ada", "developer:ada", True),
        ("developer:ada/shop", "app_ada", False),
        ("developer:ada/a/b c", "app_odd", False),
        ("app_ada", "app_ada", False),
        ("partner:acme-corp", "partner:partner_acme_corp", True),
        ("partner:partner_acme_corp", "partner:partner_acme_corp", True),
        ("partner:acme-corp/shop", "app_acme", False),
        ("partner_acme_corp/certificate", "partner_acme_corp/certificate", False),
        ("service:orders", "service:orders", True),
        ("orders", "service:orders", True),
        ("acme-id/client-7", "acme-id/client-7", False),
        ("acme-id/https://c.example", "acme-id/https%3A%2F%2Fc.example", False),
        ("acme-id/https%3A%2F%2Fc.example", "acme-id/https%3A%2F%2Fc.example", False),
        ("developer:acme-id/client-7", "developer:acme-id/client-7", True),
    ],
)
async def test_stands_for(reference: str, id: str, is_owner: bool) -> None:
    found = await called(reference)
    assert found is not None
    assert (found.caller.id, found.caller.is_owner) == (id, is_owner)


@pytest.mark.parametrize(
    "reference",
    [
        *("", "ada", "developer:", "developer:grace", "developer:ada/none", "developer:ada/"),
        *("partner:other", "partner:acme-corp/none", "service:other", "app_none"),
        *("other-id/client", "acme-id/", "other/certificate", "orders/x", "a\nb"),
    ],
)
async def test_stands_for_nobody(reference: str) -> None:
    assert await called(reference) is None
