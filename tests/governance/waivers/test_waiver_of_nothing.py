"""FC904."""

from __future__ import annotations

import pytest

from forecourt.estate.waiver import Waiver
from forecourt.governance.waivers.waiver_of_nothing import RULE
from tests.governance.builders import a_waiver, an_api, an_estate, findings, messages, some_facts


@pytest.mark.parametrize(
    ("waiver", "at", "message", "way_out"),
    [
        (
            a_waiver("deprecation-to-short"),
            "rule",
            "no rule is called `deprecation-to-short`",
            "did you mean `deprecation-too-short`?",
        ),
        (
            a_waiver("FC211"),
            "rule",
            "`FC211` cannot be waived",
            "delete the waiver; `forecourt explain FC211` says what to do instead",
        ),
        (
            a_waiver("FC013"),
            "rule",
            "`FC013` cannot be waived",
            "delete the waiver; `forecourt explain FC013` says what to do instead",
        ),
        (
            a_waiver("no-paths"),
            "rule",
            "`no-paths` cannot be waived",
            "delete the waiver; `forecourt explain FC104` says what to do instead",
        ),
        (
            a_waiver(api="payment"),
            "api",
            "no API is called `payment`",
            "did you mean `payments`?",
        ),
        (
            a_waiver(version="9"),
            "version",
            "`payments` has no version `9`",
            "name one of `1`",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_finds_each_name_that_leads_nowhere(
    waiver: Waiver, at: str, message: str, way_out: str
) -> None:
    (found,) = findings(RULE, an_estate(waiver, an_api()))
    assert (found.message, found.help) == (message, way_out)
    assert found.span == waiver.places[at]


def test_lists_what_can_be_waived_where_nothing_is_close() -> None:
    (found,) = findings(RULE, an_estate(a_waiver("xyzzy"), an_api()))
    assert found.help.startswith("these can be waived: `upstream-shared-with-narrower`, ")


@pytest.mark.parametrize("rule", ["deprecation-too-short", "FC304"])
def test_a_rule_goes_by_name_and_by_code(rule: str) -> None:
    assert messages(RULE, an_estate(a_waiver(rule, version="1"), an_api())) == []


def test_an_unversioned_api_has_no_version_to_waive() -> None:
    estate = an_estate(a_waiver(api="users", version="1"), an_api("users", "internal"))
    assert findings(RULE, estate)[0].help == "remove `version`"


def test_waits_until_the_api_can_be_read() -> None:
    estate = an_estate(a_waiver())
    facts = some_facts(estate, unreadable=frozenset({"apis/payments/api.yaml"}))
    assert messages(RULE, estate, facts) == []
