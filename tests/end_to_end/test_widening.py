"""Widening is never a save: what would open is held, listed, and opened on the record."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from forecourt.edge.authority import KeyPair, LocalAuthority
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, a_service, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import SOON, eventually
from tests.end_to_end.gateway import Gateway

_STOCK = "/stock/things"


def _a_gateway(**changed: Any) -> Gateway:
    """`stock` is internal, `prices` for partners, `lamps` public; one partner may use `prices`."""
    given: dict[str, Any] = {
        "apis": {
            "stock": an_api("internal", allow=["orders"]),
            "prices": an_api("partner"),
            "lamps": an_api(),
        },
        "partners": {"one": a_partner("prices")},
    }
    return an_estate(**(given | changed))


def _save_api(gateway: Gateway, name: str, audience: str, **fields: Any) -> None:
    gateway.save(f"apis/{name}/api.yaml", as_yaml({"name": name, **an_api(audience, **fields)}))


def _status(gateway: Gateway, path: str = _STOCK, **caller: Any) -> int:
    return gateway.call(path, **(caller or {"key": gateway.developer_key})).status_code


def _held(gateway: Gateway) -> str:
    return gateway.forecourt("open").stdout


# --- held, listed, opened -------------------------------------------------------------------------


def test_one_word_in_a_file_opens_nothing_until_somebody_opens_it(started: Started) -> None:
    gateway = started(_a_gateway())
    revision = gateway.revision()
    stock = an_api("public")
    gateway.save("apis/stock/api.yaml", as_yaml({"name": "stock", **stock}))
    gateway.wait_until_it_says("held: stock would open:")
    assert _status(gateway, "/stock/v1/things") == 404
    assert _status(gateway, service="orders") == 200
    assert gateway.revision() == revision

    listed = _held(gateway)
    assert "anyone with a public key or token: stock version 1 on the external listener" in listed
    assert "to open it: forecourt open stock " in listed

    opened = gateway.forecourt("open", "stock", "--because", "the shop sells it now")
    assert "opened:" in opened.stdout
    eventually(lambda: _status(gateway, "/stock/v1/things") == 200, what="it is open", within=SOON)
    newest = gateway.forecourt("revisions", "--most", "1").stdout
    assert newest.split()[0] == str(revision + 1)
    assert " open " in newest
    assert "stock" in newest
    assert "(the shop sells it now)" in newest
    assert "nothing is held" in gateway.forecourt("open").stderr


def test_the_record_says_who_opened_what_and_why_and_nothing_opens_without_a_reason(
    started: Started,
) -> None:
    gateway = started(_a_gateway())
    _save_api(gateway, "prices", "public")
    gateway.wait_until_it_says("held: prices")
    for arguments in (("open", "prices"), ("open", "prices", "--because", "")):
        assert gateway.run(*arguments).exit_code == 2
    assert gateway.run("open", "lamps", "--because", "why not").exit_code == 2
    assert _status(gateway, "/prices/v1/things") == 404


@pytest.fixture(scope="module")
def closed(started_once: Started) -> Gateway:
    """One that nothing was opened in, for tests that leave it so."""
    return started_once(_a_gateway())


@pytest.mark.parametrize(
    ("file", "old", "new", "part"),
    [
        ("apis/stock/api.yaml", '"orders"', '"orders", "billing"', "stock"),
        ("apis/stock/api.yaml", '"allow"', '"dashboards": [], "allow"', ""),
        ("services.yaml", "sa/billing", "sa/other", "services"),
        ("partners/one.yaml", '"prices": {', '"lamps": {}, "prices": {', "partner one"),
        ("forecourt.yaml", '"api.acme.example"', '"api.acme.example", "b.example"', "gateway"),
        ("forecourt.yaml", "sa/ingress", "sa/other", "gateway"),
    ],
    ids=[
        *("a service on an allow list", "nothing", "a service's identity"),
        *("an API in a contract", "a host", "a mesh proxy"),
    ],
)
def test_whatever_file_it_is_in_a_widening_is_held(
    closed: Gateway, file: str, old: str, new: str, part: str
) -> None:
    revision, text, heard = closed.revision(), closed.read(file), closed.heard()
    closed.change(file, old, new)
    try:
        closed.wait_until_it_says(
            f"held: {part} would open:" if part else "nothing changed", since=heard
        )
        assert closed.revision() == revision
        assert bool(part) is ("would open" in _held(closed))
    finally:
        heard = closed.heard()
        closed.save(file, text)
        closed.wait_until_it_says("nothing changed", since=heard)


def test_an_allow_list_that_goes_away_is_a_widening(closed: Gateway) -> None:
    text, heard = closed.read("apis/stock/api.yaml"), closed.heard()
    _save_api(closed, "stock", "internal")
    closed.wait_until_it_says("service billing: stock on the internal listener", since=heard)
    assert _status(closed, service="billing") == 404
    closed.save("apis/stock/api.yaml", text)


def test_a_new_api_is_held_as_any_widening(started: Started) -> None:
    gateway = started(_a_gateway())
    gateway.save("apis/fresh/openapi.yaml", gateway.read("apis/lamps/openapi.yaml"))
    _save_api(gateway, "fresh", "public", upstream="http://fresh.acme.example:8080")
    gateway.wait_until_it_says("held: fresh would open:")
    assert _status(gateway, "/fresh/v1/things") == 404
    gateway.forecourt("open", "fresh", "--because", "launch")
    eventually(lambda: _status(gateway, "/fresh/v1/things") == 200, what="it is open", within=SOON)


def test_what_is_held_holds_nothing_else_up(started: Started) -> None:
    gateway = started(_a_gateway())
    _save_api(gateway, "prices", "public")
    gateway.wait_until_it_says("held: prices")
    _save_api(gateway, "stock", "internal", allow=[])
    eventually(lambda: _status(gateway, service="orders") == 404, what="narrowed", within=SOON)
    assert _status(gateway, "/prices/v1/things") == 404


def test_two_changes_that_open_something_only_together_are_held(
    started: Started, tmp_path: Path
) -> None:
    """One file lets in a service that nobody is; by another somebody becomes that service."""
    gateway = started(_a_gateway())
    services = {name: a_service(name) for name in ("orders", "billing", "reports")}
    pair = KeyPair(certificate=tmp_path / "reports.pem", key=tmp_path / "reports.key")
    mesh = LocalAuthority(gateway.state / "authority", "mesh")
    mesh.client(pair, services["reports"]["identity"], datetime.now(UTC))

    def status() -> int:
        return _status(gateway, certificate=pair, listener="internal")

    _save_api(gateway, "stock", "internal", allow=["orders", "reports"])
    gateway.save("services.yaml", as_yaml({"services": services}))
    gateway.wait_until_it_says("held: services would open:")
    assert "service reports: stock" in _held(gateway)
    assert status() == 401
    gateway.forecourt("open", "services", "--because", "reports are due")
    eventually(lambda: status() == 200, what="it is open", within=SOON)


def test_a_contract_and_an_audience_that_open_only_together_are_held(started: Started) -> None:
    gateway = started(_a_gateway())
    _save_api(gateway, "stock", "partner")
    gateway.save("partners/one.yaml", as_yaml(a_partner("prices", "stock")))
    eventually(lambda: "partner one: stock version 1" in _held(gateway), what="it is listed")
    assert _status(gateway, "/stock/v1/things", key=gateway.partner_key("one")) == 404


# --- narrowing ------------------------------------------------------------------------------------


def test_removal_and_narrowing_publish_at_once(started: Started) -> None:
    gateway = started(_a_gateway())
    assert _status(gateway, "/lamps/v1/things") == 200
    _save_api(gateway, "lamps", "partner")
    eventually(lambda: _status(gateway, "/lamps/v1/things") == 404, what="narrowed", within=SOON)
    gateway.remove("apis/stock")
    eventually(lambda: _status(gateway, service="orders") == 404, what="removed", within=SOON)
    assert _status(gateway, "/prices/v1/things", key=gateway.partner_key("one")) == 200


def test_narrow_holds_whatever_the_file_says_until_somebody_opens(started: Started) -> None:
    gateway = started(_a_gateway())
    gateway.forecourt("narrow", "lamps", "--to", "internal", "--because", "an incident")
    eventually(lambda: _status(gateway, "/lamps/v1/things") == 404, what="narrowed", within=SOON)
    assert _status(gateway, "/lamps/v1/things", service="orders") == 200
    assert "narrowed: lamps to internal" in _held(gateway)

    # A save of that API changes nothing about it, and neither does the next start.
    heard = gateway.heard()
    _save_api(gateway, "lamps", "public", title="Lamps")
    gateway.wait_until_it_says("lamps", since=heard)
    assert _status(gateway, "/lamps/v1/things") == 404
    gateway.stop()
    gateway.start()
    assert _status(gateway, "/lamps/v1/things") == 404

    gateway.forecourt("open", "lamps", "--because", "it is over")
    eventually(lambda: _status(gateway, "/lamps/v1/things") == 200, what="open again", within=SOON)
    record = gateway.forecourt("revisions").stdout
    assert "(it is over)" in record
    assert "(an incident)" in record


def test_narrow_works_while_the_apis_file_is_wrong(started: Started) -> None:
    gateway = started(_a_gateway())
    gateway.save("apis/lamps/api.yaml", "name: lamps\naudience: publc\n")
    gateway.wait_until_it_says("`publc`")
    gateway.forecourt("narrow", "lamps", "--to", "internal", "--because", "an incident")
    eventually(lambda: _status(gateway, "/lamps/v1/things") == 404, what="narrowed", within=SOON)


# --- the way back ---------------------------------------------------------------------------------


def test_rollback_serves_an_earlier_revision_until_the_file_changes(started: Started) -> None:
    gateway = started(_a_gateway())
    first = gateway.revision()
    _save_api(gateway, "prices", "public")
    gateway.wait_until_it_says("held: prices")
    gateway.forecourt("open", "prices", "--because", "launch")
    eventually(lambda: _status(gateway, "/prices/v1/things") == 200, what="open", within=SOON)

    gateway.forecourt("rollback", str(first), "--because", "too early")
    eventually(lambda: _status(gateway, "/prices/v1/things") == 404, what="back", within=SOON)
    assert _status(gateway, "/prices/v1/things", key=gateway.partner_key("one")) == 200
    newest = gateway.forecourt("revisions", "--most", "1").stdout
    assert " rollback " in newest
    assert "(too early)" in newest

    # What was left behind does not come back by itself, neither by a save nor by a start.
    heard = gateway.heard()
    _save_api(gateway, "stock", "internal", allow=[])
    gateway.wait_until_it_says("serves after", since=heard)
    assert _status(gateway, "/prices/v1/things") == 404
    gateway.stop()
    gateway.start()
    assert _status(gateway, "/prices/v1/things") == 404
    gateway.forecourt("open", "prices", "--because", "now")
    eventually(lambda: _status(gateway, "/prices/v1/things") == 200, what="open", within=SOON)


def test_a_rollback_that_opens_something_is_refused_unless_it_is_said(started: Started) -> None:
    gateway = started(_a_gateway())
    wide = gateway.revision()
    _save_api(gateway, "lamps", "partner")
    eventually(lambda: _status(gateway, "/lamps/v1/things") == 404, what="narrowed", within=SOON)
    refused = gateway.run("rollback", str(wide), "--because", "it was a mistake")
    assert refused.exit_code == 1
    assert "anyone with a public key or token: lamps version 1" in refused.stdout
    assert _status(gateway, "/lamps/v1/things") == 404
    gateway.forecourt("rollback", str(wide), "--open", "--because", "it was a mistake")
    eventually(lambda: _status(gateway, "/lamps/v1/things") == 200, what="open", within=SOON)


# --- waivers --------------------------------------------------------------------------------------


def _waiver(expires: str) -> str:
    waiver = {
        "rule": "deprecation-too-short",
        "api": "lamps",
        "version": "1",
        "owner": "shop",
        "because": "announced before the policy",
        "approved_by": ["board"],
        "expires": expires,
    }
    return as_yaml(waiver)


def _soon_over(**fields: Any) -> dict[str, Any]:
    ending = {
        "contract": "openapi.yaml",
        "status": "deprecated",
        "deprecated": "2990-01-01",
        "sunset": "2990-07-01",
    }
    return {"versions": {"1": ending, "2": {"contract": "openapi.yaml"}}, **fields}


def test_an_expired_waiver_freezes_its_api_only_and_never_a_narrowing(started: Started) -> None:
    gateway = started(
        _a_gateway(
            apis={
                "lamps": an_api(**_soon_over()),
                "stock": an_api("internal", allow=["orders"]),
            },
            partners={"one": a_partner("lamps")},
            files={"waivers/lamps.yaml": _waiver("2990-08-01")},
        )
    )
    assert _status(gateway, "/lamps/v1/things") == 200

    gateway.save("waivers/lamps.yaml", _waiver("2020-01-01"))
    gateway.wait_until_it_says("waiver-expired")
    assert _status(gateway, "/lamps/v1/things") == 200

    # Frozen: another end is not published.
    frozen = _soon_over()
    frozen["versions"]["1"]["sunset"] = "2990-08-01"
    heard = gateway.heard()
    _save_api(gateway, "lamps", "public", **frozen)
    gateway.wait_until_it_says("not published: lamps", since=heard)
    answer = gateway.call("/lamps/v1/things", key=gateway.developer_key)
    assert answer.headers["sunset"] == "Thu, 01 Jul 2990 00:00:00 GMT"

    # The others move, and the frozen one may still be narrowed.
    _save_api(gateway, "stock", "internal", allow=[])
    eventually(lambda: _status(gateway, service="orders") == 404, what="stock moves", within=SOON)
    _save_api(gateway, "lamps", "partner", **_soon_over())
    eventually(lambda: _status(gateway, "/lamps/v2/things") == 404, what="narrowed", within=SOON)
