"""The gate as a whole: who calls, once per credential; fail closed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lupa.luajit21 import LuaError

from forecourt.actions.api_key import new_key
from forecourt.actions.networks import network_digits
from forecourt.compiler.envoy.filters import MARK_NAMESPACE
from forecourt.edge.buckets import prepare_buckets
from forecourt.edge.shared_level import SharedLevel
from tests.actions.builders import chance
from tests.edge.entitled import ORDERS, a_caller, a_policy, an_internal_policy, some_lines
from tests.edge.luajit import Lua

KEYS = [new_key(chance(str(n)), is_test=False) for n in range(3)]
KEY = KEYS[0]
A_ROUTE = {"route": "payments@2#1", "policy": a_policy()}
USERS = {"route": "users@#1", "policy": an_internal_policy()}


class Gate:
    """One worker's gate on one chain, with a clock and a control plane that a test holds."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.lua = Lua()
        self.time = 1_000_000.0
        self.news = folder / "news"
        self.buckets = folder / "buckets"
        self.blocks = folder / "blocks"
        self.blocks.write_text("blocks 0 0\n")
        prepare_buckets(self.buckets)
        self.asked: list[dict[str, str]] = []
        self.control: Any = lambda fields: ("200", some_lines())
        preload = self.lua.run("return package.loaded")
        preload["forecourt.clock"] = self.lua.value(
            {"now": lambda: self.time, "monotonic": lambda: self.time}
        )
        given = {
            "organization": "Acme",
            "listener": "external",
            "mesh": False,
            "mesh_proxies": [],
            "partner_host": "",
            "issuers": ["acme-id"],
            "consumer_claims": {"acme-id": "azp"},
            "key_names": {},
            "control_cluster": "forecourt-control",
            "news": str(self.news),
            "buckets": str(self.buckets),
            "blocks": str(self.blocks),
        }
        self.gate = self.lua.module("gate").new(self.lua.value(given | settings))

    def ask(self, headers: dict[str, str], **route: Any) -> Any:
        """The handle of a request after the gate."""
        given = {":method": "GET", ":path": "/v2/payments", "x-request-id": "r-1"} | headers
        handle = self.lua.handle(headers=given, resolve=self._resolve, **(route or A_ROUTE))
        self.gate.request(handle)
        return handle

    def _resolve(self, fields: dict[str, str], body: Any) -> tuple[dict[str, str], str]:
        self.asked.append(fields)
        status, text = self.control(fields)
        return {":status": status}, text


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path)


@pytest.fixture
def mesh(tmp_path: Path) -> Gate:
    gate = Gate(tmp_path, listener="internal", mesh=True, mesh_proxies=["spiffe://acme.example/p"])
    lines = some_lines(audience="internal", application="orders", consumer="service:orders")
    gate.control = lambda fields: ("200", lines)
    return gate


def refusal(handle: Any) -> tuple[int, str]:
    """The status and the reason of a refusal; what was refused carries no mark."""
    assert handle.answer is not None, "it was let through"
    ours = handle.said["forecourt"]
    assert ours.admit is None
    assert ours.replied == "yes"
    problem = json.loads(handle.answer.body)
    assert str(problem["status"]) == handle.answer.fields[":status"]
    return problem["status"], handle.sent.get(handle.sent, "forecourt-reason")


def is_let_through(handle: Any) -> bool:
    ours = handle.said["forecourt"]
    assert (handle.answer is None) is (ours is not None and ours.admit is not None)
    return handle.answer is None


def test_lets_a_known_key_through(gate: Gate) -> None:
    handle = gate.ask({"x-api-key": KEY})
    assert is_let_through(handle)
    assert handle.sent.get(handle.sent, "forecourt-consumer") == "developer:ada"


def test_asks_once_per_credential(gate: Gate) -> None:
    for _ in range(3):
        assert is_let_through(gate.ask({"x-api-key": KEY}))
    assert len(gate.asked) == 1
    assert gate.asked[0]["forecourt-credential"] == KEY
    assert gate.asked[0]["forecourt-listener"] == "external"


def test_asks_again_when_the_answer_is_not_fresh_any_more(gate: Gate) -> None:
    gate.ask({"x-api-key": KEY})
    gate.time += 61
    gate.ask({"x-api-key": KEY})
    assert len(gate.asked) == 2


def test_never_asks_about_what_cannot_be_a_key(gate: Gate) -> None:
    assert refusal(gate.ask({"x-api-key": KEY[:-1] + "!"})) == (401, "malformed")
    assert gate.asked == []


