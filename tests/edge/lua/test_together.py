"""Of several credentials in one request each must allow what is asked for."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.edge.entitled import a_policy, some_lines
from tests.edge.lua.test_gate import A_ROUTE, KEYS, Gate, both, is_let_through, refusal
from tests.edge.luajit import Lua

CERTIFICATE = {"x-forwarded-client-cert": f"Hash={'ab' * 32}"}
OF_PARTNER = {"audience": "partner", "consumer": "partner:two", "certificate": "required"}
ALONE = "certificate:abababababababab"


class Answers:
    """A control plane that says of each credential what a test wants."""

    def __init__(self, **common: str) -> None:
        self.common = common
        self.of: dict[str, dict[str, str]] = {}

    def __call__(self, fields: dict[str, str]) -> tuple[str, str]:
        its = self.of.get(fields["forecourt-credential"], {})
        return "200", some_lines(**(self.common | its))


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    gate = Gate(tmp_path)
    gate.control = Answers()
    return gate


@pytest.fixture
def partner(tmp_path: Path) -> Gate:
    """The gate at the host of a partner that must bring a certificate."""
    gate = Gate(tmp_path, partner_host="two.api.acme.example")
    proof = {"credential": ALONE, "application": "two/certificate", **OF_PARTNER}
    gate.control = Answers(**OF_PARTNER)
    gate.control.of[f"two.api.acme.example {'ab' * 32}"] = proof
    return gate


def sent(handle: Any, field: str) -> str | None:
    value: str | None = handle.sent.get(handle.sent, field)
    return value


# --- a certificate beside a key -------------------------------------------------------------------


def test_a_certificate_alone_has_all_of_the_contract(partner: Gate) -> None:
    handle = partner.ask(CERTIFICATE)
    assert is_let_through(handle)
    assert sent(handle, "forecourt-credential") == ALONE
    assert refusal(partner.ask({"x-api-key": KEYS[0]})) == (401, "certificate-required")


def test_a_key_beside_it_says_who_calls_and_what_it_may(partner: Gate) -> None:
    its = {"credential": "key_9", "application": "app_9", "scopes": "read"}
    partner.control.of[KEYS[0]] = its
    handle = partner.ask(CERTIFICATE | {"x-api-key": KEYS[0]})
    assert is_let_through(handle)
    assert sent(handle, "forecourt-credential") == "key_9"
    assert sent(handle, "forecourt-application") == "app_9"
    assert sent(handle, "forecourt-scopes") == "read"


@pytest.mark.parametrize("apis", ["-", "refunds *", "payments 1"])
def test_a_key_beside_it_that_is_for_less_is_for_no_more(partner: Gate, apis: str) -> None:
    partner.control.of[KEYS[0]] = {"api": apis}
    for _ in range(2):
        status, reason = refusal(partner.ask(CERTIFICATE | {"x-api-key": KEYS[0]}))
        assert (status, reason in ("not-granted", "no-such-version")) == (404, True)
    assert is_let_through(partner.ask(CERTIFICATE))


def test_a_token_beside_it_holds_what_its_person_gave(partner: Gate) -> None:
    partner.control.of["acme-id u approve two"] = {"scopes": "approve", "subject": "u"}
    claims = {"acme-id": {"azp": "two", "sub": "u", "scope": "approve", "exp": partner.time + 60}}
    headers = CERTIFICATE | {"authorization": "Bearer a.b.c"}
    handle = partner.ask(headers, verified=claims, **A_ROUTE)
    assert is_let_through(handle)
    assert (sent(handle, "forecourt-scopes"), sent(handle, "forecourt-subject")) == ("approve", "u")
    terms = partner.lua.module("entitlements").terms
    (met,) = (its for its in terms.values() if its["of"])
    assert not lacks(partner.lua, met, is_users=True), "a certificate narrows nothing"


def test_a_test_beside_it_takes_nothing_of_what_is_in_service(partner: Gate) -> None:
    proof = partner.control.of[f"two.api.acme.example {'ab' * 32}"]
    proof |= {"exhausted": f"day {int(partner.time + 60)}", "limit": "1", "capacity": "1"}
    partner.control.of[KEYS[0]] = {"mode": "test", "bucket": "00000000000b7"}
    for _ in range(3):
        handle = partner.ask(CERTIFICATE | {"x-api-key": KEYS[0]})
        assert is_let_through(handle)
        assert handle.said["forecourt"]["test"] == "yes"
    assert refusal(partner.ask(CERTIFICATE)) == (429, "quota-exhausted")


def test_a_persons_share_counts_whichever_of_them_names_the_person(partner: Gate) -> None:
    share = {"user": "00000000000c7", "user_limit": "1", "user_capacity": "1"}
    partner.control.of["acme-id u  two"] = {"subject": "u", **share}
    claims = {"acme-id": {"azp": "two", "sub": "u", "exp": partner.time + 60}}
    headers = CERTIFICATE | {"authorization": "Bearer a.b.c", "x-api-key": KEYS[0]}
    assert is_let_through(partner.ask(headers, verified=claims, **A_ROUTE))
    handle = partner.ask(headers, verified=claims, **A_ROUTE)
    assert refusal(handle) == (429, "user-limited")
    without = {name: value for name, value in headers.items() if name != "authorization"}
    assert is_let_through(partner.ask(without))


def test_the_certificate_of_another_does_not_make_a_key_count(partner: Gate) -> None:
    partner.control.of[KEYS[0]] = {"consumer": "partner:one"}
    both_of_them = CERTIFICATE | {"x-api-key": KEYS[0]}
    assert refusal(partner.ask(both_of_them)) == (400, "two-callers")


# --- any two of one owner -------------------------------------------------------------------------


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    ("one", "other", "is_allowed"),
    [
        ("*", "payments *", True),
        ("payments 2", "payments *", True),
        ("payments 2", "payments 1 2", True),
        ("payments 1", "payments 2", False),
        ("*", "refunds *", False),
        ("payments *", "refunds *", False),
        ("*", "-", False),
    ],
)
def test_both_must_be_for_an_api_and_its_version(
    gate: Gate, one: str, other: str, is_allowed: bool, order: tuple[int, int]
) -> None:
    first, second = (KEYS[number] for number in order)
    gate.control.of = {first: {"api": one}, second: {"api": other}}
    handle = gate.ask(both(first, second))
    assert (handle.answer is None) is is_allowed
    if not is_allowed:
        assert refusal(handle)[0] == 404


@pytest.mark.parametrize(
    ("one", "other", "left"),
    [
        ("read write", "write approve", "write"),
        ("read", "approve", None),
        ("*", "read", "read"),
        ("read", "*", "read"),
        ("*", "*", None),
    ],
)
def test_the_service_is_told_the_scopes_of_both(
    gate: Gate, one: str, other: str, left: str | None
) -> None:
    gate.control.of = {KEYS[0]: {"scopes": one}, KEYS[1]: {"scopes": other}}
    assert sent(gate.ask(both(KEYS[0], KEYS[1])), "forecourt-scopes") == left


def lacks(lua: Lua, terms: Any, *, is_users: bool) -> bool:
    alternatives = lua.value([{"all": ["approve"], "is_users": is_users}])
    return lua.module("scopes").lacking(terms, alternatives) is not None


@pytest.mark.parametrize(
    ("scopes", "is_users", "is_lacking"),
    [
        (("approve", "approve"), True, False),
        (("approve", "*"), True, True),
        (("*", "approve"), True, True),
        (("*", "*"), True, True),
        (("*", "approve"), False, False),
        (("*", "*"), False, False),
        (("approve", "read"), False, True),
    ],
)
def test_a_persons_scope_takes_that_both_hold_it(
    gate: Gate, scopes: tuple[str, str], is_users: bool, is_lacking: bool
) -> None:
    gate.control.of = {key: {"scopes": its} for key, its in zip(KEYS, scopes, strict=False)}
    gate.ask(both(KEYS[0], KEYS[1]))
    terms = gate.lua.module("entitlements").terms
    (met,) = (its for its in terms.values() if its["of"])
    assert lacks(gate.lua, met, is_users=is_users) is is_lacking


def test_both_must_count(gate: Gate) -> None:
    gate.control.of = {KEYS[1]: {"expires": str(int(gate.time + 10))}}
    assert is_let_through(gate.ask(both(KEYS[0], KEYS[1])))
    gate.time += 10
    assert refusal(gate.ask(both(KEYS[0], KEYS[1]))) == (401, "unknown")
    assert is_let_through(gate.ask({"x-api-key": KEYS[0]}))


@pytest.mark.parametrize("order", list(permutations((0, 1))))
def test_who_is_slowed_down_is_not_faster_beside_another(
    gate: Gate, order: tuple[int, int]
) -> None:
    slow = {"limit": "1", "capacity": "1", "bucket": "00000000000b7"}
    gate.control.of = {KEYS[0]: slow}
    first, second = (KEYS[number] for number in order)
    assert is_let_through(gate.ask(both(first, second)))
    assert refusal(gate.ask(both(first, second))) == (429, "rate-limited")
    assert is_let_through(gate.ask({"x-api-key": KEYS[1]}))


@pytest.mark.parametrize("order", list(permutations((0, 1))))
def test_a_quota_that_is_used_up_is_so_beside_another(gate: Gate, order: tuple[int, int]) -> None:
    gate.control.of = {KEYS[0]: {"exhausted": f"day {int(gate.time + 60)}"}}
    first, second = (KEYS[number] for number in order)
    assert refusal(gate.ask(both(first, second))) == (429, "quota-exhausted")


def test_what_one_of_them_may_no_more_both_may_not(gate: Gate) -> None:
    assert is_let_through(gate.ask(both(KEYS[0], KEYS[1])))
    gate.control.of = {KEYS[1]: {"api": "refunds *"}}
    gate.time += 61
    assert refusal(gate.ask(both(KEYS[0], KEYS[1]))) == (404, "not-granted")
    gate.control.of = {}
    gate.time += 61
    assert is_let_through(gate.ask(both(KEYS[0], KEYS[1])))


def test_what_is_withdrawn_of_one_while_a_body_comes_lets_nothing_through(gate: Gate) -> None:
    entitlements = gate.lua.module("entitlements")
    gate.control.of = {
        KEYS[0]: {"credential": "key_0"},
        KEYS[1]: {"credential": "key_1"},
    }
    gate.ask(both(KEYS[0], KEYS[1]))
    (slot,) = (slot for slot, its in entitlements.terms.items() if its["of"])
    before = entitlements.turn(slot)
    gone = gate.lua.value({"key_1": True})
    nobody = gate.lua.value({})
    entitlements.drop_all_of(gone, nobody, nobody)
    assert entitlements.turn(slot) != before


def test_it_is_put_together_once(gate: Gate) -> None:
    entitlements = gate.lua.module("entitlements")
    for _ in range(3):
        assert is_let_through(gate.ask(both(KEYS[0], KEYS[1])))
    assert sum(1 for its in entitlements.terms.values() if its["of"]) == 1
    assert len(gate.asked) == 2


def test_who_brings_three_may_what_all_of_them_allow(partner: Gate) -> None:
    partner.control.of |= {
        KEYS[0]: {"scopes": "read write"},
        KEYS[1]: {"scopes": "write"},
    }
    handle = partner.ask(CERTIFICATE | both(KEYS[0], KEYS[1]))
    assert is_let_through(handle)
    assert sent(handle, "forecourt-scopes") == "write"
    partner.control.of[KEYS[1]] = {"api": "refunds *"}
    partner.time += 61
    handle = partner.ask(CERTIFICATE | both(KEYS[0], KEYS[1]))
    assert refusal(handle) == (404, "not-granted")


def test_nothing_stands_in_the_way_of_who_may_it_by_each(gate: Gate) -> None:
    route = {"route": "payments@2#1", "policy": a_policy()}
    assert is_let_through(gate.ask(both(KEYS[0], KEYS[1]), **route))
