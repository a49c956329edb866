"""FC205."""

from __future__ import annotations

import pytest

from forecourt.governance.exposure.allow_on_external import RULE
from tests.governance.builders import an_api, an_estate, findings, messages


@pytest.mark.parametrize("allow", [(), ("orders",)], ids=["nobody", "a service"])
@pytest.mark.parametrize("audience", ["partner", "public"])
def test_a_list_of_services_contradicts_an_external_audience(
    audience: str, allow: tuple[str, ...]
) -> None:
    api = an_api(audience=audience, allow=allow)
    (found,) = findings(RULE, an_estate(api))
    assert found.span == api.places["allow"]
    assert found.help.startswith("remove `allow`, or write `audience: internal`")


def test_an_internal_api_may_list_services() -> None:
    assert messages(RULE, an_estate(an_api("users", "internal", allow=("orders",)))) == []