def test_asks_once_about_a_stranger_and_again_after_a_moment(gate: Gate) -> None:
    gate.control = lambda fields: ("404", "unknown unknown\n")
    for _ in range(3):
        assert refusal(gate.ask({"x-api-key": KEY})) == (401, "unknown")
    assert len(gate.asked) == 1
    gate.time += 5
    gate.ask({"x-api-key": KEY})
    assert len(gate.asked) == 2


def test_asks_for_a_credential_where_there_is_none(gate: Gate) -> None:
    handle = gate.ask({})
    assert refusal(handle) == (401, "missing")
    assert handle.answer.fields["www-authenticate"] == 'Bearer realm="Acme"'
    assert handle.answer.fields["cache-control"] == "no-store"


def test_no_name_ends_the_realm(tmp_path: Path) -> None:
    gate = Gate(tmp_path, organization='A"c\\m\ne')
    assert gate.ask({}).answer.fields["www-authenticate"] == 'Bearer realm="Acme"'


def test_refuses_a_body_that_is_larger_than_its_caller_may_send(gate: Gate) -> None:
    most = a_policy()["callers"]["public"]["body_bytes"]
    post = {":method": "POST", "x-api-key": KEY}
    assert gate.ask(post | {"content-length": str(most)}).answer is None
    larger = gate.ask(post | {"content-length": str(most + 1)})
    assert refusal(larger) == (413, "body-too-large")


@pytest.mark.parametrize("method", ["CONNECT", "TRACE", "TRACK"])
def test_refuses_methods_that_mean_something_to_proxies(gate: Gate, method: str) -> None:
    assert refusal(gate.ask({":method": method, "x-api-key": KEY})) == (405, "method")
    assert gate.asked == []


def test_known_callers_go_on_while_nobody_answers(gate: Gate) -> None:
    gate.ask({"x-api-key": KEY})
    gate.control = lambda fields: ("503", "unavailable\n")
    gate.time += 61
    assert is_let_through(gate.ask({"x-api-key": KEY}))
    gate.ask({"x-api-key": KEY})
    assert len(gate.asked) == 2, "it asks again after five seconds, not on each request"
    gate.time += 5
    gate.ask({"x-api-key": KEY})
    assert len(gate.asked) == 3
    gate.time += 600
    assert refusal(gate.ask({"x-api-key": KEY})) == (503, "unavailable")


def test_unknown_callers_are_told_to_try_again_while_nobody_answers(gate: Gate) -> None:
    gate.control = lambda fields: ("503", "unavailable\n")
    handle = gate.ask({"x-api-key": KEY})
    assert refusal(handle) == (503, "unavailable")
    assert int(handle.answer.fields["retry-after"]) > 0


def test_one_that_is_withdrawn_is_refused_at_the_next_look(gate: Gate) -> None:
    gate.news.write_text("store 1\n1 everything -\n")
    gate.control = lambda fields: ("200", some_lines(news="1"))
    gate.ask({"x-api-key": KEY})
    gate.control = lambda fields: ("404", "unknown revoked\n")
    gate.news.write_text("store 2\n1 everything -\n2 credential key_1\n")
    gate.time += 0.25
    assert refusal(gate.ask({"x-api-key": KEY})) == (401, "unknown")


def test_an_answer_that_news_overtook_is_good_for_one_request(gate: Gate) -> None:
    gate.news.write_text("store 2\n1 everything -\n2 credential key_1\n")
    gate.control = lambda fields: ("200", some_lines(news="1"))
    assert is_let_through(gate.ask({"x-api-key": KEY}))
    gate.control = lambda fields: ("404", "unknown revoked\n")
    assert refusal(gate.ask({"x-api-key": KEY})) == (401, "unknown")


def test_a_token_that_ran_out_is_nobodys(gate: Gate) -> None:
    claims = {"acme-id": {"azp": "shop", "sub": "u", "exp": gate.time + 10}}
    headers = {"authorization": "Bearer a.b.c"}
    assert is_let_through(gate.ask(headers, verified=claims, **A_ROUTE))
    gate.time += 11
    assert refusal(gate.ask(headers, verified=claims, **A_ROUTE)) == (401, "unknown")
    assert refusal(gate.ask(headers, verified={}, **A_ROUTE)) == (401, "malformed")


