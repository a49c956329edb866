"""FC302."""

from __future__ import annotations

import pytest

from forecourt.governance.lifecycle import laxer_than_posture
from forecourt.governance.lifecycle.fixed_by_audience import RULE
from tests.governance.builders import an_api, an_estate, findings, messages


@pytest.mark.parametrize(
    ("audience", "key", "value"),
    [
        ("internal", "listener", "internal+external"),
        ("public", "credentials", frozenset({"anonymous", "api_key"})),
        ("partner", "credentials", frozenset({"internal_token"})),
        ("public", "authorization", "service"),
        ("public", "encryption", "mesh"),
    ],
)
def test_no_waiver_can_loosen_what_the_word_means(audience: str, key: str, value: object) -> None:
    api = an_api(audience=audience, posture={key: value})
    (found,) = findings(RULE, an_estate(api))
    assert found.span == api.places[f"posture.{key}"]
    assert not RULE.waivable
    assert messages(laxer_than_posture.RULE, an_estate(api)) == []


@pytest.mark.parametrize(
    ("audience", "key", "value"),
    [
        ("public", "listener", "internal"),
        ("public", "credentials", frozenset({"jwt"})),
        ("partner", "authorization", "scope"),
        ("internal", "encryption", "tls"),
    ],
)
def test_stricter_is_always_allowed(audience: str, key: str, value: object) -> None:
    assert messages(RULE, an_estate(an_api(audience=audience, posture={key: value}))) == []
