"""Until when certificates last, and when that is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from forecourt.edge.lasting import Lasting, lasting
from forecourt.edge.pem import UnusablePem
from tests.edge.test_pem import P256

NOW = datetime(2029, 3, 1, tzinfo=UTC)


def lasts(*, left: timedelta, of_days: float = 365) -> Lasting:
    until = NOW + left
    return Lasting(until - timedelta(days=of_days), until)


def a_certificate(days: int, name: str = "a") -> bytes:
    """One that ends so many days from now."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(P256.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=365))
        .not_valid_after(NOW + timedelta(days=days))
        .sign(P256, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )


@pytest.mark.parametrize(
    ("days", "step"),
    [(31, None), (30, 30), (15, 30), (14, 14), (8, 14), (7, 7), (2, 7), (1, 1), (0.1, 1), (0, 0)],
)
def test_it_is_said_with_so_many_days_left(days: float, step: int | None) -> None:
    assert lasts(left=timedelta(days=days)).step(NOW) == step


def test_what_has_ended_has() -> None:
    assert lasts(left=timedelta(days=-400)).step(NOW) == 0


@pytest.mark.parametrize(("hours", "step"), [(6 * 24, None), (49, None), (48, 7), (24, 1)])
def test_what_lasts_a_week_has_not_always_nearly_ended(hours: float, step: int | None) -> None:
    assert lasts(left=timedelta(hours=hours), of_days=6).step(NOW) == step


def test_of_a_chain_what_ends_first_counts() -> None:
    chain = a_certificate(90, "leaf") + a_certificate(20, "between") + a_certificate(3650, "root")
    assert lasting(chain).until == NOW + timedelta(days=20)


def test_the_next_beside_the_last_counts() -> None:
    both = a_certificate(20) + a_certificate(400) + a_certificate(3)
    assert lasting(both).until == NOW + timedelta(days=400)


def test_what_is_no_certificate_is_refused() -> None:
    with pytest.raises(UnusablePem):
        lasting(b"junk")
