"""FC406."""

from __future__ import annotations

from forecourt.estate.organization import CertificateFiles
from forecourt.governance import Facts
from forecourt.governance.references.file_not_found import RULE
from tests.governance.builders import (
    a_partner,
    a_version,
    an_api,
    an_estate,
    an_external_listener,
    an_internal_listener,
    an_issuer,
    an_organization,
    findings,
    messages,
    some_certificates,
)

_NOTHING = Facts(files=frozenset(), variables=frozenset())
_CERTIFIED = an_organization(
    external=an_external_listener(tls=CertificateFiles(certificate="c/a.pem", key="c/a.key")),
    internal=an_internal_listener(client_ca="c/mesh.pem"),
    issuers=(an_issuer(), an_issuer("filed", jwks="c/jwks.json")),
)


def test_finds_every_file_of_an_api() -> None:
    version = a_version(contract="apis/payments/v1.yaml", guide="apis/payments/g.md")
    api = an_api(versions=(version,), overlays=("apis/payments/o.yaml",))
    found = findings(RULE, an_estate(api), _NOTHING)
    assert [(f.message, f.span) for f in found] == [
        ("`apis/payments/v1.yaml` does not exist", api.places["versions.1.contract"]),
        ("`apis/payments/g.md` does not exist", api.places["versions.1.guide"]),
        ("`apis/payments/o.yaml` does not exist", api.places["overlays.0"]),
    ]


def test_points_at_the_keys_of_an_issuer_where_they_are_named() -> None:
    found = findings(RULE, an_estate(_CERTIFIED), _NOTHING)
    (place,) = (f.span for f in found if "jwks" in f.message)
    assert place == _CERTIFIED.places["identity.issuers.1.jwks"]


def test_suggests_the_file_that_was_meant() -> None:
    api = an_api(versions=(a_version(contract="apis/payments/v1.openapi.yml"),))
    there = frozenset({"apis/payments/v1.openapi.yaml", "apis/users/v1.openapi.yml"})
    (found,) = findings(RULE, an_estate(api), Facts(files=there))
    assert found.help == "did you mean `v1.openapi.yaml`?"


def test_never_suggests_the_file_of_the_api_itself() -> None:
    api = an_api(versions=(a_version(contract="apis/payments/apis.yaml"),))
    facts = Facts(files=frozenset({"apis/payments/api.yaml"}))
    assert findings(RULE, an_estate(api), facts)[0].help == "write that file, or correct its name"


def test_finds_every_certificate() -> None:
    partner = a_partner(certificates=some_certificates("c/acme.pem"))
    found = findings(RULE, an_estate(_CERTIFIED, partner), _NOTHING)
    assert [f.message.split("`")[1] for f in found] == [
        "c/a.pem",
        "c/a.key",
        "c/mesh.pem",
        "c/jwks.json",
        "c/acme.pem",
    ]


def test_a_local_authority_stands_in_for_certificates() -> None:
    assert messages(RULE, an_estate(_CERTIFIED), Facts(files=frozenset())) == []


def test_files_that_exist_pass() -> None:
    facts = Facts(files=frozenset({"apis/payments/v1.openapi.yaml"}))
    assert messages(RULE, an_estate(an_api()), facts) == []
