"""Each audience is judged by what it sees, and by how it is treated."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract.comparison import Verdict
from forecourt.estate.audience import Audience
from tests.contract.comparison.documents import (
    answering,
    changes,
    document,
    operation,
    posting,
    receiving,
)

_INTERNAL, _PARTNER, _PUBLIC = Audience
_TEXT = {"type": "string"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": _TEXT, **properties}}


def _marked(audience: str, **said: Any) -> dict[str, Any]:
    return {**_TEXT, "x-audience": audience, **said}


def test_what_some_do_not_see_is_no_change_for_them() -> None:
    (change,) = changes(answering(_object()), answering(_object(b=_marked("partner"))))
    assert change.kind.id == "response-property-added"
    assert change.verdicts == {_INTERNAL: Verdict.SAFE, _PARTNER: Verdict.SAFE}


def test_what_is_marked_narrower_is_gone_for_the_others() -> None:
    old, new = answering(_object(b=_TEXT)), answering(_object(b=_marked("partner")))
    (change,) = changes(old, new)
    assert change.kind.id == "audience-narrowed"
    assert change.verdicts == {_PUBLIC: Verdict.RISKY}
    assert change.message == "`b` is gone, for public callers: it is not theirs now"


def test_what_is_marked_wider_is_new_for_the_others() -> None:
    old, new = answering(_object(b=_marked("internal"))), answering(_object(b=_marked("partner")))
    (change,) = changes(old, new)
    assert change.kind.id == "audience-widened"
    assert change.verdicts == {_PARTNER: Verdict.SAFE}


def test_an_operation_that_is_marked_narrower_breaks_the_others() -> None:
    def shop(**said: Any) -> dict[str, Any]:
        return document(paths={"/things": {"get": operation(), "post": operation(**said)}})

    (change,) = changes(shop(), shop(**{"x-audience": "internal"}))
    assert change.kind.id == "audience-narrowed"
    assert change.verdicts == {_PARTNER: Verdict.BREAKING, _PUBLIC: Verdict.BREAKING}


def test_a_value_that_is_marked_narrower_breaks_requests_of_the_others() -> None:
    listed = {"type": "string", "enum": ["a", "b"]}
    marked = {**listed, "x-enum-audience": {"b": "partner"}}
    (change,) = changes(receiving(listed), receiving(marked))
    assert change.kind.id == "audience-narrowed"
    assert change.verdicts == {_PUBLIC: Verdict.BREAKING}


def test_a_required_property_that_is_marked_wider_breaks_requests_of_the_others() -> None:
    def shop(audience: str) -> dict[str, Any]:
        return receiving({**_object(b=_marked(audience)), "required": ["b"]})

    (change,) = changes(shop("internal"), shop("public"))
    assert change.kind.id == "audience-widened"
    assert change.verdicts == {_PARTNER: Verdict.BREAKING, _PUBLIC: Verdict.BREAKING}


def test_only_those_are_judged_who_may_call() -> None:
    (change,) = changes(posting(operationId="a"), posting(), widest=_INTERNAL)
    assert change.verdicts == {_INTERNAL: Verdict.SAFE}


def test_an_unknown_parameter_is_refused_outside() -> None:
    limit = {"name": "limit", "in": "query", "schema": _TEXT}
    (change,) = changes(posting(parameters=[limit]), posting())
    assert change.verdicts == {
        _INTERNAL: Verdict.RISKY,
        _PARTNER: Verdict.BREAKING,
        _PUBLIC: Verdict.BREAKING,
    }


def test_an_operation_without_a_date_may_go_where_no_notice_is_owed() -> None:
    def shop(**others: Any) -> dict[str, Any]:
        return document(paths={"/things": {"get": operation(), **others}})

    (change,) = changes(shop(post=operation(deprecated=True)), shop())
    assert change.kind.id == "operation-removed-undated"
    assert change.verdicts[_INTERNAL] is Verdict.RISKY
    assert change.verdicts[_PUBLIC] is Verdict.BREAKING


@pytest.mark.parametrize(
    ("sunset", "audiences"),
    [
        ("2026-07-14", {_PARTNER, _PUBLIC}),
        ("2026-07-15", {_PUBLIC}),
        ("2027-01-14", {_PUBLIC}),
        ("2027-01-15", set()),
    ],
    ids=["five months left", "six months left", "eleven months left", "a year left"],
)
def test_an_end_is_too_soon_for_those_who_are_owed_more_months(
    sunset: str, audiences: set[Audience]
) -> None:
    found = changes(posting(), posting(**{"deprecated": True, "x-sunset": sunset}))
    assert {a for c in found if c.kind.id == "sunset-too-soon" for a in c.verdicts} == audiences
    assert "deprecated" in {c.kind.id for c in found}
