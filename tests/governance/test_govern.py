"""All rules together, and what waivers make of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from forecourt.estate.api import BodyLimits, Scheme, Version
from forecourt.estate.model import Estate
from forecourt.estate.waiver import Waiver
from forecourt.governance import govern
from tests.governance.builders import (
    A_DAY,
    a_deprecated_version,
    a_partner,
    a_service,
    a_version,
    a_waiver,
    an_api,
    an_estate,
    some_facts,
)

_SHORT = an_api(versions=(a_deprecated_version("2024-01-01", "2024-07-01"), a_version("2")))


def _codes(estate: Estate, today: date = A_DAY) -> list[str]:
    return [d.code for d in govern(estate, some_facts(estate), today)]


def test_a_sound_estate_has_nothing_to_say() -> None:
    estate = an_estate(
        an_api(), an_api("users", "internal", allow=("orders",)), a_service(), a_partner()
    )
    assert govern(estate, some_facts(estate), A_DAY) == ()


@pytest.mark.parametrize("rule", ["deprecation-too-short", "FC304"])
@pytest.mark.parametrize("version", ["1", None], ids=["that version", "every version"])
def test_a_waiver_silences_what_it_names(rule: str, version: str | None) -> None:
    assert _codes(an_estate(_SHORT)) == ["FC304"]
    assert _codes(an_estate(_SHORT, a_waiver(rule, version=version))) == []


@pytest.mark.parametrize(
    "waiver",
    [
        a_waiver("deprecation-too-short", version="2"),
        a_waiver("promise-missing", version="1"),
        a_waiver("deprecation-too-short", version="1", dimension="deprecation"),
    ],
    ids=["another version", "another rule", "a dimension"],
)
def test_a_waiver_of_something_else_is_unused(waiver: Waiver) -> None:
    assert _codes(an_estate(_SHORT, waiver)) == ["FC304", "FC903"]


def test_a_waiver_silences_nothing_from_the_day_it_ends() -> None:
    waiver = a_waiver("deprecation-too-short", expires=date(2024, 8, 1))
    estate = an_estate(_SHORT, waiver)
    assert _codes(estate, date(2024, 7, 17)) == []
    assert _codes(estate, date(2024, 7, 18)) == ["FC902"]
    assert _codes(estate, date(2024, 7, 31)) == ["FC902"]
    assert _codes(estate, date(2024, 8, 1)) == ["FC304", "FC901"]


def test_a_waiver_silences_only_its_dimension() -> None:
    lax = {
        "body_limits": BodyLimits(bytes=2**24, depth=64, keys=10_000),
        "errors": "detailed",
    }
    api = an_api(posture=lax)
    one = a_waiver("laxer-than-posture", dimension="errors")
    assert _codes(an_estate(api, one)) == ["FC301"]
    assert _codes(an_estate(api, replace(one, dimension=None))) == []


def test_no_waiver_silences_what_cannot_be_waived() -> None:
    api = an_api("users", "internal", posture={"listener": "internal+external"})
    waivers = [a_waiver(rule, "users") for rule in ("FC302", "fixed-by-audience")]
    assert _codes(an_estate(api, *waivers)) == ["FC302", "FC904", "FC904"]


def test_whoever_makes_an_internal_api_public_is_told_everything_at_once() -> None:
    users = an_api(
        "users",
        "public",
        scheme=Scheme.NONE,
        versions=(Version(name="", contract=None),),
        allow=("orders",),
        sla_tiers=(),
    )
    assert sorted(_codes(an_estate(users, a_service()))) == ["FC204", "FC205", "FC301", "FC306"]


def test_an_estate_without_an_organisation_is_still_judged() -> None:
    assert _codes(an_estate(_SHORT, organization=None)) == ["FC304"]
