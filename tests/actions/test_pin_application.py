"""Who may be pinned to what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from forecourt.actions.api_key import key_digest
from forecourt.actions.pin import PinRecord
from forecourt.actions.pin_application import Pinned, PinRefusal, PinRefused, pin_application
from forecourt.compiler.ir.callers import Pin
from forecourt.estate.api import Scheme, Status
from tests.actions.builders import ACME, NOW, a_held_key, a_record, an_application
from tests.compiler.builders import an_edge
from tests.governance.builders import a_partner, a_service, a_version, an_api
from tests.store.in_memory import InMemoryStore

ENDED = {"status": Status.DEPRECATED, "deprecated": date(2020, 1, 1), "sunset": date(2022, 1, 1)}
EDGE = an_edge(
    an_api(
        "prices",
        "partner",
        scheme=Scheme.HEADER,
        versions=(
            a_version("1", **ENDED),
            a_version("2"),
            a_version("3"),
            a_version("4", status=Status.PREVIEW, feature="early"),
        ),
    ),
    an_api("users", "internal"),
    an_api("ledger", "internal", scheme=Scheme.DATES, versions=(a_version("2024-01-15"),)),
    a_service("orders"),
    a_partner(id=ACME.name, apis={"prices": ("1", "2", "4")}),
)


async def pinned(application: str, api: str, version: str, **fields: Any) -> Any:
    store = InMemoryStore()
    key, held = a_held_key(application=an_application(ACME, id="app_acme"), **fields)
    await store.credentials.add_key(held, key_digest(key), a_record())
    record = PinRecord(application=application, api=api, version=version, at=NOW, who="root")
    outcome = await pin_application(record, edge=EDGE, keys=store.credentials, pins=store.pins)
    is_set = await store.pins.pins_of(application) == (Pin(api=api, version=version),)
    assert is_set is isinstance(outcome, Pinned)
    return outcome


@pytest.mark.parametrize(
    ("application", "api", "version"),
    [
        ("app_acme", "prices", "2"),
        (f"{ACME.name}/certificate", "prices", "2"),
        ("orders", "ledger", "2024-01-15"),
        ("orders", "prices", "3"),
    ],
)
async def test_an_application_is_pinned_to_what_it_may_use(
    application: str, api: str, version: str
) -> None:
    assert isinstance(await pinned(application, api, version), Pinned)


@pytest.mark.parametrize(
    ("application", "api", "version", "because"),
    [
        ("app_none", "prices", "2", PinRefusal.NO_APPLICATION),
        ("issuer/client", "prices", "2", PinRefusal.NO_APPLICATION),
        ("app_acme", "users", "2", PinRefusal.NO_API),
        ("app_acme", "no-such", "2", PinRefusal.NO_API),
        ("orders", "users", "1", PinRefusal.NOT_BY_HEADER),
        ("app_acme", "prices", "9", PinRefusal.NO_VERSION),
        ("app_acme", "prices", "3", PinRefusal.NO_VERSION),
        ("app_acme", "prices", "4", PinRefusal.NO_VERSION),
        ("app_acme", "prices", "1", PinRefusal.RETIRED),
    ],
    ids=[
        "nobody",
        "nobody of an issuer",
        "an API inside",
        "an API that is not",
        "an API without the header",
        "a version that is not",
        "a version that its contract does not name",
        "a preview without its feature",
        "a version that has ended",
    ],
)
async def test_is_refused(application: str, api: str, version: str, because: PinRefusal) -> None:
    outcome = await pinned(application, api, version)
    assert isinstance(outcome, PinRefused)
    assert outcome.because is because
    if because in (PinRefusal.NO_VERSION, PinRefusal.RETIRED):
        assert outcome.choices == ("2",)


async def test_an_application_can_be_pinned_whatever_has_become_of_its_keys() -> None:
    """Its next key will call, and get that version."""
    outcome = await pinned("app_acme", "prices", "2", expires_at=NOW - timedelta(days=1))
    assert isinstance(outcome, Pinned)


async def test_an_application_may_be_called_as_people_call_it() -> None:
    store = InMemoryStore()
    await store.credentials.add_application(an_application(ACME, id="app_acme"), a_record())
    record = PinRecord(application=f"{ACME}/shop", api="prices", version="2", at=NOW, who="root")
    outcome = await pin_application(record, edge=EDGE, keys=store.credentials, pins=store.pins)
    assert isinstance(outcome, Pinned)
    assert outcome.record.application == "app_acme"


async def test_an_owner_is_no_application() -> None:
    outcome = await pinned(str(ACME), "prices", "2")
    assert outcome == PinRefused(because=PinRefusal.NO_APPLICATION)
