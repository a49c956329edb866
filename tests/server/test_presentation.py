"""What the edge says about a caller, in three headers."""

from __future__ import annotations

import pytest

from forecourt.actions.presented import (
    Presented,
    PresentedCertificate,
    PresentedIdentity,
    PresentedInternalToken,
    PresentedKey,
    PresentedToken,
)
from forecourt.server.presentation import Misspoken, presented

EXTERNAL = ["api_key", "token", "certificate"]
INTERNAL = ["spiffe", "internal_token"]
VALUES = {"token": "acme-id user-1 read shop-app", "certificate": "acme.api.example 0a1b"}


def headers(kind: str, credential: str, listener: str = "external") -> dict[bytes, bytes]:
    return {
        b"forecourt-kind": kind.encode(),
        b"forecourt-credential": credential.encode(),
        b"forecourt-listener": listener.encode(),
    }


@pytest.mark.parametrize(
    ("kind", "credential", "listener", "expected"),
    [
        ("api_key", "fc_live_x", "external", PresentedKey("fc_live_x")),
        ("spiffe", "spiffe://a/b", "internal", PresentedIdentity("spiffe://a/b")),
        ("internal_token", "orders", "internal", PresentedInternalToken("orders")),
        (
            "token",
            "acme-id user%25 write%20read a%20b%2Fc",
            "external",
            PresentedToken(
                issuer="acme-id", client="a b/c", subject="user%", scopes=("read", "write")
            ),
        ),
        (
            "token",
            "acme-id   shop",
            "external",
            PresentedToken(issuer="acme-id", client="shop", subject="", scopes=()),
        ),
        (
            "token",
            "acme-id user-1  ",
            "external",
            PresentedToken(issuer="acme-id", client="", subject="user-1", scopes=()),
        ),
        (
            "certificate",
            "acme.api.example 0a1b",
            "external",
            PresentedCertificate(host="acme.api.example", sha256="0a1b"),
        ),
    ],
)
def test_reads(kind: str, credential: str, listener: str, expected: Presented) -> None:
    assert presented(headers(kind, credential, listener)) == expected


@pytest.mark.parametrize("kind", INTERNAL)
def test_the_external_listener_does_not_know(kind: str) -> None:
    assert presented(headers(kind, "orders", "external")) is None


@pytest.mark.parametrize("kind", EXTERNAL)
def test_the_internal_listener_refuses(kind: str) -> None:
    assert presented(headers(kind, VALUES.get(kind, "x"), "internal")) is None


@pytest.mark.parametrize("missing", ["kind", "credential", "listener"])
def test_says_which_header_is_missing(missing: str) -> None:
    given = headers("api_key", "x")
    del given[f"forecourt-{missing}".encode()]
    with pytest.raises(Misspoken, match=f"`forecourt-{missing}` is missing"):
        presented(given)


@pytest.mark.parametrize(
    "given",
    [
        headers("password", "x"),
        headers("api_key", "x", "sideways"),
        headers("token", "only-an-issuer"),
        headers("token", "a b c"),
        headers("token", "a b c d e"),
        headers("certificate", "acme.api.example"),
    ],
)
def test_understands_no_edge_that_is_not_ours(given: dict[bytes, bytes]) -> None:
    with pytest.raises(Misspoken):
        presented(given)


def test_shows_no_key() -> None:
    assert "fc_live_x" not in repr(presented(headers("api_key", "fc_live_x")))
