"""FC215."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract.model import TemplatePlace
from forecourt.diagnostics import Span
from forecourt.estate.api import Scheme, Version
from forecourt.governance import ContractFacts, Finding
from forecourt.governance.exposure.own_path_covered import RULE as COVERED
from forecourt.governance.exposure.own_path_taken import RULE
from forecourt.governance.rule import Rule
from tests.governance.builders import a_version, an_api, an_estate, findings, some_facts

PATH = "apis/payments/v1.openapi.yaml"


def found(rule: Rule, path: str, *templates: str, **written: Any) -> list[Finding]:
    """Of a public API at a path, whose versions are told by a header."""
    fields: dict[str, Any] = {"path": path, "scheme": Scheme.HEADER} | written
    api = an_api(**{"versions": (a_version(contract=PATH),)} | fields)
    places = tuple(
        TemplatePlace(template=template, span=Span(PATH, line, 3))
        for line, template in enumerate(templates, 4)
    )
    estate = an_estate(api)
    facts = some_facts(estate, contracts={PATH: ContractFacts(path=PATH, own=places)})
    return findings(rule, estate, facts)


def test_an_operation_that_is_named_so_is_told_at_its_place() -> None:
    (finding,) = found(RULE, "/oauth/", "/{id}", "/token")
    assert finding.span == Span(PATH, 5, 3)
    assert finding.message == (
        "`/token` of `payments` is at `/oauth/token`, where the gateway itself answers on the "
        "external listener"
    )


@pytest.mark.parametrize("path", ["/oauth/token/", "/oauth/jwks/more/", "/internal/token/"])
def test_an_api_that_stands_there_is_told(path: str) -> None:
    (finding,) = found(RULE, path)
    assert finding.message.startswith(f"`payments` stands at `{path}`, where the gateway")


def test_a_version_that_stands_there_is_told() -> None:
    (finding,) = found(RULE, "/internal/token/", scheme=Scheme.PATH)
    assert finding.message.startswith("`payments` stands at `/internal/token/v1/`")


def test_an_api_outside_is_on_the_internal_listener_too() -> None:
    (finding,) = found(RULE, "/", "/internal/token")
    assert "on the internal listener" in finding.message


def test_an_internal_api_may_have_what_is_the_gateways_outside_only() -> None:
    internal: dict[str, Any] = {"audience": "internal", "scheme": Scheme.NONE}
    assert found(RULE, "/oauth/", "/token", **internal) == []
    assert len(found(RULE, "/internal/", "/token", **internal)) == 1


@pytest.mark.parametrize(
    ("path", "template"), [("/payments/", "/token"), ("/oauth/v1/", "/token"), ("/", "/tokens")]
)
def test_what_is_elsewhere_is_fine(path: str, template: str) -> None:
    assert found(RULE, path, template) == []
    assert found(COVERED, path, template) == []


def test_several_versions_at_one_place_are_told_once() -> None:
    versions = (a_version("1"), a_version("2"))
    assert len(found(RULE, "/internal/token/", versions=versions)) == 1


def test_none_may_have_it_without_a_contract_either() -> None:
    versions = (Version(name="", contract=None),)
    internal: dict[str, Any] = {"audience": "internal", "scheme": Scheme.NONE, "versions": versions}
    (finding,) = found(COVERED, "/", **internal)
    assert finding.message == (
        "`payments` stands at `/`, and around `/internal/token`, where the gateway itself answers "
        "on the internal listener"
    )
    assert found(RULE, "/", **internal) == []
