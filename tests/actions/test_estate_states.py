"""What a state of an estate differs in from the served one, of what is about a request."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.actions.estate_states import Changed
from forecourt.compiler.refusals import Refusal
from tests.actions.explaining import FILES, House
from tests.actions.publishing import a_partner_file


@pytest.fixture
async def house() -> House:
    return await House().open()


async def on_disk(house: House, reference: str, path: str, **fields: Any) -> Changed | None:
    return (await house.assumed(reference, path, **fields)).on_disk


async def test_what_was_published_differs_in_nothing(house: House) -> None:
    assert await on_disk(house, "ada", "/payments/v2/x") is None


async def test_an_api_that_is_new_on_disk_would_stand_there(house: House) -> None:
    api = FILES["apis/payments/api.yaml"].replace("name: payments", "name: candles")
    house.acme.save("apis/candles/api.yaml", api)
    house.acme.save("apis/candles/v1.openapi.yaml", FILES["apis/prices/v1.openapi.yaml"])
    found = await on_disk(house, "ada", "/candles/v2/x")
    assert found == Changed(refusal=None, is_otherwise=True, differing=("api/candles",))


async def test_an_api_that_is_gone_from_disk_would_not(house: House) -> None:
    house.acme.save("apis/payments/", None)
    found = await on_disk(house, "ada", "/payments/v2/x")
    assert found is not None
    assert (found.refusal, found.is_otherwise) == (Refusal.NOT_FOUND, True)


async def test_the_file_of_the_partner_who_calls_counts_and_no_others(house: House) -> None:
    house.acme.save("partners/acme-corp.yaml", a_partner_file(apis="{prices: {}}"))
    found = await on_disk(house, "acme", "/payments/v1/x", at=house.acme.time.replace(year=2025))
    assert found is not None
    assert found.differing == ("callers/partner/acme-corp",)
    assert found.refusal is not None
    assert await on_disk(house, "partner:globex", "/prices/x") is None


async def test_a_partner_that_is_gone_from_disk_would_be_nobody(house: House) -> None:
    house.acme.save("partners/globex.yaml", None)
    found = await on_disk(house, "partner:globex", "/prices/x")
    assert found is not None
    assert (found.refusal, found.is_otherwise) == (Refusal.UNKNOWN, True)


async def test_another_limit_differs_and_decides_the_same(house: House) -> None:
    house.acme.save("plans.yaml", "plans:\n  free: {rate_limit: {requests_per_minute: 30}}\n")
    found = await on_disk(house, "ada", "/payments/v2/x")
    assert found == Changed(refusal=None, is_otherwise=False, differing=("callers/plans",))
