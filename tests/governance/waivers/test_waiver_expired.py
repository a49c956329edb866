"""FC901."""

from __future__ import annotations

from datetime import date

from forecourt.governance.waivers.waiver_expired import RULE
from tests.governance.builders import A_DAY, a_waiver, an_api, an_estate, findings, messages

_ENDED = a_waiver(expires=A_DAY)
_ESTATE = an_estate(_ENDED, an_api())


def test_a_waiver_has_ended_on_the_day_it_names() -> None:
    (found,) = findings(RULE, _ESTATE, needed=frozenset({_ENDED.name}))
    assert found.message == (
        "the waiver of `promise-missing` ended on 2024-03-01, so nothing new is published about "
        "`payments`"
    )
    assert found.span == _ENDED.places["expires"]
    assert found.help.startswith("repair what it excused")


def test_one_that_nothing_needs_is_to_be_deleted() -> None:
    assert findings(RULE, _ESTATE)[0].help.startswith(f"delete `{_ENDED.places.origin.path}`")


def test_the_day_before_it_still_counts() -> None:
    assert messages(RULE, _ESTATE, today=date(2024, 2, 29)) == []