@pytest.mark.parametrize(
    ("lines", "allowed"),
    [
        ({"audience": "public"}, True),
        ({"audience": "partner"}, True),
        ({"audience": "internal"}, False),
    ],
)
def test_the_external_listener_knows_no_services(
    gate: Gate, lines: dict[str, str], allowed: bool
) -> None:
    gate.control = lambda fields: ("200", some_lines(**lines))
    handle = gate.ask({"x-api-key": KEY})
    assert is_let_through(handle) is allowed


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_the_internal_listener_knows_only_services(mesh: Gate, audience: str) -> None:
    mesh.control = lambda fields: ("200", some_lines(audience=audience))
    headers = {"x-forwarded-client-cert": f"Hash=00;URI={ORDERS}"}
    assert refusal(mesh.ask(headers, **USERS)) == (401, "unknown")


def test_a_service_calls_by_its_certificate(mesh: Gate) -> None:
    headers = {"x-forwarded-client-cert": f"Hash=00;URI={ORDERS}"}
    assert is_let_through(mesh.ask(headers, **USERS))
    assert mesh.asked[0]["forecourt-kind"] == "spiffe"


def test_inside_a_refusal_says_why(mesh: Gate) -> None:
    lines = some_lines(audience="internal", application="reports")
    mesh.control = lambda fields: ("200", lines)
    handle = mesh.ask({"x-forwarded-client-cert": f"Hash=00;URI={ORDERS}"}, **USERS)
    assert refusal(handle) == (404, "not-allowed")
    problem = json.loads(handle.answer.body)
    assert (problem["api"], problem["owner"]) == ("users", "payments-team")


def test_outside_what_is_not_there_and_what_is_not_theirs_read_alike(gate: Gate) -> None:
    gate.control = lambda fields: ("200", some_lines(audience="partner", api="analytics *"))
    answers = [
        gate.ask({"x-api-key": KEY}, **A_ROUTE).answer.body,
        gate.ask({"x-api-key": KEY}, route="", policy=None).answer.body,
    ]
    assert answers[0] == answers[1]


# --- two credentials in one request ---------------------------------------------------------------


def of_its_own(fields: dict[str, str]) -> tuple[str, str]:
    """Each key is of a consumer of its own, but for the second and third."""
    number = KEYS.index(fields["forecourt-credential"])
    return "200", some_lines(credential=f"key_{number}", consumer=f"developer:{min(number, 1)}")


def both(first: str, second: str) -> dict[str, str]:
    return {"x-api-key": first, "authorization": f"Bearer {second}"}


def test_two_callers_in_one_request_are_refused(gate: Gate) -> None:
    gate.control = of_its_own
    assert refusal(gate.ask(both(KEYS[0], KEYS[1]))) == (400, "two-callers")
    assert refusal(gate.ask(both(KEYS[1], KEYS[0]))) == (400, "two-callers")


def test_two_credentials_of_one_caller_are_taken_for_one(gate: Gate) -> None:
    gate.control = of_its_own
    assert is_let_through(gate.ask(both(KEYS[1], KEYS[2])))
    assert is_let_through(gate.ask(both(KEYS[0], KEYS[0])))


def is_led_to_the_mock(handle: Any) -> bool:
    """Whether the gate looked for a route again, with the field, and said so to admission."""
    said = handle.said["forecourt"]
    assert is_let_through(handle)
    assert (said["test"] == "yes") == (list(handle.looked_again.values()) == ["yes"])
    return bool(said["test"] == "yes")


def test_a_test_key_is_led_to_the_mock(gate: Gate) -> None:
    gate.control = lambda _: ("200", some_lines(mode="test"))
    for _ in range(2):  # asked about, and remembered
        assert is_led_to_the_mock(gate.ask({"x-api-key": KEY}))


def test_the_mark_tells_the_way_out_of_a_test_and_of_a_head(gate: Gate) -> None:
    def ends(method: str) -> str:
        mark: str = gate.ask({"x-api-key": KEY, ":method": method}).said["forecourt"]["admit"]
        return mark.removeprefix("yes constant")

    assert (ends("GET"), ends("HEAD")) == ("", " head")
    gate.control = lambda _: ("200", some_lines(mode="test"))
    gate.lua.module("entitlements").drop_everything()
    assert (ends("GET"), ends("HEAD")) == (" test", " test head")


def test_a_live_key_is_not(gate: Gate) -> None:
    handle = gate.ask({"x-api-key": KEY})
    assert not is_led_to_the_mock(handle)


@pytest.mark.parametrize("mode", [None, "", "life", "TEST"])
def test_a_key_of_which_nobody_says_what_it_is_lets_nobody_in(gate: Gate, mode: str | None) -> None:
    gate.control = lambda _: ("200", some_lines(mode=mode))
    assert refusal(gate.ask({"x-api-key": KEY})) == (503, "unavailable")


