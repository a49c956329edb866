"""FC307."""

from __future__ import annotations

from forecourt.estate.api import Upstream
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
