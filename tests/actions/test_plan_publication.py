"""Which changed parts may move."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forecourt.actions.parts import wanted_parts
from forecourt.actions.plan_publication import HeldBecause, Plan, Standing, plan, rejection
from forecourt.diagnostics import Diagnostic, Severity, Span
from forecourt.estate.api import Scheme
from forecourt.estate.audience import Audience
from tests.governance.builders import (
    a_deprecated_version,
    a_partner,
    a_service,
    a_version,
    an_api,
    an_estate,
    an_external_listener,
    an_organization,
)

TODAY = date(2024, 3, 1)
BY_PATH: dict[str, Any] = {"scheme": Scheme.PATH, "versions": (a_version("1"),)}
PAYMENTS = "api/payments"


def parts(*declared: Any) -> dict[str, str]:
    return wanted_parts(an_estate(*declared), {}, local=False)


def an_error(name: str = "path-overlap") -> tuple[Diagnostic, ...]:
    span = Span("apis/payments/api.yaml", 1, 1)
    error = Diagnostic(code="FC000", name=name, severity=Severity.ERROR, message="bad", span=span)
    return (error,)


def planned(before: dict[str, str] | None, after: dict[str, str], **standing: Any) -> Plan:
    given = {"today": TODAY, "errors": {}, "narrowings": {}, "rejected": frozenset()}
    return plan(before, after, Standing(**(given | standing)))


def public(**written: Any) -> Any:
    return an_api("payments", **written)


def internal(**written: Any) -> Any:
    return an_api("payments", "internal", **(BY_PATH | written))


# --- the first ------------------------------------------------------------------------------------


def test_at_first_everything_without_mistakes_moves() -> None:
    wanted = parts(public(), an_api("users", "internal"))
    found = planned(None, wanted, errors={PAYMENTS: an_error()})
    assert set(found.changed) == set(wanted) - {PAYMENTS}
    assert [(r.part, r.is_served) for r in found.refused] == [(PAYMENTS, False)]
    assert (found.held, found.openings) == ((), ())


# --- moving ---------------------------------------------------------------------------------------


def test_nothing_moves_where_nothing_changed() -> None:
    found = planned(parts(public()), parts(public()))
    assert (found.changed, found.held, found.refused) == ({}, (), ())


def test_what_opens_nothing_moves() -> None:
    found = planned(parts(public()), parts(internal()))
    assert set(found.changed) == {PAYMENTS}
    assert found.parts == parts(internal())


def test_what_is_not_declared_any_more_goes() -> None:
    found = planned(parts(public(), a_partner()), parts())
    assert found.changed == {PAYMENTS: None, "callers/partner/acme-corp": None}
    assert found.parts == parts()


# --- waiting --------------------------------------------------------------------------------------


def test_what_opens_something_waits_and_says_what() -> None:
    found = planned(parts(internal(), a_service()), parts(public(), a_service()))
    (held,) = found.held
    assert (held.part, held.because) == (PAYMENTS, HeldBecause.WIDENING)
    assert {o.listener for o in held.openings} == {"external"}
    assert found.parts == parts(internal(), a_service())


def test_two_changes_that_open_something_only_together_do_not_both_move() -> None:
    granted = a_partner(apis={"payments": ("1", "2")})
    two = public(audience=Audience.PARTNER, versions=(a_version("1"), a_version("2")))
    one = public(audience=Audience.PARTNER)
    found = planned(parts(one, a_partner()), parts(two, granted))
    assert set(found.changed) == {"callers/partner/acme-corp"}
    assert [h.part for h in found.held] == [PAYMENTS]
    assert [str(o) for o in found.held[0].openings] == [
        f"partner acme-corp: payments version 2 on the external listener, by {by}"
        for by in ("api_key", "oauth2")
    ]


def test_a_change_of_callers_waits_for_what_it_opens_in_any_api() -> None:
    found = planned(
        parts(an_api("users", "internal")), parts(an_api("users", "internal"), a_service())
    )
    (held,) = found.held
    assert held.part == "callers/services"
    assert "service orders: users on the internal listener, by mtls" in map(str, held.openings)


def test_an_api_is_judged_by_the_callers_that_could_move() -> None:
    """A service that waits to be let in is no reason to hold back what else an API changes."""
    before = parts(an_api("users", "internal"))
    after = parts(an_api("users", "internal", title="Other"), a_service())
    found = planned(before, after)
    assert set(found.changed) == {"api/users"}
    assert [h.part for h in found.held] == ["callers/services"]


def test_a_listener_waits_for_what_it_opens() -> None:
    hosts = ("api.acme.example", "b.acme.example")
    after = parts(an_organization(external=an_external_listener(hosts=hosts)))
    found = planned(parts(), after)
    assert [h.part for h in found.held] == ["gateway"]
    assert [str(o) for o in found.held[0].openings] == [
        "the network: 0.0.0.0:8443 as b.acme.example on the external listener"
    ]


def test_what_somebody_opens_moves() -> None:
    found = planned(parts(internal()), parts(public()), opened=frozenset({PAYMENTS}))
    assert set(found.changed) == {PAYMENTS}
    assert found.held == ()
    assert found.openings


def test_a_version_comes_back_after_its_end_only_by_being_opened() -> None:
    gone = public(versions=(a_deprecated_version("2023-01-01", "2024-03-01"),))
    back = public(versions=(a_deprecated_version("2023-01-01", "2024-03-02"),))
    assert planned(parts(gone), parts(back)).held
    the_day_before = date(2024, 2, 29)
    assert not planned(parts(gone), parts(back), today=the_day_before).held


# --- mistakes -------------------------------------------------------------------------------------


def test_what_has_mistakes_stays_as_it_was() -> None:
    found = planned(parts(public()), parts(internal()), errors={PAYMENTS: an_error()})
    (refused,) = found.refused
    assert (refused.part, refused.diagnostics, refused.is_served) == (PAYMENTS, an_error(), True)
    assert found.changed == {}


def test_what_has_mistakes_says_what_it_would_open_besides() -> None:
    found = planned(parts(internal()), parts(public()), errors={PAYMENTS: an_error()})
    assert found.refused[0].openings
    assert found.held == ()


def test_nobody_opens_what_has_mistakes() -> None:
    opened = frozenset({PAYMENTS})
    found = planned(
        parts(internal()), parts(public()), errors={PAYMENTS: an_error()}, opened=opened
    )
    assert found.changed == {}


def test_mistakes_are_told_of_what_did_not_change_too() -> None:
    found = planned(parts(public()), parts(public()), errors={PAYMENTS: an_error()})
    assert [r.part for r in found.refused] == [PAYMENTS]


@pytest.mark.parametrize(
    ("after", "moves"),
    [(internal(), True), (public(title="Other"), False), (public(), False)],
    ids=["a narrowing", "another title", "nothing"],
)
def test_an_expired_waiver_lets_through_a_narrowing_only(after: Any, moves: bool) -> None:
    errors = {PAYMENTS: an_error("waiver-expired")}
    found = planned(parts(public(), a_partner()), parts(after, a_partner()), errors=errors)
    assert (PAYMENTS in found.changed) is moves
    assert bool(found.refused) is not moves


def test_a_mistake_besides_an_expired_waiver_holds_back_a_narrowing_as_well() -> None:
    errors = {PAYMENTS: (*an_error("waiver-expired"), *an_error())}
    assert planned(parts(public()), parts(internal()), errors=errors).changed == {}


# --- what somebody decided before -----------------------------------------------------------------


def test_what_was_rolled_back_waits_while_it_reads_the_same() -> None:
    after = parts(internal())
    rejected = frozenset({rejection(PAYMENTS, after[PAYMENTS])})
    found = planned(parts(public()), after, rejected=rejected)
    assert [(h.part, h.because) for h in found.held] == [(PAYMENTS, HeldBecause.ROLLED_BACK)]
    assert planned(parts(public()), parts(internal(title="Other")), rejected=rejected).held == ()


def test_a_removal_that_was_rolled_back_waits() -> None:
    rejected = frozenset({rejection(PAYMENTS, None)})
    found = planned(parts(public()), parts(), rejected=rejected)
    assert [h.because for h in found.held] == [HeldBecause.ROLLED_BACK]


def test_a_narrowing_by_hand_is_no_widening_to_keep() -> None:
    narrowings = {"payments": Audience.INTERNAL}
    found = planned(parts(internal()), parts(public()), narrowings=narrowings)
    assert set(found.changed) == {PAYMENTS}, "nothing opens while it stands"
