"""Whom a suspension stops."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.actions.suspension import Suspension, suspended_by, unless_suspended
from forecourt.estate.audience import Audience
from tests.actions.builders import a_limit, a_suspension

SHOP = Entitlement(
    credential="key_1",
    application="app_ada",
    consumer="developer:ada",
    audience=Audience.PUBLIC,
    bucket="app_ada",
    limit=a_limit(),
)


@pytest.mark.parametrize(
    "suspension",
    [a_suspension("app_ada"), a_suspension("developer:ada", is_owner=True)],
    ids=["itself", "its owner"],
)
@pytest.mark.parametrize("credential", ["key_1", "token:x/y/z", "certificate:0a1b"])
def test_nothing_that_an_application_holds_counts(suspension: Suspension, credential: str) -> None:
    found = replace(SHOP, credential=credential)
    assert unless_suspended(found, suspended_by([suspension])) == Unknown("suspended")


@pytest.mark.parametrize(
    "suspension",
    [
        a_suspension("app_grace"),
        a_suspension("app_ada", is_owner=True),
        a_suspension("developer:ada"),
    ],
    ids=["another", "an owner that is called so", "an application that is called so"],
)
def test_nobody_else_is_stopped(suspension: Suspension) -> None:
    assert unless_suspended(SHOP, suspended_by([suspension])) == SHOP


def test_who_is_nobody_stays_so_for_the_same_reason() -> None:
    suspended = suspended_by([a_suspension()])
    assert unless_suspended(Unknown("expired"), suspended) == Unknown("expired")
