"""Whom breaking changes concern, and what their posture says of them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from forecourt.actions.compare_contracts import Compared, Consequence, compare_contracts
from forecourt.actions.edition import Declared, Edition, read_edition
from forecourt.estate.api import Api
from forecourt.estate.audience import Audience
from forecourt.estate.model import Estate
from tests.contract.comparison.documents import answering
from tests.governance.builders import a_partner, a_service, a_version, an_api

_TEXT, _NUMBER = answering({"type": "string"}), answering({"type": "integer"})


def _edition(written: Any, api: Api | None = None, version: str = "1") -> Edition:
    declared = None
    if api is not None:
        found = next(v for v in api.versions if v.name == version)
        declared = Declared(api=api, version=found)
    edition = read_edition("shop", "a.json", {"a.json": json.dumps(written)}.get, declared=declared)
    assert isinstance(edition, Edition)
    return edition


def _compared(old: Edition, new: Edition, **options: Any) -> Compared:
    return compare_contracts(old, new, today=date(2026, 1, 15), **options)


def _shop(audience: str = "public", **written: Any) -> Api:
    return an_api("shop", audience, versions=(a_version("1"), a_version("2")), **written)


def _estate(api: Api) -> Estate:
    partners = {
        "any": a_partner("any", apis={"shop": None}),
        "first": a_partner("first", apis={"shop": ("1",)}),
        "second": a_partner("second", apis={"shop": ("2",)}),
        "other": a_partner("other", apis={}),
    }
    services = {name: a_service(name) for name in ("orders", "billing")}
    return Estate(organization=None, apis={"shop": api}, partners=partners, services=services)


def _consequences(api: Api, new_version: str = "2") -> dict[str, Consequence]:
    old, new = _edition(_TEXT, api), _edition(_NUMBER, api, new_version)
    compared = _compared(old, new, estate=_estate(api))
    return {each.audience.value: each for each in compared.consequences}


def test_names_the_partners_whose_versions_are_touched() -> None:
    assert _consequences(_shop())["partner"].who == ("any (every version)", "first (versions 1)")


def test_names_the_services_that_may_call() -> None:
    assert _consequences(_shop())["internal"].who == ("billing", "orders")
    assert _consequences(_shop("internal", allow=("orders",)))["internal"].who == ("orders",)


def test_names_nobody_of_the_public() -> None:
    assert _consequences(_shop())["public"].who is None


def test_says_what_the_posture_of_each_audience_demands() -> None:
    demands = {name: each.demand for name, each in _consequences(_shop()).items()}
    assert demands == {"internal": "announce", "partner": "acknowledge", "public": "new_version"}


def test_an_api_may_demand_more() -> None:
    stricter = _shop("partner", posture={"breaking_change": "new_version"})
    assert {each.demand for each in _consequences(stricter).values()} == {"new_version"}


def test_concerns_only_those_who_see_the_api() -> None:
    assert list(_consequences(_shop("internal"))) == ["internal"]


def test_knows_a_new_version_from_a_change_of_one() -> None:
    assert _consequences(_shop())["public"].is_new_version
    assert not _consequences(_shop(), "1")["public"].is_new_version


def test_judges_for_all_where_no_estate_says_for_whom() -> None:
    compared = _compared(_edition(_TEXT), _edition(_NUMBER))
    assert compared.audiences == tuple(Audience)
    assert [each.who for each in compared.consequences] == [None, None, None]


def test_servers_count_only_where_no_edge_stands_before_them() -> None:
    old, new = ({**_TEXT, "servers": [{"url": url}]} for url in ("/old", "/new"))
    assert _compared(_edition(old), _edition(new)).changes
    assert not _compared(_edition(old, _shop()), _edition(new, _shop())).changes


def test_says_of_each_change_where_it_is_in_both() -> None:
    (located,) = _compared(_edition(_TEXT), _edition(_NUMBER)).changes
    assert located.old.path == located.new.path == "a.json"
    assert located.change.kind.id == "response-type-changed"
