"""FC204."""

from __future__ import annotations

import pytest

from forecourt.estate.api import Version
from forecourt.governance.exposure.external_without_contract import RULE
from tests.governance.builders import a_version, an_api, an_estate, findings, messages


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_an_unversioned_external_api_is_told_what_to_write(audience: str) -> None:
    api = an_api("users", audience, versions=(Version(name="", contract=None),))
    (found,) = findings(RULE, an_estate(api))
    assert found.message == f"`users` is {audience}, but no contract says what it offers"
    assert found.span == api.places["audience"]
    assert 'versions: {"1": {contract: v1.openapi.yaml}}' in found.help


def test_points_at_the_version_without_a_contract() -> None:
    api = an_api(versions=(a_version("1"), a_version("2", contract=None)))
    (found,) = findings(RULE, an_estate(api))
    assert found.span == api.places["versions.2"]


def test_an_internal_api_needs_none() -> None:
    assert messages(RULE, an_estate(an_api("users", "internal"))) == []
