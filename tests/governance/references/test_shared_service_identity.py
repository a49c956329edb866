"""FC407."""

from __future__ import annotations

from forecourt.governance.references.shared_service_identity import RULE
from tests.governance.builders import a_service, an_estate, findings, messages

_ID = "spiffe://acme.example/ns/shop/sa/orders"


def test_each_bearer_is_told_of_the_others() -> None:
    a, b = a_service("orders", _ID), a_service("billing", _ID)
    found = findings(RULE, an_estate(a, b))
    assert [f.message for f in found] == [
        f"`orders` has the identity of `billing`: `{_ID}`",
        f"`billing` has the identity of `orders`: `{_ID}`",
    ]
    assert found[0].span == a.places["identity"]


def test_identities_of_their_own_pass() -> None:
    assert messages(RULE, an_estate(a_service("orders"), a_service("billing"))) == []