@pytest.mark.parametrize("tests", [{KEYS[1]}, {KEYS[2]}, {KEYS[1], KEYS[2]}])
@pytest.mark.parametrize("order", [(1, 2), (2, 1)], ids=["first", "second"])
def test_one_test_key_makes_the_request_a_test(
    gate: Gate, tests: set[str], order: tuple[int, int]
) -> None:
    def control(fields: dict[str, str]) -> tuple[str, str]:
        mode = "test" if fields["forecourt-credential"] in tests else "live"
        return "200", some_lines(mode=mode)

    gate.control = control
    one, other = order
    for _ in range(2):
        assert is_led_to_the_mock(gate.ask(both(KEYS[one], KEYS[other])))


def test_a_good_credential_does_not_make_up_for_a_bad_one(gate: Gate) -> None:
    gate.control = of_its_own
    assert refusal(gate.ask(both(KEYS[0], "made-up"))) == (401, "malformed")
    assert refusal(gate.ask(both("made-up", KEYS[0]))) == (401, "malformed")


# --- limits ---------------------------------------------------------------------------------------


def one_a_minute(gate: Gate, **more: str) -> None:
    gate.control = lambda fields: ("200", some_lines(limit="1", capacity="1", **more))


def test_refuses_who_has_used_up_its_limit_and_says_when_to_come_back(gate: Gate) -> None:
    one_a_minute(gate)
    assert is_let_through(gate.ask({"x-api-key": KEY}))
    gate.time += 18
    handle = gate.ask({"x-api-key": KEY})
    assert refusal(handle) == (429, "rate-limited")
    assert handle.answer.fields["retry-after"] == "42"
    assert handle.sent.get(handle.sent, "forecourt-ratelimit") == '"minute";r=0;t=42'
    gate.time += 42
    assert is_let_through(gate.ask({"x-api-key": KEY}))


def test_a_caller_pays_before_it_is_told_what_there_is(gate: Gate) -> None:
    one_a_minute(gate)
    nowhere = {"route": "", "policy": None}
    assert refusal(gate.ask({"x-api-key": KEY}, **nowhere)) == (404, "not-found")
    assert refusal(gate.ask({"x-api-key": KEY}, **nowhere)) == (429, "rate-limited")
    assert refusal(gate.ask({"x-api-key": KEY})) == (429, "rate-limited")


def test_outside_nobody_learns_by_its_limit_what_there_is(gate: Gate) -> None:
    one_a_minute(gate)
    gate.ask({"x-api-key": KEY})
    bodies = [
        gate.ask({"x-api-key": KEY}, **route).answer.body
        for route in (A_ROUTE, USERS, {"route": "", "policy": None})
    ]
    assert len(set(bodies)) == 1


def test_who_is_nobody_has_no_bucket(gate: Gate) -> None:
    one_a_minute(gate)
    for _ in range(3):
        assert refusal(gate.ask({})) == (401, "missing")
        assert refusal(gate.ask({"x-api-key": KEY[:-1] + "!"})) == (401, "malformed")
    assert is_let_through(gate.ask({"x-api-key": KEY}))


def test_two_workers_and_both_listeners_share_the_bucket(tmp_path: Path) -> None:
    workers = Gate(tmp_path), Gate(tmp_path), Gate(tmp_path, listener="internal", mesh=True)
    for worker in workers[:2]:
        one_a_minute(worker)
    one_a_minute(workers[2], audience="internal")
    assert is_let_through(workers[0].ask({"x-api-key": KEY}))
    assert refusal(workers[1].ask({"x-api-key": KEY})) == (429, "rate-limited")
    certificate = {"x-forwarded-client-cert": f"Hash=00;URI={ORDERS}"}
    assert refusal(workers[2].ask(certificate)) == (429, "rate-limited")


def test_without_the_buckets_nobody_is_let_through(gate: Gate) -> None:
    gate.buckets.unlink()
    handle = None
    with pytest.raises(LuaError, match="token buckets cannot be opened"):
        handle = gate.ask({"x-api-key": KEY})
    assert handle is None


# --- quotas ---------------------------------------------------------------------------------------


def exhausted(gate: Gate, *, seconds: int, **more: str) -> None:
    quota = {"quota": "day 1000", "exhausted": f"day {int(gate.time) + seconds}"}
    gate.control = lambda fields: ("200", some_lines(**quota | more))


