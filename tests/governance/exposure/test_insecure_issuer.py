"""FC208."""

from __future__ import annotations

from forecourt.governance.exposure.insecure_issuer import RULE
from tests.governance.builders import an_estate, an_issuer, an_organization, findings, messages


def test_finds_plain_http_in_either_address() -> None:
    issuer = an_issuer(issuer="http://id.example/", jwks="HTTP://id.example/jwks.json")
    organization = an_organization(issuers=(an_issuer("other"), issuer))
    assert [f.span for f in findings(RULE, an_estate(organization))] == [
        organization.places["identity.issuers.1.issuer"],
        organization.places["identity.issuers.1.jwks"],
    ]


def test_https_and_files_pass() -> None:
    issuers = (an_issuer(), an_issuer("filed", jwks="certs/jwks.json"))
    assert messages(RULE, an_estate(an_organization(issuers=issuers))) == []


def test_says_nothing_where_the_organisation_could_not_be_read() -> None:
    assert messages(RULE, an_estate(organization=None)) == []
