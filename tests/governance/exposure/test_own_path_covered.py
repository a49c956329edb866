"""FC216; what it shares with FC215 is tested there."""

from __future__ import annotations

from forecourt.governance.exposure.own_path_covered import RULE
from tests.governance.exposure.test_own_path_taken import found


def test_a_parameter_that_may_be_an_own_path_is_told_once() -> None:
    (finding,) = found(RULE, "/oauth/", "/{id}", "/token")
    assert finding.span.line == 4
    assert finding.message.startswith("`/{id}` of `payments` may be at `/oauth/introspect`")


def test_one_that_may_not_is_fine() -> None:
    assert found(RULE, "/payments/", "/{id}", "/{a}/{b}") == []


def test_an_api_whose_contract_could_not_be_read_is_not_judged() -> None:
    assert found(RULE, "/") == []
