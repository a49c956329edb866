"""Who set each value of an API's posture."""

from __future__ import annotations

from datetime import date

import pytest

from forecourt.estate.api import Api, Scheme
from forecourt.estate.audience import Audience, sees
from forecourt.estate.posture import DIMENSIONS
from forecourt.governance.provenance import Explained, explained
from tests.governance.builders import A_DAY, a_waiver, an_api, an_estate, an_organization


def _row(api: Api, key: str, *parts: object, caller: str = "public") -> Explained:
    rows = explained(api, Audience(caller), an_estate(api, *parts), A_DAY)
    return next(row for row in rows if row.dimension.key == key)


@pytest.mark.parametrize("caller", Audience)
@pytest.mark.parametrize("audience", Audience)
def test_what_nobody_set_comes_from_an_audience(audience: Audience, caller: Audience) -> None:
    if not sees(caller, audience):
        return
    api = an_api(audience=audience.value)
    rows = explained(api, caller, an_estate(api), A_DAY)
    assert [row.dimension for row in rows] == list(DIMENSIONS)
    apart = {"versioning"}
    for row in rows:
        if row.dimension.key not in apart:
            assert row.set_by in (audience, caller)
            assert not row.is_laxer


def test_a_dimension_of_both_names_the_stricter_audience() -> None:
    api = an_api()
    assert _row(api, "encryption", caller="internal").set_by is Audience.PUBLIC
    assert _row(api, "listener", caller="internal").set_by is Audience.INTERNAL


def test_a_stricter_value_names_its_place_and_what_it_is_stricter_than() -> None:
    api = an_api(posture={"deprecation": 24})
    row = _row(api, "deprecation")
    assert row.set_by == api.places["posture.deprecation"]
    assert row.because == "stricter than 12 calendar months: a stranger needs a year"


def test_a_floor_names_its_place() -> None:
    organization = an_organization(deprecation_floors={Audience.PUBLIC: 18})
    row = _row(an_api(), "deprecation", organization)
    assert (row.value, row.set_by) == (
        "18 calendar months",
        organization.places["floors.deprecation.public"],
    )


def test_a_laxer_value_names_the_waiver_that_allows_it() -> None:
    api = an_api(posture={"errors": "detailed"})
    waiver = a_waiver("laxer-than-posture", dimension="errors")
    assert _row(api, "errors").waiver is None
    assert _row(api, "errors").is_laxer
    assert _row(api, "errors", waiver).waiver is waiver


def test_a_waiver_that_ended_is_not_named() -> None:
    api = an_api(posture={"errors": "detailed"})
    ended = a_waiver("laxer-than-posture", dimension="errors", expires=A_DAY)
    other = a_waiver("laxer-than-posture", dimension="audit", expires=date(2030, 1, 1))
    assert _row(api, "errors", ended, other).waiver is None


def test_versioning_is_the_scheme_that_is_used() -> None:
    row = _row(an_api(), "versioning")
    assert (row.value, row.is_laxer) == ("path", False)
    assert row.because == "among path, header: strangers move when they can"
    lax = _row(an_api(scheme=Scheme.NONE), "versioning")
    assert (lax.value, lax.is_laxer) == ("none", True)
    assert lax.because == "not among path, header: strangers move when they can"
