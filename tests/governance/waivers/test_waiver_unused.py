"""FC903."""

from __future__ import annotations

import pytest

from forecourt.diagnostics import Severity
from forecourt.estate.waiver import Waiver
from forecourt.governance.waivers.waiver_unused import RULE
from tests.governance.builders import (
    A_DAY,
    a_waiver,
    an_api,
    an_estate,
    findings,
    messages,
    some_facts,
)


def test_a_waiver_that_excuses_nothing_is_to_be_deleted() -> None:
    waiver = a_waiver()
    (found,) = findings(RULE, an_estate(waiver, an_api()))
    assert found.message == "`payments` keeps `promise-missing` without this waiver"
    assert found.help == f"delete `{waiver.places.origin.path}`"
    assert RULE.severity is Severity.WARNING


def test_a_waiver_that_is_needed_passes() -> None:
    waiver = a_waiver()
    assert messages(RULE, an_estate(waiver, an_api()), needed=frozenset({waiver.name})) == []


def test_waits_until_the_api_can_be_read() -> None:
    estate = an_estate(a_waiver(), an_api())
    facts = some_facts(estate, unreadable=frozenset({"apis/payments/api.yaml"}))
    assert messages(RULE, estate, facts) == []


@pytest.mark.parametrize(
    "waiver",
    [a_waiver(expires=A_DAY), a_waiver(api="gone"), a_waiver("no-such-rule")],
    ids=["expired", "of an unknown API", "of an unknown rule"],
)
def test_leaves_to_others_what_cannot_be_used(waiver: Waiver) -> None:
    assert messages(RULE, an_estate(waiver, an_api())) == []


def test_of_two_that_excuse_the_same_the_second_is_told() -> None:
    one, other = a_waiver("laxer-than-posture", name="a"), a_waiver("FC301", name="b")
    estate = an_estate(one, other, an_api())
    (found,) = findings(RULE, estate, needed=frozenset({"a", "b"}))
    assert found.message == f"`{one.places.origin.path}` excuses the same"
    assert found.span == other.places["rule"]
