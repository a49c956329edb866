"""The verdict over a request; that the Lua says the same is held in tests/security."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.actions.assumed_caller import Known, Nobody
from forecourt.actions.decide_request import Request, decide_request
from forecourt.actions.entitlement import Entitlement
from forecourt.compiler.refusals import Refusal
from forecourt.estate.audience import Audience
from tests.actions.builders import NOW, a_limit
from tests.compiler.builders import an_edge
from tests.governance import builders

EDGE = an_edge(builders.an_api("payments", "public"))
PATH = EDGE.apis[0].versions[0].prefix
ADA = Known(
    kind="api_key",
    entitlement=Entitlement(
        credential="key_1",
        application="app_1",
        consumer="developer:ada",
        audience=Audience.PUBLIC,
        bucket="app_1",
        limit=a_limit(),
    ),
)


def a_request(**fields: Any) -> Request:
    given: dict[str, Any] = {
        "method": "GET",
        "path": PATH,
        "listener": "external",
        "wanted": None,
        "at": NOW,
    }
    return Request(**(given | fields))


def test_lets_through_and_says_to_which_version() -> None:
    verdict = decide_request(EDGE, a_request(), ADA, {})
    assert verdict.refusal is None
    assert verdict.route is not None
    assert verdict.decision.version == verdict.route.versions[0]


@pytest.mark.parametrize(
    ("request_", "caller", "refusal"),
    [
        (a_request(), Nobody(), Refusal.MISSING),
        (a_request(path="/nothing"), Nobody(), Refusal.MISSING),
        (a_request(path="/nothing"), ADA, Refusal.NOT_FOUND),
        (a_request(listener="internal"), ADA, Refusal.MISSING),
        (a_request(), Nobody(kind="api_key", because="revoked"), Refusal.UNKNOWN),
        (a_request(), Nobody(kind="spiffe", because="undeclared"), Refusal.MISSING),
        (a_request(method="TRACE"), Nobody(), Refusal.METHOD),
        (a_request(path="/a/..;/b"), ADA, Refusal.AMBIGUOUS_PATH),
    ],
)
def test_asks_in_the_order_of_the_gate(
    request_: Request, caller: Known | Nobody, refusal: Refusal
) -> None:
    assert decide_request(EDGE, request_, caller, {}).refusal is refusal
