"""Secrets of clients, and when a client counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forecourt.actions.oauth.client import is_secret, new_secret
from forecourt.edge.redaction import without_secrets
from tests.actions.builders import a_revocation, chance
from tests.actions.oauth.builders import NOW, a_client

SECRET = new_secret(chance())


def test_has_its_form_and_is_taken_out_of_texts() -> None:
    assert is_secret(SECRET)
    assert SECRET not in without_secrets(f"it is {SECRET}!")


@pytest.mark.parametrize(
    "text", ["", SECRET[:-1], SECRET[:-1] + "-", SECRET.upper(), f"{SECRET}\n", SECRET[3:]]
)
def test_nothing_else_has(text: str) -> None:
    assert not is_secret(text)


def test_counts_until_it_is_withdrawn_or_ends() -> None:
    assert a_client().client.counts(NOW)
    assert not a_client(revoked=a_revocation()).client.counts(NOW)
    ends = a_client(expires_at=NOW + timedelta(seconds=1)).client
    assert ends.counts(NOW)
    assert not ends.counts(NOW + timedelta(seconds=1))


def test_its_digest_is_not_printed() -> None:
    assert "deadbeef" not in repr(a_client(secret_sha256="deadbeef"))
