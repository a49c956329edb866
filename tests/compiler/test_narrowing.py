"""An API made narrower than its file says."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from forecourt.compiler.narrowing import narrowed
from forecourt.compiler.reach import reach_of_api
from forecourt.estate.audience import Audience
from tests.compiler.builders import lowered_api, lowered_callers
from tests.governance.builders import a_partner, a_service, an_issuer, an_organization

AUDIENCES = st.sampled_from(Audience)
CALLERS = lowered_callers(a_service(), a_partner(), an_organization(issuers=(an_issuer(),)))
TODAY = date(2024, 3, 1)


@given(AUDIENCES, AUDIENCES)
def test_is_never_wider_than_it_was(declared: Audience, to: Audience) -> None:
    api = lowered_api(audience=declared.value)
    assert narrowed(api, to).audience == min(declared, to)
    before, after = (reach_of_api(a, CALLERS, TODAY) for a in (api, narrowed(api, to)))
    assert after <= before


@given(AUDIENCES, AUDIENCES)
def test_is_served_as_if_its_file_said_so(declared: Audience, to: Audience) -> None:
    api = narrowed(lowered_api(audience=declared.value), to)
    said = lowered_api(audience=min(declared, to).value)
    assert api.listeners == said.listeners
    assert [c.audience for c in api.callers] == [c.audience for c in said.callers]


@given(AUDIENCES, AUDIENCES)
def test_narrowing_twice_is_narrowing_once(declared: Audience, to: Audience) -> None:
    api = lowered_api(audience=declared.value)
    assert narrowed(narrowed(api, to), to) == narrowed(api, to)


def test_one_kept_inside_stays_inside() -> None:
    api = lowered_api(posture={"listener": "internal"})
    assert narrowed(api, Audience.PARTNER).listeners == ("internal",)
