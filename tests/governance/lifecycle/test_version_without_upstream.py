"""FC307."""

from __future__ import annotations

from forecourt.diagnostics import Places, Span
from forecourt.estate.api import Upstream
from forecourt.estate.changes import Changes
from forecourt.governance.lifecycle.version_without_upstream import RULE
from tests.governance.builders import a_version, an_api, an_estate, findings, messages

_SPEAKS_2 = Upstream(url="http://payments.svc:8080", version="2")


def test_a_version_that_the_service_does_not_speak_needs_its_own() -> None:
    api = an_api(upstream=_SPEAKS_2, versions=(a_version("1"), a_version("2")))
    (found,) = findings(RULE, an_estate(api))
    assert found.message == (
        f"version `1` has no upstream: `{api.places['upstream.version']}` says that the service "
        "speaks version `2` only"
    )
    assert found.span == api.places["versions.1"]
    assert not RULE.waivable


def test_a_version_with_an_upstream_of_its_own_passes() -> None:
    own = a_version("1", upstream=Upstream(url="http://payments-v1.svc:8080"))
    assert (
        messages(RULE, an_estate(an_api(upstream=_SPEAKS_2, versions=(own, a_version("2"))))) == []
    )


def test_a_service_that_speaks_every_version_passes() -> None:
    assert messages(RULE, an_estate(an_api(versions=(a_version("1"), a_version("2"))))) == []


def _changes(follows: str, version: str) -> Changes:
    return Changes(
        version=version,
        summary="better",
        changes=(),
        follows=follows,
        places=Places(Span(f"apis/payments/changes/{version}.yaml", 1, 1)),
    )


def test_changes_lead_to_the_version_that_the_service_speaks() -> None:
    upstream = Upstream(url="http://payments.svc:8080", version="3")
    versions = (a_version("1"), a_version("2"), a_version("3"))
    both = (_changes("1", "2"), _changes("2", "3"))
    api = an_api(upstream=upstream, versions=versions, changes=both)
    assert messages(RULE, an_estate(api)) == []


def test_changes_that_lead_not_far_enough_say_where_they_end() -> None:
    upstream = Upstream(url="http://payments.svc:8080", version="3")
    versions = (a_version("1"), a_version("2"), a_version("3"))
    api = an_api(upstream=upstream, versions=versions, changes=(_changes("1", "2"),))
    one, other = findings(RULE, an_estate(api))
    assert one.message.endswith("version `3` only, and changes lead to `2`, not further")
    assert other.message.endswith("version `3` only")
    assert "`changes/3.yaml`" in one.help


def test_changes_lead_to_newer_versions_only() -> None:
    upstream = Upstream(url="http://payments.svc:8080", version="1")
    versions = (a_version("1"), a_version("2"))
    api = an_api(upstream=upstream, versions=versions, changes=(_changes("1", "2"),))
    (found,) = findings(RULE, an_estate(api))
    assert found.version == "2"


def test_an_upstream_of_its_own_speaks_a_version_too() -> None:
    own = a_version("1", upstream=_SPEAKS_2)
    (found,) = findings(RULE, an_estate(an_api(versions=(own, a_version("2")))))
    assert found.version == "1"
