"""An answer of the newer version as a caller of the older one gets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forecourt.contract.lenses.program import Move, Node, Program
from forecourt.contract.lenses.steps import Change, InObject, Rename, Spread
from tests.edge.lua.lens.lensing import (
    EXAMPLE,
    PAYMENT_DOWN,
    Lenses,
    Lowered,
    Refused,
    a_hop,
    a_program,
    an_operation,
)

PAYMENT = {"id": "p", "amount": {"value": "49.90", "currency": "USD"}, "customerId": "c"}
IN_EURO = {**PAYMENT, "amount": {"value": "49.90", "currency": "EUR"}}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def example(tmp_path: Path) -> Lenses:
    return Lenses(tmp_path, EXAMPLE)


def lowered(lenses: Lenses, name: str, body: Any = None, **given: Any) -> Lowered:
    found = lenses.lowered(name, body, **given)
    assert isinstance(found, Lowered), found
    return found


def refused(lenses: Lenses, name: str, body: Any = None, **given: Any) -> Refused:
    found = lenses.lowered(name, body, **given)
    assert isinstance(found, Refused), found
    return found


def test_says_what_the_service_said_in_the_older_version(example: Lenses) -> None:
    found = lowered(example, "POST /charges", PAYMENT, status="201")
    assert found.body == '{"id":"p","amount":4990,"customer_id":"c"}'


def test_a_program_may_hold_for_a_class_of_statuses(example: Lenses) -> None:
    body = {"data": [PAYMENT, {"amount": None}], "next": None}
    found = lowered(example, "GET /payments", body, status="206")
    assert json.loads(found.body or "")["data"][0]["amount"] == 4990
    assert (found.body or "").endswith('{"amount":null}],"next":null}')


def test_another_status_stays_as_it_is(tmp_path: Path) -> None:
    charge = an_operation(answers={"201": a_program(*PAYMENT_DOWN)}, plain=("200", "4XX"))
    lenses = Lenses(tmp_path, a_hop(charge))
    for status in ("200", "404"):
        found = lowered(lenses, "POST /charges", json.dumps(PAYMENT), status=status)
        assert json.loads(found.body or "") == PAYMENT


def test_a_good_answer_of_a_status_that_is_not_declared_does_not_leave(example: Lenses) -> None:
    found = refused(example, "POST /charges", PAYMENT, status="202")
    assert found.reason == "undeclared-status"
    assert lowered(example, "POST /charges", status="204").body is None
    fields = {"content-type": "text/plain"}
    found = refused(example, "POST /charges", PAYMENT, status="202", fields=fields)
    assert found.reason == "undeclared-status"


def test_what_has_no_equal_does_not_leave_not_even_in_part(example: Lenses) -> None:
    found = refused(example, "GET /payments", {"data": [PAYMENT, IN_EURO]})
    assert found.reason == "answer-not-representable"
    assert not found.is_done
    assert found.faults == (
        {
            "where": "answer",
            "pointer": "/data/1/amount",
            "rule": "convert",
            "expected": "money of USD",
        },
    )


def test_of_what_was_done_it_is_said_that_it_was(example: Lenses) -> None:
    found = refused(example, "POST /charges", IN_EURO, status="201")
    assert found.is_done
    assert "carried out" in (found.detail or "")


def test_what_cannot_be_said_is_named_as_the_caller_would_see_it(tmp_path: Path) -> None:
    down = Program(
        nodes=(
            Node(members={"charge": 1}, steps=(Rename(name="charge", to="fee"),)),
            EXAMPLE.operations[0].answers["201"].nodes[0],
        )
    )
    lenses = Lenses(tmp_path, a_hop(an_operation(answers={"200": down})))
    found = refused(lenses, "POST /charges", {"charge": IN_EURO})
    assert found.faults[0]["pointer"] == "/fee/amount"


def test_a_head_has_no_body_to_lower(example: Lenses) -> None:
    fields = {"content-location": "/shop/v2/payments/p"}
    found = lowered(example, "GET /payments/{payment_id}", is_head=True, fields=fields)
    assert found.fields["content-location"] == "/shop/v1/payments/p"


def test_an_answer_without_a_body_has_nothing_to_lower(example: Lenses) -> None:
    assert lowered(example, "GET /payments", status="204").body is None


def test_what_is_no_json_stays_as_it_is_where_nothing_would_be_lowered(example: Lenses) -> None:
    fields = {"content-type": "text/csv"}
    found = lowered(example, "GET /payments", "a,b", status="404", fields=fields)
    assert found.body == "a,b"


@pytest.mark.parametrize("sent", ["text/csv", "text/plain, application/json", ""])
def test_what_does_not_say_that_it_is_json_does_not_leave_unlowered(
    example: Lenses, sent: str
) -> None:
    found = refused(example, "GET /payments", PAYMENT, fields={"content-type": sent})
    assert found.reason == "undeclared-media-type"


def test_a_head_does_not_say_how_long_the_newer_body_is(example: Lenses) -> None:
    fields = {"content-length": "154"}
    found = lowered(example, "GET /payments", is_head=True, fields=fields)
    assert "content-length" not in found.fields


@pytest.mark.parametrize(
    ("body", "fields", "reason"),
    [
        ("{}", {"content-encoding": "gzip"}, "encoded-answer"),
        ('{"data":', {}, "unreadable-answer"),
        ('{"a":1,"a":1}', {}, "unreadable-answer"),
    ],
)
def test_what_cannot_be_read_does_not_leave(
    example: Lenses, body: str, fields: Any, reason: str
) -> None:
    assert refused(example, "GET /payments", body, fields=fields).reason == reason


def test_two_hops_are_gone_down_the_newest_first(tmp_path: Path) -> None:
    newest = a_program(Spread(name="person", names=("customerId",)))
    second = an_operation(
        "GET",
        "/payments/{paymentId}",
        ("GET", "/p/{id}"),
        answers={"200": newest},
        path={"id": "paymentId"},
    )
    lenses = Lenses(tmp_path, EXAMPLE, a_hop(second, older="2", newer="3"))
    body = {"amount": PAYMENT["amount"], "person": {"customerId": "c"}}
    fields = {"location": "/shop/v3/p/x?y#z", "content-location": "/shop/v2/payments/x"}
    found = lowered(lenses, "GET /payments/{payment_id}", body, fields=fields)
    assert found.body == '{"amount":4990,"customer_id":"c"}'
    assert found.fields["location"] == "/shop/v1/payments/x?y#z"
    assert found.fields["content-location"] == "/shop/v2/payments/x"


def test_a_field_may_become_a_member_and_a_member_a_field(tmp_path: Path) -> None:
    moves = (
        Move(name="x-total", to="total", source="header", target="body", type="integer"),
        Move(name="next", to="x-next", source="body", target="header"),
    )
    operation = an_operation("GET", "/a", ("GET", "/a"), answer_moves=moves)
    lenses = Lenses(tmp_path, a_hop(operation))
    found = lowered(lenses, "GET /a", {"next": "n", "z": 1}, fields={"x-total": "7"})
    assert found.body == '{"z":1,"total":7}'
    assert found.fields["x-next"] == "n"
    assert "x-total" not in found.fields
    assert refused(lenses, "GET /a", {"next": []}).faults[0]["pointer"] == "/next"


# --- where answers point --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "older"),
    [
        ("/shop/v2/payments/a%2Fb", "/shop/v1/payments/a%2Fb"),
        ("/shop/v2/payments?x=1", "/shop/v1/payments?x=1"),
        (
            "https://API.shop.example/shop/v2/payments/a",
            "https://API.shop.example/shop/v1/payments/a",
        ),
        (
            "https://api.shop.example:8443/shop/v2/payments/a",
            "https://api.shop.example:8443/shop/v1/payments/a",
        ),
        ("https://evil.example/shop/v2/payments/a", "https://evil.example/shop/v2/payments/a"),
        ("//api.shop.example/shop/v2/payments/a", "//api.shop.example/shop/v2/payments/a"),
        ("/shop/v2/unknown", "/shop/v2/unknown"),
        ("/shop/v22/payments", "/shop/v22/payments"),
        ("payments/a", "payments/a"),
        ("", ""),
    ],
)
def test_a_location_is_said_in_the_older_version(example: Lenses, url: str, older: str) -> None:
    found = lowered(
        example,
        "POST /charges",
        status="201",
        fields={"location": url},
        server_name="api.shop.example",
    )
    assert found.fields["location"] == older


def test_links_are_too_but_for_those_that_lead_to_the_successor(example: Lenses) -> None:
    link = (
        '</shop/v2/payments?cursor=2>; rel="next", </shop/v2/payments>; rel="successor-version",'
        ' <https://other.example/>; rel="help"'
    )
    found = lowered(example, "GET /payments", {"data": []}, fields={"link": link})
    assert found.fields["link"] == link.replace(
        "</shop/v2/payments?cursor=2>", "</shop/v1/payments?cursor=2>"
    )


# --- problems of the service ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "older"),
    [
        ({"pointer": "/charge/amount/value"}, {"pointer": "/amount"}),
        ({"pointer": "#/charge/customerId"}, {"pointer": "#/customer_id"}),
        ({"pointer": "/charge"}, {"pointer": ""}),
        ({"pointer": "/charge/items/0/x~1y"}, {"pointer": "/items/0/x~1y"}),
        ({"pointer": "no pointer"}, {"pointer": "no pointer"}),
        ({"pointer": 7}, {"pointer": 7}),
        (
            {"errors": [{"pointer": "/charge/customerId", "detail": "/charge"}]},
            {"errors": [{"pointer": "/customer_id", "detail": "/charge"}]},
        ),
        (
            {"errors": [{"source": {"pointer": "/charge/customerId"}}, 1]},
            {"errors": [{"source": {"pointer": "/customer_id"}}, 1]},
        ),
        ({"instance": "/charge/customerId"}, {"instance": "/charge/customerId"}),
    ],
)
def test_pointers_are_said_in_the_old_names(example: Lenses, said: Any, older: Any) -> None:
    fields = {"content-type": "application/problem+json"}
    found = lowered(example, "POST /charges", said, status="422", fields=fields)
    assert json.loads(found.body or "") == older


def test_names_of_parameters_are_too(tmp_path: Path) -> None:
    operation = an_operation(
        "POST",
        "/a/{payment_id}",
        ("POST", "/b/{paymentId}"),
        path={"paymentId": "payment_id"},
        parameters={"query": (Rename(name="old", to="new"),)},
        moves=(Move(name="tag", to="label", source="body", target="query"),),
        arrives=(Move(name="x-key", to="key", source="header", target="body"),),
        request=a_program(Change(name="a", by=InObject(name="b"))),
    )
    lenses = Lenses(tmp_path, a_hop(operation))
    said = {
        "invalid-params": [{"name": "paymentId"}, {"name": "new"}, {"name": "other"}],
        "errors": [{"parameter": "label"}, {"pointer": "/key"}, {"pointer": "/a/b/c"}],
    }
    found = lowered(lenses, "POST /a/{payment_id}", said, status="400")
    assert json.loads(found.body or "") == {
        "invalid-params": [{"name": "payment_id"}, {"name": "old"}, {"name": "other"}],
        "errors": [{"pointer": "/tag"}, {"parameter": "x-key"}, {"pointer": "/a/c"}],
    }
