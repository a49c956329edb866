"""A request of an older version as the service that speaks a newer one gets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forecourt.contract.lenses.program import Move, Node, Program, Served
from forecourt.contract.lenses.steps import Change, Drop, Map, OnLoss, Put, Rename
from tests.edge.lua.lens.lensing import (
    CHARGE,
    EXAMPLE,
    Lenses,
    Raised,
    Refused,
    a_hop,
    a_program,
    an_operation,
    cents,
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def raised(path: Path, hop: Any, *call: Any, **given: Any) -> Raised:
    found = Lenses(path, hop).raised(*call, **given)
    assert isinstance(found, Raised), found
    return found


def refused(path: Path, hop: Any, *call: Any, **given: Any) -> Refused:
    found = Lenses(path, hop).raised(*call, **given)
    assert isinstance(found, Refused), found
    return found


def test_goes_where_the_newer_version_has_it(tmp_path: Path) -> None:
    body = {"amount": 4990, "customer_id": "cus_1"}
    found = raised(tmp_path, EXAMPLE, "POST", "/charges", body)
    assert (found.method, found.path) == ("POST", "payments")
    assert found.body == (
        '{"charge":{"amount":{"value":"49.90","currency":"USD"},"customerId":"cus_1"}}'
    )
    assert found.fields["content-length"] == str(len(found.body))


def test_a_path_keeps_its_values_as_they_came_and_its_query(tmp_path: Path) -> None:
    found = raised(tmp_path, EXAMPLE, "GET", "/payments/a%20b?x=%2F&y")
    assert (found.method, found.path, found.body) == ("GET", "payments/a%20b?x=%2F&y", None)


def test_values_that_nobody_changes_keep_their_bytes(tmp_path: Path) -> None:
    text = '{"n":1.10, "big": 12345678901234567890,"e":"\\u00e9", "in":[ 1 , {"a":2} ]}'
    found = raised(tmp_path, EXAMPLE, "POST", "/charges", text)
    assert found.body is not None
    for piece in ("1.10", "12345678901234567890", '"\\u00e9"', '[ 1 , {"a":2} ]'):
        assert piece in found.body


def test_who_asks_for_the_head_asks_for_it_there_too(tmp_path: Path) -> None:
    found = raised(tmp_path, EXAMPLE, "HEAD", "/payments/p")
    assert (found.method, found.path) == ("HEAD", "payments/p")


def test_a_method_may_become_another_and_the_log_tells_the_caller_s(tmp_path: Path) -> None:
    hop = a_hop(an_operation("PUT", "/a", ("PATCH", "/b")))
    found = raised(tmp_path, hop, "PUT", "/a")
    assert (found.method, found.path) == ("PATCH", "b")
    assert found.fields["forecourt-method"] == "PUT"


def test_an_operation_that_is_gone_says_why(tmp_path: Path) -> None:
    found = refused(tmp_path, EXAMPLE, "POST", "/payments/p/void")
    assert (found.reason, found.detail) == ("operation-gone", "refunds do this.")


def test_what_the_older_version_has_not_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path, EXAMPLE, "GET", "/nothing").reason == "no-such-operation"
    assert refused(tmp_path, EXAMPLE, "PUT", "/charges").reason == "method-not-declared"


def test_what_cannot_be_said_is_refused_at_its_place(tmp_path: Path) -> None:
    found = refused(tmp_path, EXAMPLE, "POST", "/charges", {"amount": 1.5, "customer_id": "c"})
    assert found.reason == "not-representable"
    assert found.faults == (
        {
            "where": "body",
            "pointer": "/amount",
            "rule": "convert",
            "expected": "minor_units of USD",
        },
    )


def test_two_hops_blame_what_the_caller_sent(tmp_path: Path) -> None:
    by = Map(pairs=(("a", "b"),), keeps_others=False)
    inner = Node(steps=(Change(name="customerId", by=by),))
    program = Program(nodes=(Node(members={"charge": 1}), inner))
    second = an_operation("POST", "/payments", ("POST", "/v3/payments"), request=program)
    lenses = Lenses(tmp_path, EXAMPLE, a_hop(second, older="2", newer="3"))
    found = lenses.raised("POST", "/charges", {"amount": 5, "customer_id": "a"})
    assert isinstance(found, Raised)
    assert found.path == "v3/payments"
    assert json.loads(found.body or "")["charge"]["customerId"] == "b"
    found = lenses.raised("POST", "/charges", {"amount": 5, "customer_id": "c"})
    assert isinstance(found, Refused)
    assert found.faults[0]["pointer"] == "/customer_id"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a":1,"a":2}', "body-unparseable"),
        ('{"a":', "body-unparseable"),
        ("[" * 33 + "]" * 33, "body-unparseable"),
        ('"' + "x" * 70000 + '"', "body-too-large"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    assert refused(tmp_path, EXAMPLE, "POST", "/charges", text).reason == reason


def test_limits_hold_for_what_is_made_too(tmp_path: Path) -> None:
    deep = '{"x":' + "[" * 30 + "]" * 30 + "}"
    assert raised(tmp_path, a_hop(CHARGE), "POST", "/charges", deep)
    deeper = '{"x":' + "[" * 31 + "]" * 31 + "}"
    found = Lenses(tmp_path, EXAMPLE).raised("POST", "/charges", deeper)
    assert isinstance(found, Refused)
    assert (found.reason, found.faults[0]["rule"]) == ("body-unparseable", "depth")
    few = Lenses(tmp_path, EXAMPLE, limits={"keys": 3})
    found = few.raised("POST", "/charges", {"amount": 1, "customer_id": "c"})
    assert isinstance(found, Refused)
    assert (found.reason, found.faults[0]["rule"]) == ("body-unparseable", "keys")
    small = Lenses(tmp_path, EXAMPLE, limits={"bytes": 40})
    found = small.raised("POST", "/charges", '{"amount":1,"customer_id":"c"}')
    assert isinstance(found, Refused)
    assert found.reason == "body-too-large"


@pytest.mark.parametrize("sent", ["text/plain", ""])
def test_a_body_that_does_not_say_that_it_is_json_is_not_sent_as_it_is(
    tmp_path: Path, sent: str
) -> None:
    body = {"amount": 1, "customer_id": "c"}
    found = refused(tmp_path, EXAMPLE, "POST", "/charges", body, fields={"content-type": sent})
    assert found.reason == "media-type-not-supported"


def test_other_media_types_pass_where_nothing_would_be_raised(tmp_path: Path) -> None:
    void = a_hop(an_operation("POST", "/void", ("POST", "/void")))
    found = raised(tmp_path, void, "POST", "/void", "a=1", fields={"content-type": "text/plain"})
    assert found.body == "a=1"


def test_a_compressed_body_cannot_be_raised(tmp_path: Path) -> None:
    found = refused(
        tmp_path, EXAMPLE, "POST", "/charges", "{}", fields={"content-encoding": "gzip"}
    )
    assert found.reason == "media-type-not-supported"


# --- parameters -----------------------------------------------------------------------------------


def with_query(*steps: Any) -> Any:
    return a_hop(an_operation("GET", "/a", ("GET", "/a"), parameters={"query": steps}))


@pytest.mark.parametrize(
    ("step", "query", "after"),
    [
        (Rename(name="a", to="b c"), "a=1&x=%20&a=2", "b%20c=1&x=%20&b%20c=2"),
        (Rename(name="a", to="b"), "b=9&a=1", "b=1"),
        (Rename(name="a", to="b"), "a=1&c=&d&e=%20&&f", "b=1&c=&d&e=%20&&f"),
        (Rename(name="f", to="g"), "f[%26b=1%26]=2&f[%23%20]=1", "g[%26b=1%26]=2&g[%23%20]=1"),
        (Rename(name="f", to="g"), "f[%0D%0Ab]=1", "g[%0D%0Ab]=1"),
        (Rename(name="f", to="g"), "f[x]=1&f%5By%5D=2", "g[x]=1&g[y]=2"),
        (Put(name="b", value="x y"), "a=1", "a=1&b=x%20y"),
        (Put(name="b", value=7), "b=1", "b=1"),
        (Drop(name="a"), "a=1&b=2&a", "b=2"),
        (Drop(name="a"), "a=1", ""),
        (Change(name="s", by=Map(pairs=(("x", "y"),), keeps_others=False)), "s=%78", "s=y"),
        (
            Change(name="s", by=Map(pairs=(), keeps_others=False), on_loss=OnLoss.OMIT),
            "s=1&t",
            "t",
        ),
    ],
)
def test_parameters_of_the_query_follow(tmp_path: Path, step: Any, query: str, after: str) -> None:
    found = raised(tmp_path, with_query(step), "GET", f"/a?{query}")
    assert found.path == ("a?" + after if after else "a")
    if after != query:
        assert found.fields["forecourt-path"] == f"/shop/v1/a?{query}"


@pytest.mark.parametrize(
    ("step", "query"),
    [
        (Change(name="s", by=Map(pairs=(("x", "y"),), keeps_others=False)), "s=z"),
        (Change(name="s", by=Map(pairs=(("x", "y"),), keeps_others=True)), "s=x&s=x"),
        (Drop(name="s", on_loss=OnLoss.REFUSE), "s="),
    ],
)
def test_a_parameter_that_cannot_be_said_is_named(tmp_path: Path, step: Any, query: str) -> None:
    found = refused(tmp_path, with_query(step), "GET", f"/a?{query}")
    assert found.reason == "not-representable"
    assert (found.faults[0]["where"], found.faults[0]["name"]) == ("query", "s")


def test_header_fields_and_cookies_follow(tmp_path: Path) -> None:
    hop = a_hop(
        an_operation(
            "GET",
            "/a",
            ("GET", "/a"),
            parameters={
                "header": (Rename(name="x-old", to="x-new"),),
                "cookie": (Rename(name="old", to="new"), Drop(name="gone")),
            },
        )
    )
    fields = {"x-old": "1", "x-new": "2", "cookie": "a=b; old=1; gone=2"}
    found = raised(tmp_path, hop, "GET", "/a", fields=fields)
    assert found.fields["x-new"] == "1"
    assert "x-old" not in found.fields
    assert found.fields["cookie"] == "a=b; new=1"


# --- moves ----------------------------------------------------------------------------------------


def moving(*moves: Move, last: bool = False, becomes: tuple[str, str] = ("POST", "/b")) -> Any:
    given = {"arrives" if last else "moves": moves}
    return a_hop(an_operation("POST", "/a/{id}", becomes, **given))


def test_a_parameter_moves_into_the_body(tmp_path: Path) -> None:
    hop = moving(
        Move(name="id", to="key", source="path", target="body"),
        Move(name="n", to="count", source="query", target="body", type="integer"),
        Move(name="x-on", to="on", source="header", target="body", type="boolean"),
    )
    found = raised(
        tmp_path, hop, "POST", "/a/p%C3%A9?n=-5&m=1", {"count": 1, "z": 2}, fields={"x-on": "true"}
    )
    assert found.path == "b?m=1"
    assert json.loads(found.body or "") == {"z": 2, "key": "pé", "count": -5, "on": True}
    assert "x-on" not in found.fields


def test_a_body_is_made_where_none_came(tmp_path: Path) -> None:
    hop = moving(Move(name="id", to="key", source="path", target="body"))
    found = raised(tmp_path, hop, "POST", "/a/p")
    assert found.body == '{"key":"p"}'
    assert found.fields["content-type"] == "application/json"
    assert found.fields["content-length"] == "11"


def test_a_member_moves_out_of_the_body(tmp_path: Path) -> None:
    hop = moving(
        Move(name="key", to="key", source="body", target="path"),
        Move(name="n", to="n", source="body", target="query"),
        Move(name="t", to="x-t", source="body", target="header"),
        becomes=("GET", "/b/{key}/{id}"),
    )
    found = raised(tmp_path, hop, "POST", "/a/p", {"key": "a b", "n": 1.50, "t": "on"})
    assert (found.method, found.path) == ("GET", "b/a%20b/p?n=1.5")
    assert found.fields["x-t"] == "on"
    assert found.body == ""  # nothing is left of it, and a GET has none
    assert "content-type" not in found.fields


@pytest.mark.parametrize("text", ["", ".", "..", "a/b", "a\\b", "a\nb"])
def test_what_would_be_another_path_is_no_segment(tmp_path: Path, text: str) -> None:
    hop = moving(
        Move(name="key", to="key", source="body", target="path"), becomes=("GET", "/b/{key}")
    )
    found = refused(tmp_path, hop, "POST", "/a/p", {"key": text})
    assert found.reason == "not-representable"
    assert found.faults[0]["pointer"] == "/key"


@pytest.mark.parametrize("target", ["header", "cookie"])
@pytest.mark.parametrize("text", ["a\r\nx: y", "é", "a\x00b", " a"])
def test_what_would_be_another_field_is_no_value(tmp_path: Path, target: Any, text: str) -> None:
    hop = moving(Move(name="key", to="x", source="body", target=target))
    assert refused(tmp_path, hop, "POST", "/a/p", {"key": text}).reason == "not-representable"


@pytest.mark.parametrize("value", [None, [], {}, [1]])
def test_what_is_no_scalar_does_not_move(tmp_path: Path, value: Any) -> None:
    hop = moving(Move(name="key", to="key", source="body", target="query"))
    assert refused(tmp_path, hop, "POST", "/a/p", {"key": value}).faults[0]["rule"] == "move"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "1.0"),
        ("integer", "01"),
        ("integer", ""),
        ("number", "1e"),
        ("number", "NaN"),
        ("boolean", "1"),
        ("string", "%FF"),
        ("string", "%ED%A0%80"),
    ],
)
def test_a_text_that_is_no_such_value_is_a_loss(tmp_path: Path, kind: Any, text: str) -> None:
    hop = moving(Move(name="n", to="n", source="query", target="body", type=kind))
    found = refused(tmp_path, hop, "POST", f"/a/p?n={text}", {})
    assert found.faults == ({"where": "query", "name": "n", "rule": "move"},)
    kept = moving(
        Move(name="n", to="n", source="query", target="body", type=kind, on_loss=OnLoss.OMIT)
    )
    assert raised(tmp_path, kept, "POST", f"/a/p?n={text}", {}).body == "{}"


def test_what_comes_out_of_the_body_may_go_on_by_a_lens(tmp_path: Path) -> None:
    hop = a_hop(
        an_operation(
            "POST",
            "/a",
            ("POST", "/b"),
            request=a_program(cents()),
            arrives=(Move(name="tag", to="tag", source="body", target="query"),),
        )
    )
    found = raised(tmp_path, hop, "POST", "/a", {"amount": 5, "tag": "x&y"})
    assert found.path == "b?tag=x%26y"
    assert json.loads(found.body or "") == {"amount": {"value": "0.05", "currency": "USD"}}


@pytest.mark.parametrize(
    ("path", "becomes"),
    [
        ("/x/42", "things/42"),
        ("/x/searches", "things/searches"),
        ("/x/search", None),
        ("/x/%73earch", None),
        ("/x/admin", None),
        ("/x/ADMIN", None),
        ("/x/admin;a", None),
        ("/x/admin.json", None),
        ("/x/Search", "things/Search"),
    ],
)
def test_a_value_that_is_a_word_of_the_newer_path_leads_to_no_other_operation(
    tmp_path: Path, path: str, becomes: str | None
) -> None:
    read = an_operation("GET", "/x/{id}", ("GET", "/things/{id}"), path={"id": "id"})
    served = (
        Served(method="GET", template="/things/{id}"),
        Served(method="GET", template="/things/search"),
        Served(method="DELETE", template="/things/admin", may_be_hidden=True),
        Served(method="GET", template="/things/admin", may_be_hidden=True),
    )
    found = Lenses(tmp_path, a_hop(read, served=served)).raised("GET", path)
    told = found.path if isinstance(found, Raised) else found.reason
    assert told == (becomes or "no-such-operation")


@pytest.mark.parametrize("name", ["..", ".", "%2e%2E", "..;x", "..%3Bx"])
def test_what_stood_beside_a_word_leads_to_no_other_path(tmp_path: Path, name: str) -> None:
    becomes = ("GET", "/files/{name}/text")
    file = an_operation("GET", "/file-{name}", becomes, path={"name": "name"})
    found = Lenses(tmp_path, a_hop(file)).raised("GET", f"/file-{name}")
    assert isinstance(found, Refused), found
    assert found.reason == "no-such-operation"
