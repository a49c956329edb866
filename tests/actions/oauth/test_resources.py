"""What tokens can be for, and who is told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.actions.oauth.resources import Resources
from forecourt.compiler.ir.callers import Grant
from forecourt.estate.audience import Audience
from tests.actions.builders import a_limit
from tests.actions.oauth.builders import RESOURCES, URL

ADA = Entitlement(
    credential="client_one",
    application="app_ada",
    consumer="developer:ada",
    audience=Audience.PUBLIC,
    bucket="app_ada",
    limit=a_limit(),
)
PARTNER = replace(ADA, audience=Audience.PARTNER)


def seen(resources: Resources) -> set[str]:
    return {name for name in ("lamps", "bulbs", "prices") if resources.known(f"{URL}/{name}")}


@pytest.mark.parametrize(
    ("caller", "names"),
    [
        (ADA, {"lamps", "bulbs"}),
        (PARTNER, {"lamps", "bulbs", "prices"}),
        (replace(PARTNER, grants=(Grant(api="prices", versions=None),)), {"prices"}),
        (replace(ADA, grants=(Grant(api="prices", versions=None),)), set()),
        (replace(PARTNER, grants=()), set()),
        (Unknown("undeclared"), set()),
    ],
    ids=["public", "partner", "by contract", "narrower", "an empty contract", "nobody"],
)
def test_a_caller_is_told_only_of_what_it_sees(
    caller: Entitlement | Unknown, names: set[str]
) -> None:
    found = RESOURCES.seen_by(caller)
    assert seen(found) == names
    assert found.known(URL) == URL, "for the gateway it may always ask"


def test_an_api_of_which_nobody_says_who_sees_it_is_not_there() -> None:
    assert seen(replace(RESOURCES, audiences={}).seen_by(ADA)) == set()
