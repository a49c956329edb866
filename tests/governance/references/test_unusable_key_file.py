"""FC414."""

from __future__ import annotations

from forecourt.estate.organization import CertificateFiles
from forecourt.governance import Facts
from forecourt.governance.references.unusable_key_file import RULE
from tests.governance.builders import (
    a_partner,
    an_estate,
    an_external_listener,
    an_internal_listener,
    an_issuer,
    an_organization,
    findings,
    messages,
    some_certificates,
)

ESTATE = an_estate(
    an_organization(
        external=an_external_listener(tls=CertificateFiles(certificate="a.pem", key="a.key")),
        internal=an_internal_listener(client_ca="mesh.pem"),
        issuers=(an_issuer(), an_issuer("filed", jwks="jwks.json")),
    ),
    a_partner(certificates=some_certificates("acme.pem")),
)
NAMES = ("a.pem", "a.key", "mesh.pem", "jwks.json", "acme.pem")
_UNUSABLE = dict.fromkeys(NAMES, "it is junk")


def test_finds_every_file_that_cannot_be_used() -> None:
    facts = Facts(files=frozenset(NAMES), variables=frozenset(), unusable=_UNUSABLE)
    found = findings(RULE, ESTATE, facts)
    assert [f.message for f in found] == [f"`{n}` cannot be used: it is junk" for n in NAMES]
    assert all(f.help for f in found)


def test_what_a_local_authority_stands_in_for_is_not_looked_at() -> None:
    facts = Facts(files=frozenset(NAMES), unusable=_UNUSABLE)
    found = messages(RULE, ESTATE, facts)
    assert [message.split("`")[1] for message in found] == ["jwks.json", "acme.pem"]


def test_the_others_pass() -> None:
    facts = Facts(files=frozenset(NAMES), variables=frozenset())
    assert messages(RULE, ESTATE, facts) == []
