"""What an estate's contracts become, and what is said where that fails."""

from __future__ import annotations

import pytest

from forecourt.actions import compile_contracts
from forecourt.actions.compile_contracts import ContractCompiler
from forecourt.estate.audience import Audience
from tests.contract.builders import a_contract
from tests.governance.builders import a_version, an_api, an_estate


def test_an_error_of_ours_names_the_contract_and_who_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(compile_contracts, "compile_contract", broken)
    path = "apis/payments/v1.openapi.yaml"
    estate = an_estate(an_api(audience=Audience.PUBLIC, versions=(a_version(contract=path),)))
    (document,) = (v.document for v in estate.apis["payments"].versions)
    with pytest.raises(RecursionError) as caught:
        ContractCompiler().compile(estate, {document: a_contract()})
    assert caught.value.__notes__ == [f"while compiling `{path}` for partner callers"]
