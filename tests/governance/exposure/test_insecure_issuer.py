"""FC208."""

from __future__ import annotations

from forecourt.diagnostics import Span
from forecourt.governance.exposure.insecure_issuer import RULE
from tests.governance.builders import an_estate, an_issuer, an_organization, findings, messages


def test_finds_an_issuer_that_calls_itself_by_plain_http() -> None:
    place = Span("forecourt.yaml", 7, 5)
    issuer = an_issuer("acme-id", issuer="HTTP://id.example/", origin=place)
    (found,) = findings(RULE, an_estate(an_organization(issuers=(an_issuer("other"), issuer))))
    assert found.span == place
    assert found.help.endswith("`https://id.example/`")


def test_https_and_names_that_are_no_url_pass() -> None:
    issuers = (an_issuer(), an_issuer("named", issuer="acme-sign-in"))
    assert messages(RULE, an_estate(an_organization(issuers=issuers))) == []


def test_says_nothing_where_the_organisation_could_not_be_read() -> None:
    assert messages(RULE, an_estate(organization=None)) == []
