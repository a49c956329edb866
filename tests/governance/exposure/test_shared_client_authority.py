"""FC207."""

from __future__ import annotations

from forecourt.governance.exposure.shared_client_authority import RULE
from tests.governance.builders import (
    a_partner,
    an_estate,
    an_internal_listener,
    an_organization,
    findings,
    messages,
    some_certificates,
)

_ACME = an_organization(internal=an_internal_listener(client_ca="certs/mesh-ca.pem"))


def test_a_partner_cannot_be_signed_by_the_mesh() -> None:
    partner = a_partner(certificates=some_certificates("certs/mesh-ca.pem"))
    (found,) = findings(RULE, an_estate(_ACME, partner))
    assert found.message == ("`certs/mesh-ca.pem` also identifies the organisation's own services")
    assert found.span == partner.places["certificates.ca"]


def test_both_partners_are_told_of_a_shared_authority() -> None:
    a, b = (a_partner(n, certificates=some_certificates("certs/ca.pem")) for n in ("a", "b"))
    assert messages(RULE, an_estate(a, b)) == [
        "`certs/ca.pem` also identifies partner `b`",
        "`certs/ca.pem` also identifies partner `a`",
    ]


def test_both_partners_are_told_of_a_shared_certificate() -> None:
    a, b = (a_partner(n, certificates=some_certificates(None, n * 64, "c" * 64)) for n in "ab")
    found = findings(RULE, an_estate(a, b))
    assert [f.span for f in found] == [p.places["certificates.sha256.1"] for p in (a, b)]


def test_certificates_of_their_own_pass() -> None:
    a = a_partner("a", certificates=some_certificates("certs/a.pem", "aa"))
    b = a_partner("b", certificates=some_certificates("certs/b.pem", "bb"))
    assert messages(RULE, an_estate(_ACME, a, b, a_partner("c"))) == []