def test_refuses_whose_quota_is_used_up_until_it_begins_anew(gate: Gate) -> None:
    exhausted(gate, seconds=50)
    for _ in range(2):
        handle = gate.ask({"x-api-key": KEY})
        assert refusal(handle) == (429, "quota-exhausted")
        assert handle.answer.fields["retry-after"] == "50"
        sent = handle.sent
        assert sent.get(sent, "forecourt-ratelimit") == '"day";r=0;t=50'
        policy = '"minute";q=100;w=60, "day";q=1000;w=86400'
        assert sent.get(sent, "forecourt-ratelimit-policy") == policy
    gate.time += 50
    handle = gate.ask({"x-api-key": KEY})
    assert is_let_through(handle)
    left = handle.sent.get(handle.sent, "forecourt-ratelimit")
    assert left == '"minute";r=24;t=1', "what was refused cost nothing"


def test_a_quota_begins_anew_while_the_control_plane_is_away(gate: Gate) -> None:
    exhausted(gate, seconds=100, fresh="60", grace="600")
    assert refusal(gate.ask({"x-api-key": KEY})) == (429, "quota-exhausted")
    gate.control = lambda fields: ("503", "unavailable\n")
    gate.time += 99
    assert refusal(gate.ask({"x-api-key": KEY})) == (429, "quota-exhausted")
    gate.time += 1
    assert is_let_through(gate.ask({"x-api-key": KEY}))


def test_outside_nobody_learns_by_a_quota_what_there_is(gate: Gate) -> None:
    exhausted(gate, seconds=50)
    routes = (A_ROUTE, USERS, {"route": "", "policy": None})
    bodies = [gate.ask({"x-api-key": KEY}, **route).answer.body for route in routes]
    assert len(set(bodies)) == 1


@pytest.mark.parametrize("said", ["day", "day soon", "day -5", "", "day 5 6"])
def test_who_may_be_used_up_is_let_in_by_no_answer_that_cannot_be_read(
    gate: Gate, said: str
) -> None:
    gate.control = lambda fields: ("200", some_lines(exhausted=said))
    assert refusal(gate.ask({"x-api-key": KEY})) == (503, "unavailable")


# --- a full machine -------------------------------------------------------------------------------


def is_shed(handle: Any) -> bool:
    """Whether it was turned away: waits for it, has no mark, and says why."""
    ours = handle.said["forecourt"]
    if ours.replied is None:
        return False
    if handle.answer is not None:
        assert refusal(handle) == (503, "shed")
        assert 2 <= int(handle.answer.fields["retry-after"]) <= 8
        assert sent(handle, "forecourt-paced") is None
        return True
    assert (ours.replied, ours.admit) == ("shed", None)
    assert sent(handle, "forecourt-paced") == "yes"
    assert sent(handle, "forecourt-reason") == "shed"
    assert 2 <= int(sent(handle, "forecourt-retry-after")) <= 8
    return True


def sent(handle: Any, field: str) -> Any:
    return handle.sent.get(handle.sent, field)


def sheds(gate: Gate, level: float, its_class: str, **route: Any) -> int:
    """How many of a hundred requests of a class are turned away."""
    lines = some_lines(**{"class": its_class, "limit": "10000", "capacity": "10000"})
    gate.control = lambda fields: ("200", lines)
    SharedLevel(gate.buckets).say(level, till=gate.time + 2)
    return sum(is_shed(gate.ask({"x-api-key": KEY}, **route)) for _ in range(100))


@pytest.mark.parametrize(
    ("level", "its_class", "least", "most"),
    [
        (0.0, "0", 0, 0),
        (30.0, "0", 10, 60),
        (100.0, "0", 100, 100),
        (100.0, "1", 0, 0),
        (250.0, "1", 100, 100),
        (250.0, "2", 20, 80),
        (250.0, "3", 0, 0),
        (400.0, "4", 0, 0),
    ],
)
def test_turns_away_by_class(
    gate: Gate, level: float, its_class: str, least: int, most: int
) -> None:
    assert least <= sheds(gate, level, its_class) <= most


def test_who_is_turned_away_pays_nothing_and_no_body_is_read(gate: Gate) -> None:
    assert sheds(gate, 100.0, "0") == 100
    lines = some_lines(limit="1", capacity="1")
    other = {"x-api-key": KEYS[1], ":method": "POST", "content-type": "application/json"}
    gate.control = lambda fields: ("200", lines)
    shed = gate.ask(other)
    assert is_shed(shed)
    assert sent(shed, "forecourt-ratelimit") is None
    gate.time += 2
    assert is_let_through(gate.ask({"x-api-key": KEYS[1]})), "its one request is left"


