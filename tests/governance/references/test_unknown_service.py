"""FC401."""

from __future__ import annotations

from forecourt.governance.references.unknown_service import RULE
from tests.governance.builders import (
    a_service,
    an_api,
    an_estate,
    findings,
    messages,
    some_facts,
)

_API = an_api("users", "internal", allow=("orders", "oders", "warehouse"))
_ESTATE = an_estate(_API, a_service("orders"))


def test_suggests_the_service_that_was_meant() -> None:
    misspelt, unheard_of = findings(RULE, _ESTATE)
    assert misspelt.message == "no service is called `oders`"
    assert misspelt.help == "did you mean `orders`?"
    assert misspelt.span == _API.places["allow"]
    assert unheard_of.help == "declare it in `services.yaml`, or remove it"


def test_waits_until_the_services_can_be_read() -> None:
    facts = some_facts(_ESTATE, unreadable=frozenset({"services.yaml"}))
    assert messages(RULE, _ESTATE, facts) == []


def test_an_api_that_names_nobody_passes() -> None:
    everybody, nobody = an_api("a", "internal", allow=None), an_api("b", "internal", allow=())
    assert messages(RULE, an_estate(everybody, nobody)) == []
