"""FC210."""

from __future__ import annotations

import pytest

from forecourt.estate.api import Version
from forecourt.governance.exposure.contract_elsewhere import RULE
from tests.governance.builders import a_version, an_api, an_estate, findings, messages


@pytest.mark.parametrize(
    "path", ["apis/payments/v1.openapi.yaml", "contracts/v1.yaml", "apis/refunds-old/v1.yaml"]
)
def test_a_contract_lies_in_the_folder_of_its_api(path: str) -> None:
    api = an_api("refunds", versions=(a_version(contract=path),))
    (found,) = findings(RULE, an_estate(api))
    assert found.message == f"`{path}` lies outside `apis/refunds`"
    assert found.span == api.places["versions.1.contract"]


def test_an_api_without_versions_names_its_contract_itself() -> None:
    elsewhere = (Version(name="", contract="contracts/users.yaml"),)
    api = an_api("users", "internal", versions=elsewhere)
    assert findings(RULE, an_estate(api))[0].span == api.places["contract"]


def test_a_contract_further_inside_passes() -> None:
    api = an_api(versions=(a_version(contract="apis/payments/contracts/v1.yaml"),))
    assert messages(RULE, an_estate(api)) == []