def test_outside_nobody_learns_on_a_full_machine_what_there_is(gate: Gate) -> None:
    assert sheds(gate, 100.0, "0") == 100
    routes = (A_ROUTE, USERS, {"route": "", "policy": None})
    assert all(is_shed(gate.ask({"x-api-key": KEY}, **route)) for route in routes)


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({":method": "GET"}, True),
        ({":method": "DELETE", "content-length": "0"}, True),
        ({":method": "POST", "content-length": "0"}, True),
        ({":method": "POST", "content-length": "16384"}, True),  # it is let in
        ({":method": "POST", "content-length": "16385"}, False),
        ({":method": "GET", "content-length": "16385"}, False),
        ({":method": "GET", "content-length": "x"}, False),
        ({":method": "GET", "transfer-encoding": "chunked"}, False),
        ({":method": "POST"}, False),
    ],
)
def test_nobody_waits_of_whom_more_would_have_to_be_held(
    gate: Gate, headers: dict[str, str], waits: bool
) -> None:
    assert sheds(gate, 100.0, "0") == 100
    handle = gate.ask({"x-api-key": KEY, **headers}, body=b"x")
    assert is_shed(handle)
    assert (handle.answer is None) is waits


def test_inside_who_is_turned_away_is_told_so_at_once(mesh: Gate) -> None:
    lines = some_lines(audience="internal", **{"class": "4"})
    mesh.control = lambda fields: ("200", lines)
    SharedLevel(mesh.buckets).say(500.0, till=mesh.time + 2)
    handle = mesh.ask({"x-forwarded-client-cert": f"Hash=00;URI={ORDERS}"}, **USERS)
    assert is_shed(handle)
    assert handle.answer is not None


def test_an_api_may_have_its_callers_served_longer(gate: Gate) -> None:
    callers = a_policy()["callers"]
    callers["public"] |= {"class": 4}
    longer = {"route": "payments@2#longer", "policy": a_policy(callers=callers)}
    assert sheds(gate, 400.0, "0", **longer) == 0
    assert sheds(gate, 400.0, "0") == 100


OWN = {"route": "own:/oauth/token#1", "policy": {"own": "oauth", "callers": {}}}


