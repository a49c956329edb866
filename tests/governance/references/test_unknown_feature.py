"""FC404."""

from __future__ import annotations

from forecourt.estate.api import Status
from forecourt.governance.references.unknown_feature import RULE
from tests.governance.builders import (
    a_partner,
    a_service,
    a_version,
    an_api,
    an_estate,
    an_organization,
    findings,
    messages,
    some_facts,
)

_ACME = an_organization(features={"bulk-operations": "enterprise"})
_PARTNER = a_partner(enabled_features=("bulk-operations", "bulk-operation"))


def test_suggests_the_feature_that_was_meant() -> None:
    (found,) = findings(RULE, an_estate(_ACME, _PARTNER))
    assert found.message == "no feature is called `bulk-operation`"
    assert found.help == "did you mean `bulk-operations`?"
    assert found.span == _PARTNER.places["enabled_features"]


def test_looks_at_services_and_at_versions_too() -> None:
    service = a_service(enabled_features=("bulk-operation",))
    preview = a_version("2", status=Status.PREVIEW, feature="bulk")
    found = findings(RULE, an_estate(_ACME, service, an_api(versions=(preview,))))
    assert sorted((f.message, f.api) for f in found) == [
        ("no feature is called `bulk-operation`", None),
        ("no feature is called `bulk`", "payments"),
    ]


def test_waits_until_the_features_can_be_read() -> None:
    estate = an_estate(_ACME, _PARTNER)
    facts = some_facts(estate, unreadable=frozenset({"forecourt.yaml"}))
    assert messages(RULE, estate, facts) == []
    assert messages(RULE, an_estate(_PARTNER, organization=None)) == []
