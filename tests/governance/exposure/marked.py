"""An API whose contract says things about audiences."""

from __future__ import annotations

from typing import Any, Literal

from forecourt.contract.model import AudienceMark, Contradiction
from forecourt.diagnostics import Span
from forecourt.estate.audience import Audience
from forecourt.governance import ContractFacts, Finding, Rule
from tests.governance.builders import a_version, an_api, an_estate, findings, some_facts

PATH = "apis/payments/v1.openapi.yaml"


def a_contradiction(
    kind: Literal["requires", "answers"], audience: str, line: int = 7
) -> Contradiction:
    return Contradiction(
        kind=kind, audience=Audience(audience), message=f"{audience} callers", span=at(line)
    )


def a_mark(audience: str, around: str | None = None, line: int = 7) -> AudienceMark:
    return AudienceMark(
        audience=Audience(audience),
        around=None if around is None else Audience(around),
        span=at(line),
    )


def at(line: int) -> Span:
    return Span(PATH, line, 1)


def found(rule: Rule, audience: str = "public", **facts: Any) -> list[Finding]:
    """What a rule finds in an API of that audience whose contract is like this."""
    estate = an_estate(an_api(audience=audience, versions=(a_version(contract=PATH),)))
    contract = ContractFacts(path=PATH, **facts)
    return findings(rule, estate, some_facts(estate, contracts={PATH: contract}))
