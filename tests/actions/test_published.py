"""Who may call, as it was last published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import pytest

from forecourt.actions.published import callers_from_parts, parts_from_callers
from forecourt.compiler.ir.callers import AgreedSunset, Grant
from forecourt.diagnostics import Span
from forecourt.estate.audience import Audience
from tests.actions.builders import a_partner, a_service, an_issuer, some_callers


def test_reads_what_was_written() -> None:
    sunset = AgreedSunset(api="payments", version="1", on=date(2027, 1, 1))
    callers = some_callers(
        partners=(
            a_partner(sunsets=(sunset,), host="acme.api.example", ca="certs/acme.pem"),
            a_partner("zenith", grants=(Grant(api="payments", versions=None),), sha256=("0a",)),
        ),
        issuers=(an_issuer(callers=Audience.PARTNER),),
    )
    assert callers_from_parts(parts_from_callers(callers)) == callers


def test_gives_each_partner_a_part_of_its_own() -> None:
    parts = parts_from_callers(some_callers(partners=(a_partner("acme-corp"), a_partner("z"))))
    assert sorted(parts) == [
        "callers/issuers",
        "callers/partner/acme-corp",
        "callers/partner/z",
        "callers/plans",
        "callers/services",
        "callers/standard",
    ]


def test_writes_the_same_wherever_it_was_declared() -> None:
    moved = replace(a_service(), origin=Span("elsewhere.yaml", 77, 7))
    assert parts_from_callers(some_callers(services=(moved,))) == parts_from_callers(some_callers())


def test_knows_nobody_before_anything_is_published() -> None:
    callers = callers_from_parts({})
    assert (callers.services, callers.partners, callers.plans, callers.issuers) == ((), (), (), ())
    assert callers.standard.per_minute == 100


def test_passes_over_other_parts() -> None:
    callers = some_callers()
    assert callers_from_parts({**parts_from_callers(callers), "api/x": "not JSON"}) == callers


@pytest.mark.parametrize("text", ["", "[]", '{"name": 1}', "{"])
def test_refuses_text_that_no_release_wrote(text: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        callers_from_parts({"callers/partner/acme": text})
