"""Whom a client certificate speaks for."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.edge.luajit import Lua

LUA = Lua()
CERTIFICATE = LUA.module("client_certificate")

ORDERS = "spiffe://acme.example/ns/shop/sa/orders"
BILLING = "spiffe://acme.example/ns/finance/sa/billing"
PROXY = "spiffe://acme.example/ns/mesh/sa/ingress"
HASH = "0123456789abcdef" * 4

BYTES = st.text(st.characters(max_codepoint=255), max_size=80)


def element(uri: str = ORDERS) -> str:
    """What Envoy writes about a connection's peer."""
    return f"Hash={HASH};URI={uri}"


def identity(header: str, *proxies: str) -> str | None:
    found: str | None = CERTIFICATE.identity(header, LUA.value(dict.fromkeys(proxies, True)))
    return found


def test_names_the_peer() -> None:
    assert identity(element()) == ORDERS


@given(BYTES)
@example('"')
@example(f"URI={BILLING},")
@example(f'Subject="a, b";URI={BILLING}')
@example('Subject="')
def test_nothing_that_the_peer_sent_changes_who_the_peer_is(sent: str) -> None:
    assert identity(f"{sent},{element()}") == ORDERS


@given(BYTES)
def test_nothing_that_a_proxy_was_sent_changes_for_whom_it_speaks(sent: str) -> None:
    header = f"{sent},{element(BILLING)},{element(PROXY)}"
    assert identity(header, PROXY) == BILLING
    assert identity(header) == PROXY, "only a declared proxy speaks for others"


def test_a_proxy_that_speaks_for_nobody_speaks_for_itself() -> None:
    assert identity(element(PROXY), PROXY) == PROXY


@pytest.mark.parametrize("before", ["", "Hash=00", "By=spiffe://x", "rubbish"])
def test_a_proxy_that_does_not_say_for_whom_is_nobody(before: str) -> None:
    assert identity(f"{before},{element(PROXY)}", PROXY) is None


def test_a_proxy_speaks_for_the_one_before_it_only() -> None:
    header = ",".join([element(BILLING), element(ORDERS), element(PROXY)])
    assert identity(header, PROXY) == ORDERS


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None),
        (",", None),
        ("Hash=00", None),
        ("URI=", None),
        (f"URI={ORDERS};URI={BILLING}", None),
        (f"URI={ORDERS};uri={BILLING}", None),
        (f'Subject="CN=a, URI={BILLING}";URI={ORDERS}', ORDERS),
        (f'Subject="CN=a;URI={BILLING}";URI={ORDERS}', ORDERS),
        (f"By={PROXY};Hash=00;URI={ORDERS}", ORDERS),
        (f"uri={ORDERS}", ORDERS),
        (f"XURI={BILLING};URI={ORDERS}", ORDERS),
    ],
    ids=[
        "nothing",
        "a comma",
        "no URI",
        "an empty URI",
        "two URIs",
        "two URIs in different case",
        "a quoted comma",
        "a quoted semicolon",
        "further fields",
        "lower case",
        "a field that ends alike",
    ],
)
def test_reads(header: str, expected: str | None) -> None:
    assert identity(header) == expected


@given(BYTES)
def test_any_text_names_somebody_or_nobody(header: str) -> None:
    found = identity(header, PROXY)
    assert found is None or found in header
    fingerprint = CERTIFICATE.fingerprint(header)
    assert fingerprint is None or len(fingerprint) == 64


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (element(), HASH),
        (f"Hash={HASH.upper()}", HASH),
        (f"Hash={'f' * 64},{element()}", HASH),
        ("Hash=", None),
        (f"Hash={HASH[:-1]}", None),
        (f"Hash={HASH[:-1]}g", None),
        (f"Hash={HASH};Hash={HASH}", None),
        (f"URI={ORDERS}", None),
    ],
    ids=[
        "as Envoy writes it",
        "upper case",
        "after a forged one",
        "empty",
        "too short",
        "not hexadecimal",
        "twice",
        "absent",
    ],
)
def test_reads_the_fingerprint(header: str, expected: str | None) -> None:
    assert CERTIFICATE.fingerprint(header) == expected
