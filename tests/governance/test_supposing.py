"""Rules look at what is known of a file with mistakes, and draw nothing from the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from forecourt.diagnostics import Diagnostic
from forecourt.estate.api import Api
from forecourt.estate.model import Estate
from forecourt.estate.unread import Unread
from forecourt.governance import Supposed, govern
from tests.governance.builders import (
    A_DAY,
    a_deprecated_version,
    a_partner,
    a_waiver,
    an_api,
    an_estate,
    some_facts,
)

PAYMENTS = "apis/payments/api.yaml"


def unread(path: str = PAYMENTS) -> Any:
    return Unread(path)


def judged(sound: Estate, supposed: Estate, *files: str) -> tuple[Diagnostic, ...]:
    facts = some_facts(sound, files=frozenset({"apis/payments/v1.openapi.yaml"}))
    facts = replace(facts, unreadable=frozenset(files))
    return govern(sound, facts, A_DAY, Supposed(supposed, frozenset(files)))


def of_payments(**written: Any) -> list[str]:
    """What is said when the only API has mistakes."""
    api: Api = an_api(**written)
    return [d.name for d in judged(an_estate(), an_estate(api), PAYMENTS)]


def test_finds_what_follows_from_what_is_known() -> None:
    short = a_deprecated_version("2024-01-01", "2024-07-01")
    assert of_payments(versions=(short,), source=unread()) == ["deprecation-too-short"]


def test_finds_nothing_that_would_follow_from_what_is_not() -> None:
    short = replace(a_deprecated_version("2024-01-01", "2024-07-01"), sunset=unread())
    assert of_payments(versions=(short,)) == []


def test_sets_aside_one_file_and_goes_on() -> None:
    short = (a_deprecated_version("2024-01-01", "2024-07-01"),)
    torn = [
        an_api(f"a{n}", versions=(replace(short[0], sunset=Unread(f"apis/a{n}/api.yaml")),))
        for n in range(30)
    ]
    known = an_api("z", versions=short)
    files = [f"apis/{api.name}/api.yaml" for api in torn]
    said = judged(an_estate(known), an_estate(known, *torn), *files)
    short_of_time = [d.span.path for d in said if d.name == "deprecation-too-short"]
    assert short_of_time == ["apis/z/api.yaml"]


def test_a_name_that_is_known_is_not_missing() -> None:
    partner = a_partner(apis={"payments": ("1", "9")})
    api = an_api(owner=unread())
    said = judged(an_estate(partner), an_estate(partner, api), PAYMENTS)
    assert [d.message for d in said] == ["`payments` has no version `9`"]


def test_a_waiver_with_mistakes_excuses_nothing_and_is_named() -> None:
    short = an_api(versions=(a_deprecated_version("2024-01-01", "2024-07-01"),))
    waiver = a_waiver("deprecation-too-short", owner=unread("waivers/a.yaml"))
    path = waiver.places.origin.path
    for torn in (waiver, replace(waiver, rule=unread(path))):
        (said,) = judged(an_estate(short), an_estate(short, torn), path)
        assert said.name == "deprecation-too-short"
        assert said.help is not None
        assert said.help.startswith(f"mend `{path}`, if it is to excuse this; or ")
    other = replace(waiver, api="users")
    (said, nowhere) = judged(an_estate(short), an_estate(short, other), path)
    assert not str(said.help).startswith("mend")
    assert nowhere.name == "waiver-of-nothing"


def test_no_waiver_is_unused_while_its_api_has_mistakes() -> None:
    waiver = a_waiver("deprecation-too-short")
    api = replace(an_api(), versions=unread())
    assert judged(an_estate(waiver), an_estate(waiver, api), PAYMENTS) == ()


def test_what_knows_more_counts_of_two_findings_at_one_place() -> None:
    api = an_api(sla_tiers=())
    sound, more = an_estate(api, tiers={}), an_estate(api)
    (said,) = (d for d in judged(sound, more, "sla.yaml") if d.name == "promise-missing")
    assert said.help is not None
    assert said.help.startswith("add `sla: {tiers: […]}` (standard)")
