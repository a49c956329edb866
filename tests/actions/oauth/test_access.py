"""What an access token stands for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from forecourt.actions.credential import Owner, OwnerKind
from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.actions.oauth.access import entitlement_of_access_token
from forecourt.actions.oauth.client import HeldClient
from forecourt.actions.presented import PresentedAccessToken
from forecourt.actions.resolve_credential import entitlement_of_key
from forecourt.compiler.ir.callers import Grant
from tests.actions.builders import a_held_key, a_partner, a_revocation, some_callers
from tests.actions.oauth.builders import NOW, RESOURCES, URL, a_client


def found(
    held: HeldClient | None, *, is_revoked: bool = False, **token: Any
) -> Entitlement | Unknown:
    sound: dict[str, Any] = {
        "id": "tok_1",
        "client": "client_one",
        "audience": (URL,),
        "scopes": None,
    }
    return entitlement_of_access_token(
        PresentedAccessToken(**{**sound, **token}),
        held,
        is_revoked=is_revoked,
        callers=some_callers(),
        resources=RESOURCES,
        now=NOW,
    )


def entitled(held: HeldClient | None, **token: Any) -> Entitlement:
    entitlement = found(held, **token)
    assert isinstance(entitlement, Entitlement)
    return entitlement


def test_is_its_application_with_the_bucket_of_its_keys() -> None:
    held = a_client()
    _, held_key = a_held_key(application=held.application)
    key = entitlement_of_key(held_key, some_callers(), NOW)
    assert isinstance(key, Entitlement)
    token = entitled(held)
    assert replace(token, credential="") == replace(key, credential="")
    assert token.credential == entitled(held, id="tok_2").credential == "client_one"


def test_of_a_test_client_it_is_what_a_test_key_is() -> None:
    held = a_client(is_test=True)
    _, held_key = a_held_key(application=held.application, is_test=True)
    key = entitlement_of_key(held_key, some_callers(), NOW)
    assert isinstance(key, Entitlement)
    token = entitled(held)
    assert token.is_test
    assert replace(token, credential="") == replace(key, credential="")
    assert token.bucket != entitled(a_client()).bucket


@pytest.mark.parametrize(
    ("held", "token", "reason"),
    [
        (None, {}, "unknown"),
        (a_client(revoked=a_revocation()), {}, "revoked"),
        (a_client(), {"is_revoked": True}, "revoked"),
        (a_client(expires_at=NOW), {}, "expired"),
        (a_client(), {"audience": ()}, "undeclared"),
        (a_client(), {"audience": ("https://elsewhere.example",)}, "undeclared"),
        (a_client(), {"audience": (f"{URL}/nothing",)}, "undeclared"),
    ],
)
def test_is_nobody(held: HeldClient | None, token: dict[str, Any], reason: str) -> None:
    assert found(held, **token) == Unknown(reason)  # type: ignore[arg-type]


def test_has_the_scopes_that_it_names_else_its_clients() -> None:
    held = a_client(scopes=("read", "write"))
    assert entitled(held).scopes == ("read", "write")
    assert entitled(held, scopes=("read",)).scopes == ("read",)
    assert entitled(a_client()).scopes is None


def test_for_one_api_gives_that_one() -> None:
    assert entitled(a_client(), audience=(f"{URL}/lamps",)).grants == (
        Grant(api="lamps", versions=None),
    )
    assert entitled(a_client()).grants is None


def test_for_an_api_that_the_contract_does_not_name_gives_none() -> None:
    held = a_client()
    owner = Owner(kind=OwnerKind.PARTNER, name=a_partner().id)
    of_partner = replace(held, application=replace(held.application, owner=owner))
    assert entitled(of_partner, audience=(f"{URL}/bulbs",)).grants == ()


def test_ends_with_its_client() -> None:
    ends = NOW + timedelta(minutes=1)
    assert entitled(a_client(expires_at=ends)).expires_at == ends
