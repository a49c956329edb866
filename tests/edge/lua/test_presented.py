"""What a request brings to prove who calls, source by source."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.actions.api_key import new_key
from forecourt.actions.presented import PresentedAccessToken, PresentedToken
from forecourt.server.presentation import Misspoken, presented
from tests.actions.builders import chance
from tests.edge.entitled import ORDERS
from tests.edge.luajit import Lua

LUA = Lua()
PRESENTED = LUA.module("presented")
KEY = new_key(chance(), is_test=False)
HASH = "0123456789abcdef" * 4

PUBLIC = {
    "mesh": False,
    "partner_host": "",
    "issuers": ["acme-id", "other"],
    "consumer_claims": {"acme-id": "azp", "other": "client_id"},
    "key_names": {},
    "control_cluster": "control",
}
OF_A_PARTNER = PUBLIC | {"partner_host": "acme-corp.api.acme.example"}
MESH = {"mesh": True, "partner_host": "", "issuers": [], "proxies": {}, "consumer_claims": {}}


def sources(settings: dict[str, Any]) -> dict[str, Any]:
    found = PRESENTED.sources(LUA.value(settings))
    return {source.field: source for source in found.values()}


def read(
    settings: dict[str, Any], field: str, value: str, verified: dict[str, Any] | None = None
) -> tuple[Any, ...]:
    """Kind, credential and end that a field's value stands for; or None and why not."""
    handle = LUA.handle(verified=verified) if verified is not None else LUA.handle()
    found = sources(settings)[field].read(value, handle, LUA.value(settings))
    return found if isinstance(found, tuple) else (found,)


def claims(**payload: Any) -> dict[str, Any]:
    return {"azp": "shop", "sub": "user-1", "exp": 2_000_000_000} | payload


@pytest.mark.parametrize(
    ("settings", "fields"),
    [
        (PUBLIC, {"x-api-key", "authorization"}),
        (OF_A_PARTNER, {"x-forwarded-client-cert", "x-api-key", "authorization"}),
        (MESH, {"x-forwarded-client-cert", "x-internal-service-token"}),
    ],
    ids=["external", "a partner's own host", "internal"],
)
def test_looks_only_at(settings: dict[str, Any], fields: set[str]) -> None:
    assert set(sources(settings)) == fields


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("x-api-key", KEY),
        ("authorization", f"Bearer {KEY}"),
        ("authorization", f"bearer  {KEY}"),
    ],
)
def test_reads_a_key(field: str, value: str) -> None:
    assert read(PUBLIC, field, value) == ("api_key", KEY)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("x-api-key", ""),
        ("x-api-key", KEY[:-1]),
        ("x-api-key", f"{KEY},{KEY}"),
        ("x-api-key", f"Bearer {KEY}"),
        ("authorization", KEY),
        ("authorization", f"Basic {KEY}"),
        ("authorization", "Bearer"),
        ("authorization", "Bearer fc_"),
        ("authorization", f"Bearer {KEY} {KEY}"),
        ("authorization", f"Bearer {KEY},Bearer {KEY}"),
        ("authorization", "Bearer a.b.c"),
        ("authorization", ""),
    ],
)
def test_takes_nothing_else_for_a_key(field: str, value: str) -> None:
    assert read(PUBLIC, field, value) == (None, "malformed")


def test_reads_a_token_whose_signature_was_checked() -> None:
    kind, credential, end = read(PUBLIC, "authorization", "Bearer a.b.c", {"acme-id": claims()})
    assert (kind, credential, end) == ("token", "acme-id user-1  shop", 2_000_000_000)


def test_each_issuer_names_the_application_by_a_claim_of_its_own() -> None:
    payload = claims(client_id="till")
    assert read(PUBLIC, "authorization", "Bearer a.b.c", {"other": payload})[1] == (
        "other user-1  till"
    )


@pytest.mark.parametrize(
    "verified",
    [
        {},
        {"somebody-else": claims()},
        {"acme-id": claims(azp=None)},
        {"acme-id": claims(azp="")},
        {"acme-id": claims(azp=7)},
        {"acme-id": claims(azp=["shop"])},
        {"acme-id": claims(azp={"x": "shop"})},
    ],
    ids=[
        "no claims",
        "an issuer that is not declared",
        "no application",
        "an empty application",
        "a number",
        "a list",
        "a mapping",
    ],
)
def test_a_token_counts_only_with(verified: dict[str, Any]) -> None:
    assert read(PUBLIC, "authorization", "Bearer a.b.c", verified) == (None, "malformed")


