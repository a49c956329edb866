"""The contract of a version, as an audience sees it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forecourt.actions.check_estate import Examined, examine
from forecourt.actions.show_contract import NotShown, Shown, Unreadable, show_contract
from forecourt.estate.audience import Audience
from tests.actions.publishing import CONTRACT, an_api_file, some_files

VERSIONS = '{"1": {contract: v1.openapi.yaml}, "2": {contract: v2.openapi.yaml, status: draft}}'
SECOND = """\
openapi: "3.1.0"
info: {title: T, version: "2"}
servers: [{url: http://inside.svc/base}]
paths:
  /things:
    servers: [{url: http://elsewhere.svc}]
    get: {servers: [{url: http://third.svc}], responses: {"200": {description: fine}}}
    put: {x-audience: partner, responses: {"200": {description: fine}}}
"""


def an_examined(**files: str) -> Examined:
    """`payments`, public, with a current version 1 and a draft of 2."""
    whole: dict[str, str | bytes] = {
        **some_files(),
        "apis/payments/api.yaml": an_api_file(versions=VERSIONS),
        "apis/payments/v2.openapi.yaml": SECOND,
    }
    return examine(whole | files, None, date(2024, 3, 1), variables=frozenset())


def shown(
    name: str = "payments", version: str | None = None, audience: Audience | None = None
) -> Any:
    found = show_contract(an_examined(), name, version, audience)
    assert isinstance(found, Shown), found
    return found.document


def test_shows_the_newest_version_that_is_current() -> None:
    assert shown()["info"]["version"] == "1"
    assert shown(version="2")["info"]["version"] == "2"


def test_servers_are_our_paths_and_no_others() -> None:
    document = shown(version="2")
    assert document["servers"] == [{"url": "/payments/v2"}]
    assert list(document) == ["openapi", "info", "servers", "paths"]
    assert list(document["paths"]["/things"]) == ["get"]
    assert list(document["paths"]["/things"]["get"]) == ["responses"]


def test_shows_what_the_audience_of_the_api_sees_unless_another_is_named() -> None:
    assert list(shown(version="2")["paths"]["/things"]) == ["get"]
    partner = shown(version="2", audience=Audience.PARTNER)
    assert list(partner["paths"]["/things"]) == ["get", "put"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("payment", None, None), "there is no API `payment`; did you mean `payments`?"),
        (("payments", "3", None), "`payments` has no version `3`; name one of 1, 2"),
        (
            ("users", None, Audience.PARTNER),
            "partner callers see nothing of `users`, which is internal; name a narrower "
            "`--audience`",
        ),
    ],
    ids=["no such API", "no such version", "not for them"],
)
def test_says_why_there_is_nothing(asked: Any, says: str) -> None:
    assert show_contract(an_examined(), *asked) == NotShown(because=says)


def test_an_api_without_a_document_has_nothing_to_show() -> None:
    lines = {"versioning": "{scheme: none}"}
    users = an_api_file("internal", name="users", **lines).replace("versions", "# versions")
    found = show_contract(an_examined(**{"apis/users/api.yaml": users}), "users", None, None)
    assert found == NotShown(because="`users` has no contract: its `api.yaml` names no document")


def test_a_contract_that_cannot_be_read_is_named() -> None:
    examined = an_examined(**{"apis/payments/v1.openapi.yaml": "openapi: 3.1.0\n"})
    found = show_contract(examined, "payments", "1", None)
    assert found == Unreadable(contract="apis/payments/v1.openapi.yaml")


def test_what_is_left_out_is_not_shown() -> None:
    broken = CONTRACT.replace("{responses", '{requestBody: {$ref: "#/nothing"}, responses')
    found = show_contract(
        an_examined(**{"apis/payments/v1.openapi.yaml": broken}), "payments", "1", None
    )
    assert isinstance(found, Shown)
    assert found.document["paths"] == {}  # type: ignore[index, call-overload]
