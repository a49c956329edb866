"""What an estate's contracts become, and what is said where that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecourt.actions import compile_contracts
from forecourt.actions.compile_contracts import CompiledContracts, ContractCompiler
from forecourt.contract import read_contract
from forecourt.estate.audience import Audience
from forecourt.estate.model import Estate
from forecourt.source.estate import read_estate
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


FOLDER = Path(__file__).parents[2] / "examples" / "acme"


def the_example(**changed: str) -> Estate:
    """The example's estate; `payments` is what its `api.yaml` says instead of what it says."""
    files = {
        str(path.relative_to(FOLDER)): path.read_text()
        for path in sorted(FOLDER.rglob("*"))
        if path.suffix in (".yaml", ".md") and ".forecourt" not in path.parts
    }
    for old, new in changed.items():
        files["apis/payments/api.yaml"] = files["apis/payments/api.yaml"].replace(old, new)
    return read_estate(files, None)[0]


def compiled(estate: Estate) -> CompiledContracts:
    contracts = {}
    for version in estate.apis["payments"].versions:
        text = (FOLDER / str(version.contract)).read_text()
        contract, _ = read_contract(text, str(version.contract))
        assert contract is not None
        assert version.document is not None
        contracts[version.document] = contract
    return ContractCompiler().compile(estate, contracts)


def test_a_version_that_its_service_does_not_speak_has_lenses() -> None:
    found = compiled(the_example())
    assert found.lenses.keys() == {"payments"}
    (one,) = found.lenses["payments"].values()
    assert (found.lenses["payments"].keys(), one.speaks) == ({"1"}, "2")
    assert one.digest in found.contents


def test_a_service_that_speaks_every_version_needs_none() -> None:
    assert compiled(the_example(**{', version: "2"': ""})).lenses == {}


def test_lenses_with_the_same_meaning_have_the_same_digest() -> None:
    first, again = (compiled(the_example()).lenses for _ in range(2))
    assert first == again


def test_an_error_of_ours_names_the_versions_that_lie_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr(compile_contracts, "compile_lenses", broken)
    with pytest.raises(RecursionError) as caught:
        compiled(the_example())
    assert caught.value.__notes__ == [
        "while compiling what lies between the versions of `payments`"
    ]
