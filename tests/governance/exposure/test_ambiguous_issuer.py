"""FC209."""

from __future__ import annotations

from forecourt.governance.exposure.ambiguous_issuer import RULE
from tests.governance.builders import an_estate, an_issuer, an_organization, findings, messages


def test_two_entries_may_not_claim_one_issuer() -> None:
    issuers = (an_issuer("a"), an_issuer("b", issuer="https://a.example/"))
    organization = an_organization(issuers=issuers)
    (found,) = findings(RULE, an_estate(organization))
    assert found.span == organization.places["identity.issuers.1.issuer"]
    assert str(organization.places["identity.issuers.0.issuer"]) in found.message


def test_two_entries_may_not_have_one_name() -> None:
    issuers = (an_issuer("a"), an_issuer("a", issuer="https://b.example/"))
    assert len(messages(RULE, an_estate(an_organization(issuers=issuers)))) == 1


def test_different_issuers_pass() -> None:
    organization = an_organization(issuers=(an_issuer("a"), an_issuer("b")))
    assert messages(RULE, an_estate(organization)) == []


def test_says_nothing_where_the_organisation_could_not_be_read() -> None:
    assert messages(RULE, an_estate(organization=None)) == []