@pytest.mark.parametrize("subject", [None, 7, ["a"]])
def test_a_token_without_a_subject_is_the_applications_own(subject: Any) -> None:
    found = read(PUBLIC, "authorization", "Bearer a.b.c", {"acme-id": claims(sub=subject)})
    assert found[1] == "acme-id   shop"


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.text(st.characters(exclude_categories=["Cs"])),
)
def test_the_control_plane_reads_a_token_as_the_edge_means_it(client: str, subject: str) -> None:
    verified = {"acme-id": claims(azp=in_bytes(client), sub=in_bytes(subject))}
    kind, credential, _ = read(PUBLIC, "authorization", "Bearer a.b.c", verified)
    headers = {
        b"forecourt-kind": kind.encode(),
        b"forecourt-credential": credential.encode("ascii"),
        b"forecourt-listener": b"external",
    }
    assert presented(headers) == PresentedToken(
        issuer="acme-id", client=client, subject=subject, scopes=()
    )


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [
        ({}, ()),
        ({"scope": "read write"}, ("read", "write")),
        ({"scope": " write  read write"}, ("read", "write")),
        ({"scp": "read"}, ("read",)),
        ({"scp": ["read", "write"]}, ("read", "write")),
        ({"scope": "read", "scp": ["write"]}, ("read",)),
        ({"scope": 7}, ()),
        ({"scp": [7, True]}, ()),
        ({"scope": True}, ()),
    ],
)
def test_a_token_holds_what_its_issuer_granted(
    claimed: dict[str, Any], expected: tuple[str, ...]
) -> None:
    found = read(PUBLIC, "authorization", "Bearer a.b.c", {"acme-id": claims(**claimed)})
    headers = {
        b"forecourt-kind": b"token",
        b"forecourt-credential": found[1].encode("ascii"),
        b"forecourt-listener": b"external",
    }
    token = presented(headers)
    assert isinstance(token, PresentedToken)
    assert token.scopes == expected


def in_bytes(text: str) -> str:
    return text.encode().decode("latin-1")


def test_reads_a_partners_certificate_on_its_own_host() -> None:
    found = read(OF_A_PARTNER, "x-forwarded-client-cert", f"Hash={HASH};URI=")
    assert found == ("certificate", f"acme-corp.api.acme.example {HASH}")
    assert read(OF_A_PARTNER, "x-forwarded-client-cert", "URI=x") == (None, "malformed")


def test_reads_a_services_identity() -> None:
    found = read(MESH, "x-forwarded-client-cert", f"Hash={HASH};URI={ORDERS}")
    assert found == ("spiffe", ORDERS)
    assert read(MESH, "x-forwarded-client-cert", f"Hash={HASH}") == (None, "malformed")


def test_reads_a_service_token_whose_signature_was_checked() -> None:
    field, text = "x-internal-service-token", "a.b.c"
    verified = {"internal": {"sub": "orders", "exp": 2_000_000_000}}
    assert read(MESH, field, text, verified) == ("internal_token", "orders", 2_000_000_000)
    for other in ({}, {"internal": {"exp": 1}}, {"internal": {"sub": 7}}, {"acme-id": claims()}):
        assert read(MESH, field, text, other) == (None, "malformed")


def own(**payload: Any) -> dict[str, Any]:
    sound = {"jti": "tok_1", "client_id": "client_1", "aud": "https://a", "exp": 2_000_000_000}
    return {"forecourt.oauth": {**sound, **payload}}


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({}, PresentedAccessToken(id="tok_1", client="client_1", audience=("https://a",))),
        (
            {"scope": "write read", "aud": ["https://a", "https://b c"]},
            PresentedAccessToken(
                id="tok_1",
                client="client_1",
                audience=("https://a", "https://b c"),
                scopes=("read", "write"),
            ),
        ),
        (
            {"scope": "*"},
            PresentedAccessToken(
                id="tok_1", client="client_1", audience=("https://a",), scopes=("*",)
            ),
        ),
    ],
    ids=["all scopes", "some", "a scope that is called so"],
)
def test_the_control_plane_reads_a_token_of_our_own_as_the_edge_means_it(
    payload: dict[str, Any], expected: PresentedAccessToken
) -> None:
    kind, credential, end = read(PUBLIC, "authorization", "Bearer a.b.c", own(**payload))
    headers = {
        b"forecourt-kind": kind.encode(),
        b"forecourt-credential": credential.encode("ascii"),
        b"forecourt-listener": b"external",
    }
    assert (presented(headers), end) == (expected, 2_000_000_000)


@pytest.mark.parametrize(
    "payload",
    [{"jti": None}, {"client_id": 7}, {"aud": None}, {"aud": []}, {"scope": ""}, {"scope": [1]}],
    ids=str,
)
def test_one_that_lacks_something_is_none(payload: dict[str, Any]) -> None:
    kind, credential, _ = read(PUBLIC, "authorization", "Bearer a.b.c", own(**payload))
    headers = {
        b"forecourt-kind": kind.encode(),
        b"forecourt-credential": credential.encode("ascii"),
        b"forecourt-listener": b"external",
    }
    with pytest.raises(Misspoken):
        presented(headers)
