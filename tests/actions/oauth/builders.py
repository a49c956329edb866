"""Clients, keys and resources for tests, sound unless a test says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from forecourt.actions.oauth.client import Client, HeldClient
from forecourt.actions.oauth.resources import Resources
from forecourt.actions.oauth.token_keys import TokenKey
from forecourt.actions.signing_key import generate_signing_key
from forecourt.estate.audience import Audience
from tests.actions.builders import an_application

URL = "https://api.acme.example"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RESOURCES = Resources(
    url=URL,
    apis={f"{URL}/{name}": name for name in ("lamps", "bulbs", "prices")},
    audiences={"lamps": Audience.PUBLIC, "bulbs": Audience.PUBLIC, "prices": Audience.PARTNER},
)


def a_client(**fields: Any) -> HeldClient:
    application = an_application()
    sound = {"id": "client_one", "application": application.id, "created_at": NOW}
    return HeldClient(client=Client(**{**sound, **fields}), application=application)


def a_key(days_ago: float = 0) -> TokenKey:
    return TokenKey(made_at=NOW - timedelta(days=days_ago), key=generate_signing_key())