def test_a_flood_of_those_who_are_nobody_counts_as_the_first_class(gate: Gate) -> None:
    level = SharedLevel(gate.buckets)
    level.say(100.0, till=gate.time + 2)
    gate.control = lambda fields: ("200", some_lines(addresses=FROM_203_0_113, **{"class": "3"}))
    elsewhere: dict[str, Any] = {**A_ROUTE, "address": "198.51.100.1:4711"}
    assert refusal(gate.ask({"x-api-key": KEY}, **elsewhere)) == (403, "address-not-allowed")
    assert refusal(gate.ask({":method": "TRACE"})) == (405, "method")
    assert refusal(gate.ask({":path": "/v2/%2e%2e/x"})) == (400, "ambiguous-path")
    assert refusal(gate.ask({})) == (401, "missing")
    assert is_let_through(gate.ask({}, **OWN))
    assert level.asked() == (5.0, 0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("said", ["5", "-1", "1.5", "x", ""])
def test_a_class_that_is_none_lets_nobody_in(gate: Gate, said: str) -> None:
    gate.control = lambda fields: ("200", some_lines(**{"class": said}))
    assert refusal(gate.ask({"x-api-key": KEY})) == (503, "unavailable")


# --- versions -------------------------------------------------------------------------------------


def test_a_retired_version_says_where_to_go(gate: Gate) -> None:
    versions = [
        {
            "name": "1",
            "status": "deprecated",
            "sunset": 946_684_800,
            "successors": [{"name": "2", "link": '</v2/>; rel="successor-version"'}],
            "guide_file": "guides/migrate.md",
        }
    ]
    gate.time = 1_000_000_000.0
    handle = gate.ask({"x-api-key": KEY}, route="r", policy=a_policy(versions=versions))
    assert refusal(handle) == (410, "retired")
    assert handle.answer.fields["sunset"] == "Sat, 01 Jan 2000 00:00:00 GMT"
    assert handle.answer.fields["link"] == '</v2/>; rel="successor-version"'
    body = json.loads(handle.answer.body)
    assert body["detail"] == "Version 1 is no longer served. Use version 2."
    assert (body["sunset"], body["successor"]) == ("2000-01-01", "2")
    assert "guide" not in body, "a file of the estate is nothing that callers can open"


A_BROWNOUT = {
    "name": "1",
    "status": "deprecated",
    "deprecated": 900_000_000,
    "sunset": 1_000_000_000,
    "brownouts": [950_000_000, 950_003_600],
}


def at_a_brownout(gate: Gate, now: float) -> Any:
    gate.time = now
    callers = {"public": {**a_caller("constant", "api_key"), "brownouts": True}}
    policy = a_policy(versions=[A_BROWNOUT], callers=callers)
    return gate.ask({"x-api-key": KEY}, route="r", policy=policy)


def test_a_brownout_says_when_it_is_over(gate: Gate) -> None:
    handle = at_a_brownout(gate, 950_000_600.5)
    assert refusal(handle) == (410, "brownout")
    assert handle.answer.fields["retry-after"] == "3000"
    assert handle.answer.fields["cache-control"] == "no-store"
    assert handle.answer.fields["deprecation"] == "@900000000"
    assert handle.answer.fields["sunset"] == "Sun, 09 Sep 2001 01:46:40 GMT"
    body = json.loads(handle.answer.body)
    assert body["type"] == "urn:forecourt:problem:brownout"
    assert body["sunset"] == "2001-09-09"


@pytest.mark.parametrize("now", [949_999_999.0, 950_003_600.0])
def test_outside_of_it_a_deprecated_version_says_only_that_it_is_one(
    gate: Gate, now: float
) -> None:
    handle = at_a_brownout(gate, now)
    assert is_let_through(handle)
    assert handle.said[MARK_NAMESPACE].deprecation == "@900000000"


def test_reads_the_version_from_the_field_where_the_api_says_so(gate: Gate) -> None:
    versions = [{"name": n, "status": "current"} for n in ("2023-06-01", "2024-01-15")]
    route = {"route": "r", "policy": a_policy(by_header=True, versions=versions)}
    handle = gate.ask({"x-api-key": KEY, "api-version": "2023-12-31"}, **route)
    assert handle.sent.get(handle.sent, "forecourt-version") == "2023-06-01"
    handle = gate.ask({"x-api-key": KEY, "api-version": "x"}, **route)
    assert refusal(handle) == (400, "version-not-named")
    assert json.loads(handle.answer.body)["versions"] == ["2023-06-01", "2024-01-15"]


def test_who_is_remembered_keeps_its_pin_while_nobody_can_say_it(gate: Gate) -> None:
    dated = [{"name": day, "status": "current"} for day in ("2023-06-01", "2024-01-15")]
    route = {"route": "prices@#1", "policy": a_policy(by_header=True, versions=dated)}
    pinned = some_lines(pin="payments 2023-06-01")
    unknown = some_lines(pins="unknown", fresh="5")
    answers = [pinned, unknown, unknown]
    gate.control = lambda fields: ("200", answers.pop(0))
    for _ in range(3):
        handle = gate.ask({"x-api-key": KEY}, **route)
        assert handle.sent.get(handle.sent, "forecourt-version") == "2023-06-01"
        gate.time += 61
    answers.append(unknown)
    assert refusal(gate.ask({"x-api-key": KEYS[1]}, **route)) == (503, "unavailable")


DIGITS = network_digits("203.0.113.7/32")  # where the handle calls from


def test_a_blocked_address_is_refused_before_anything_is_asked(gate: Gate) -> None:
    gate.blocks.write_text(f"blocks 1 1\n{DIGITS} {gate.time + 60:.0f}\n")
    handle = gate.ask({"x-api-key": KEYS[0]})
    assert refusal(handle) == (403, "blocked")
    assert handle.answer.fields["retry-after"] == "60"
    assert gate.asked == []
    gate.time += 60
    assert is_let_through(gate.ask({"x-api-key": KEYS[0]}))


def test_an_address_that_is_blocked_without_an_end_is_told_of_none(gate: Gate) -> None:
    gate.blocks.write_text(f"blocks 1 1\n{DIGITS} -\n")
    assert gate.ask({}).answer.fields["retry-after"] is None


def test_a_worker_that_cannot_know_who_is_blocked_lets_nobody_in(gate: Gate) -> None:
    gate.blocks.unlink()
    assert refusal(gate.ask({"x-api-key": KEYS[0]})) == (503, "unavailable")


def test_a_blocked_caller_is_refused_until_its_end_though_nobody_answers(gate: Gate) -> None:
    gate.control = lambda fields: ("200", f"blocked {gate.time + 60:.0f}\n{some_lines()}")
    handle = gate.ask({"x-api-key": KEYS[0]})
    assert refusal(handle) == (403, "blocked")
    assert handle.answer.fields["retry-after"] == "60"
    gate.control = lambda fields: ("503", "")
    gate.time += 60
    assert is_let_through(gate.ask({"x-api-key": KEYS[0]}))


def test_another_credential_beside_a_blocked_one_helps_nobody(gate: Gate) -> None:
    def control(fields: dict[str, str]) -> tuple[str, str]:
        is_blocked = fields["forecourt-credential"] == KEYS[1]
        return "200", f"blocked -\n{some_lines()}" if is_blocked else some_lines()

    gate.control = control
    assert refusal(gate.ask(both(KEYS[0], KEYS[1]))) == (403, "blocked")
    assert refusal(gate.ask(both(KEYS[1], KEYS[0]))) == (403, "blocked")


def test_the_mesh_looks_at_no_address(tmp_path: Path) -> None:
    mesh = Gate(tmp_path, listener="internal", mesh=True, blocks="")
    mesh.blocks.write_text(f"blocks 1 1\n{DIGITS} -\n")
    assert refusal(mesh.ask({})) == (401, "missing")


# --- where a credential may come from -------------------------------------------------------------

NOWHERE = {"route": "nothing"}
FROM_203_0_113 = "00000000000000000000ffffcb007100/120"


def test_a_key_is_let_through_from_where_it_may_come(gate: Gate) -> None:
    gate.control = lambda fields: ("200", some_lines(addresses=FROM_203_0_113))
    assert is_let_through(gate.ask({"x-api-key": KEY}))


@pytest.mark.parametrize("address", ["198.51.100.1:4711", "[2001:db8::1]:4711", "", "unix"])
def test_a_key_from_elsewhere_is_refused_and_the_log_says_whose(gate: Gate, address: str) -> None:
    gate.control = lambda fields: ("200", some_lines(addresses=FROM_203_0_113))
    handle = gate.ask({"x-api-key": KEY}, **A_ROUTE, address=address)
    assert refusal(handle) == (403, "address-not-allowed")
    assert handle.sent.get(handle.sent, "forecourt-credential") == "key_1"


@pytest.mark.parametrize("field", ["x-forwarded-for", "x-real-ip", "forwarded", "x-client-ip"])
def test_nothing_that_a_request_says_makes_it_come_from_elsewhere(gate: Gate, field: str) -> None:
    gate.control = lambda fields: ("200", some_lines(addresses=FROM_203_0_113))
    said = {"x-api-key": KEY, field: "203.0.113.7"}
    handle = gate.ask(said, **A_ROUTE, address="198.51.100.1:4711")
    assert refusal(handle) == (403, "address-not-allowed")


def test_who_uses_a_key_from_elsewhere_learns_nothing_of_what_stands_where(gate: Gate) -> None:
    gate.control = lambda fields: ("200", some_lines(addresses=FROM_203_0_113))
    there, nowhere = (
        gate.ask({"x-api-key": KEY}, **route, address="198.51.100.1:4711")
        for route in (A_ROUTE, NOWHERE)
    )
    assert refusal(there) == refusal(nowhere)
    assert there.answer.body == nowhere.answer.body


def test_who_uses_a_key_from_elsewhere_uses_up_nothing(gate: Gate) -> None:
    lines = some_lines(addresses=FROM_203_0_113, limit="1", capacity="1")
    gate.control = lambda fields: ("200", lines)
    for _ in range(3):
        handle = gate.ask({"x-api-key": KEY}, **A_ROUTE, address="198.51.100.1:4711")
        assert refusal(handle) == (403, "address-not-allowed")
    assert is_let_through(gate.ask({"x-api-key": KEY}))


@pytest.mark.parametrize("order", [(0, 2), (2, 0)], ids=["before it", "behind it"])
def test_another_key_beside_it_does_not_let_it_come_from_elsewhere(
    gate: Gate, order: tuple[int, int]
) -> None:
    def control(fields: dict[str, str]) -> tuple[str, str]:
        is_bound = fields["forecourt-credential"] == KEYS[0]
        return "200", some_lines(addresses=FROM_203_0_113 if is_bound else None)

    gate.control = control
    first, second = (KEYS[number] for number in order)
    handle = gate.ask(both(first, second), **A_ROUTE, address="198.51.100.1:4711")
    assert refusal(handle) == (403, "address-not-allowed")


def test_what_expired_has_ended_also_while_nobody_answers(gate: Gate) -> None:
    gate.control = lambda fields: ("200", some_lines(expires=str(int(gate.time + 10))))
    assert is_let_through(gate.ask({"x-api-key": KEY}))
    gate.control = lambda fields: ("503", "unavailable\n")
    gate.time += 9.9
    assert is_let_through(gate.ask({"x-api-key": KEY}))
    gate.time += 0.1
    asked = len(gate.asked)
    assert refusal(gate.ask({"x-api-key": KEY})) == (401, "unknown")
    assert len(gate.asked) == asked
    assert refusal(gate.ask({"x-api-key": KEYS[1]})) == (503, "unavailable")
