"""What a file of authorities holds: each certificate by itself, unless something else is in it."""

from __future__ import annotations

from hashlib import sha256

import pytest

from forecourt.actions.authority_file import authority_file


def pem(body: bytes, kind: bytes = b"CERTIFICATE") -> bytes:
    return b"-----BEGIN %s-----\n%s\n-----END %s-----\n" % (kind, body, kind)


A, B = pem(b"AAAA"), pem(b"BB+/\nBA==")


def of(content: bytes) -> tuple[str, ...]:
    return authority_file(content).holds


def test_one_alone_is_its_file() -> None:
    assert authority_file(A).holds == (authority_file(A).sha256,)
    assert authority_file(A).sha256 == sha256(A).hexdigest()


def test_what_is_taken_out_of_a_bundle_stays_what_it_was() -> None:
    assert set(of(A + B)) == {*of(A), *of(B)}
    assert of(A + B) == of(B + A) == of(A + B + A)
    assert set(of(b"the old one\n" + A + b"\nthe new one\n" + B)) == {*of(A), *of(B)}
    assert of(A.replace(b"\n", b"\r\n")) == of(A)


@pytest.mark.parametrize(
    "other",
    [
        pem(b"CCCC", b"X509 CRL"),
        pem(b"CCCC", b"TRUSTED CERTIFICATE"),
        pem(b"CCCC", b"X509 CERTIFICATE"),
        pem(b"Proc-Type: 4,ENCRYPTED\n\nCCCC"),
        b"-----BEGIN CERTIFICATE-----\nCCCC\n",
        b"-----BEGIN CERTIFICATE-----\n" + A,
    ],
    ids=["revocations", "trusted", "of old", "with a field", "half", "one in another"],
)
@pytest.mark.parametrize("before", [A, A + B], ids=["one", "two"])
def test_is_one_where_something_else_stands_in_it(before: bytes, other: bytes) -> None:
    """Envoy may heed it: to take it away may let more in."""
    content = before + other
    assert of(content) == (sha256(content).hexdigest(),)
