"""What is asked of a running edge, and what of its answers is an opening."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

import pytest

from forecourt.edge.exposure.asking import Answer, Door
from forecourt.edge.exposure.guarded import Guarded, GuardedOperation
from forecourt.edge.exposure.probes import Edge, Probe, Target, decoy, probes, targets
from forecourt.edge.exposure.probing import MOST_TARGETS, Fields, Pace, Probed, probe_edge
from forecourt.edge.exposure.spellings import SPELLINGS
from forecourt.estate.audience import Audience

EDGE = Edge(host="api.acme.example", port=8443, outside="/payments/v1/", inside=("users.svc",))
DOOR = Door(host="127.0.0.1", port=8443, server_name="api.acme.example")
USERS = Target(api="users", path="/users/v1/things")
REFUSED = Answer(status=401, problem="urn:forecourt:problem:unauthenticated")
NOT_FOUND = Answer(status=404, problem="urn:forecourt:problem:not-found")


def an_api(name: str, audience: Audience, *operations: tuple[str, Audience]) -> Guarded:
    return Guarded(
        name=name,
        audience=audience,
        places=frozenset(),
        released=frozenset({"1"}),
        operations=tuple(
            GuardedOperation(version="1", method="GET", template=template, audience=its)
            for template, its in operations
        ),
    )


def test_looks_for_each_path_inside_and_each_operation_that_is_hidden_outside() -> None:
    inside, outside = Audience.INTERNAL, Audience.PUBLIC
    apis = [
        an_api("users", inside, ("/things/{id}", inside)),
        an_api("payments", outside, ("/refunds", inside), ("/charges", outside)),
    ]
    found = targets([("/users/v1/", "users")], [("/payments/v1/", "payments", "1")], apis)
    assert found == (
        Target(
            api="payments", path="/payments/v1/refunds", known="/payments/v1/", methods=("GET",)
        ),
        Target(api="users", path="/users/v1/"),
        Target(api="users", path="/users/v1/things/forecourt-probe-0", methods=("GET",)),
    )


def test_looks_for_a_method_that_is_hidden_where_the_path_is_known() -> None:
    outside, inside = Audience.PUBLIC, Audience.INTERNAL
    both = {
        "GET": outside,
        "POST": inside,
        "DELETE": inside,
    }
    api = replace(
        an_api("payments", outside),
        operations=tuple(
            GuardedOperation(version="1", method=method, template="/refunds", audience=audience)
            for method, audience in both.items()
        ),
    )
    (target,) = targets([], [("/payments/v1/", "payments", "1")], [api])
    assert (target.path, target.methods) == ("/payments/v1/refunds", ("DELETE", "POST"))
    assert target.unused not in both
    asked, compared = list(probes(target, EDGE)), list(probes(decoy(target, "s"), EDGE))
    assert [p.method for p in asked] == ["DELETE", "POST"]
    assert {(p.method, p.form) for p in compared} == {(target.unused, target.path)}


def test_a_decoy_is_as_long_and_keeps_what_callers_may_know() -> None:
    target = Target(api="payments", path="/payments/v1/refunds/x", known="/payments/v1/")
    other = decoy(target, "salt")
    assert other.path.startswith("/payments/v1/")
    assert [*map(len, other.path.split("/"))] == [*map(len, target.path.split("/"))]
    assert "refunds" not in other.path
    assert decoy(target, "other").path != other.path


@pytest.mark.parametrize("spelling", SPELLINGS, ids=str)
def test_each_spelling_means_its_path_to_somebody_and_differs(spelling: str) -> None:
    spell = SPELLINGS[spelling]
    form = spell(USERS.path, EDGE.outside)
    folded = unquote(unquote(form)).lower().replace("\\", "/")
    plain = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in folded)
    assert "users" in plain
    assert "things" in plain
    others = [other(USERS.path, EDGE.outside) for n, other in SPELLINGS.items() if n != spelling]
    assert form not in others or spelling in {"as it is", "without the slash at the end"}


def test_every_way_to_name_a_host_and_to_claim_another_request_is_tried() -> None:
    found = list(probes(USERS, EDGE))
    assert {p.authority for p in found} >= {
        "API.ACME.EXAMPLE",
        "api.acme.example.",
        "users.svc",
        "",
    }
    assert {p.form for p in found} >= {"https://users.svc/users/v1/things", "/users/v1/things"}
    named = {name for p in found for name, _ in p.fields}
    assert named >= {"x-original-url", "x-forwarded-client-cert", "forecourt-upstream"}
    shown = [(p.spelling, p.form) for p in found]
    assert len(set(shown)) == len(shown)


def test_every_method_is_tried_and_those_that_may_change_something_last() -> None:
    found = list(probes(replace(USERS, methods=("GET", "POST", "SEARCH")), EDGE))
    by_method = [p.method for p in found if p.method != "GET"]
    assert by_method == ["HEAD", "OPTIONS", "POST", "SEARCH", "PUT", "PATCH", "DELETE"]
    assert found[-len(by_method) :] == [p for p in found if p.method != "GET"]


def test_what_may_change_something_asks_for_nothing_to_be_changed() -> None:
    """A condition that no resource meets (RFC 9110, section 13.1.1)."""
    for probe in probes(USERS, EDGE):
        assert ("if-match" in dict(probe.fields)) is not probe.is_safe
        assert dict(probe.fields).get("content-length", "0") == "0"


# --- what is an opening ---------------------------------------------------------------------------


@dataclass
class Speaking:
    """An edge that refuses everything but what is `open`."""

    open: Callable[[Probe, Fields], Answer | None] = lambda _, __: None
    otherwise: Answer = REFUSED
    asked: list[Probe] = field(default_factory=list)

    def ask(self, probe: Probe, fields: Fields) -> Answer:
        self.asked.append(probe)
        return self.open(probe, fields) or self.otherwise


def probed(
    speaking: Speaking, *wanted: Target, credential: Fields = (), protocol: str = "HTTP/1.1"
) -> Probed:
    return probe_edge(
        wanted or (USERS,),
        EDGE,
        DOOR,
        salt="s",
        credential=credential,
        ask=lambda _: ((protocol, speaking),),
    )


def test_an_edge_that_refuses_everything_is_closed() -> None:
    speaking = Speaking()
    found = probed(speaking)
    assert found.openings == ()
    assert found.requests == len(list(probes(USERS, EDGE)))
    assert len(speaking.asked) == 2 * found.requests


def test_one_spelling_that_is_answered_is_an_opening() -> None:
    ok = Answer(status=200)
    found = probed(Speaking(lambda p, _: ok if p.form == "/%75sers/v1/things" else None))
    (opening,) = found.openings
    assert "a letter encoded" in opening.place
    assert opening.because == "it is answered: 200"


@pytest.mark.parametrize(
    "answer",
    [Answer(status=404, problem=REFUSED.problem), Answer(status=403), Answer(status=None)],
    ids=["another status", "words that are not the edge's", "a connection that ends"],
)
def test_what_is_refused_otherwise_than_what_nobody_named_is_an_opening(answer: Answer) -> None:
    found = probed(Speaking(lambda p, _: answer if p.target.path == USERS.path else None))
    assert found.openings
    assert all("told apart" in o.because for o in found.openings)


def test_what_is_open_to_one_method_alone_is_an_opening() -> None:
    found = probed(Speaking(lambda p, _: Answer(status=204) if p.method == "DELETE" else None))
    (opening,) = found.openings
    assert "by DELETE" in opening.place


def test_a_method_that_is_told_from_one_that_is_not_declared_is_an_opening() -> None:
    hidden = Target(
        api="payments",
        path="/payments/v1/x",
        known="/payments/v1/",
        methods=("POST",),
        unused="PUT",
    )
    denied = Answer(status=405)
    forbidden = Answer(status=403)
    assert probed(Speaking(otherwise=denied), hidden).openings == ()
    found = probed(Speaking(lambda p, _: forbidden if p.method == "POST" else denied), hidden)
    (opening,) = found.openings
    assert "by POST" in opening.place


def test_where_something_is_open_nothing_is_asked_that_may_change_it() -> None:
    ok = Answer(status=200)
    speaking = Speaking(lambda p, _: ok if p.form == USERS.path else None)
    assert probed(speaking).openings
    assert {p.method for p in speaking.asked} == {"GET", "HEAD", "OPTIONS"}


def test_nothing_that_may_change_something_is_asked_where_that_is_wanted() -> None:
    speaking = Speaking()
    pace = Pace(is_safe_only=True)
    ask = lambda _: (("HTTP/1.1", speaking),)  # noqa: E731
    probe_edge((USERS,), EDGE, DOOR, salt="s", pace=pace, ask=ask)
    assert {p.method for p in speaking.asked} == {"GET", "HEAD", "OPTIONS"}


def test_an_edge_that_answers_everything_is_open() -> None:
    found = probed(Speaking(otherwise=Answer(status=200)))
    assert len(found.openings) > 30
    assert {o.because for o in found.openings} == {"it is answered: 200"}


def test_what_an_api_outside_answers_is_none() -> None:
    ok = Answer(status=200)
    speaking = Speaking(lambda p, _: ok if p.form.partition("?")[0] == EDGE.outside else None)
    assert probed(speaking).openings == ()


def test_a_redirect_or_a_fault_is_an_opening() -> None:
    for status in (301, 500, 502):
        answer = Answer(status=status)
        found = probed(Speaking(lambda p, _, a=answer: a if p.authority == "users.svc" else None))
        assert found.openings


def test_a_service_that_is_down_behind_an_opening_is_told_from_an_edge_that_is_busy() -> None:
    down = Answer(status=503, problem="urn:forecourt:problem:upstream-unavailable")
    found = probed(Speaking(lambda p, _: down if p.target.path == USERS.path else None))
    assert found.openings
    busy = probed(Speaking(otherwise=down))
    assert (busy.openings, busy.requests) == ((), 0)
    assert busy.unjudged > 0


def test_who_is_turned_away_by_a_full_machine_knows_of_nothing() -> None:
    """By chance: the name that is meant as well as the one that nobody has named."""
    full = Answer(status=503, problem="urn:forecourt:problem:overloaded")
    for is_meant in (True, False):
        turned_away = probed(
            Speaking(lambda p, _, m=is_meant: full if (p.target.path == USERS.path) is m else None)
        )
        assert turned_away.openings == ()
        assert turned_away.unjudged > 0
    open_ = Answer(status=200)
    found = probed(Speaking(lambda p, _: open_ if p.target.path == USERS.path else full))
    assert found.openings, "what is answered is open, whatever the other reads"


def test_asks_with_the_credential_too_where_there_is_one() -> None:
    ok = Answer(status=200)
    key = (("x-api-key", "k"),)
    speaking = Speaking(lambda p, f: ok if key[0] in f and "%5c" in p.form else None)
    assert probed(speaking).openings == ()
    found = probed(speaking, credential=key)
    assert found.openings
    assert all("with the credential" in o.place for o in found.openings)
    assert not any(part == "k" for o in found.openings for part in o.place.split())


def test_a_spelling_that_always_ends_the_connection_is_asked_twice() -> None:
    gone = Answer(status=None)
    other = Target(api="users", path="/users/v1/others")
    speaking = Speaking(lambda p, _: gone if "\\" in p.form else None)
    found = probed(speaking, USERS, other)
    assert found.unread == ("HTTP/1.1, back by bare backslashes", "HTTP/1.1, bare backslashes")
    assert found.openings == ()
    assert len([p for p in speaking.asked if p.spelling == "bare backslashes"]) == 3


def test_a_connection_that_ends_once_costs_no_spelling() -> None:
    gone = Answer(status=None)
    speaking = Speaking(lambda p, _: gone if len(speaking.asked) <= 2 else None)
    found = probed(speaking)
    assert found.unread == ()
    assert found.openings == ()


def test_once_stopped_asks_nothing_more() -> None:
    speaking = Speaking()
    probe_edge(
        (USERS,),
        EDGE,
        DOOR,
        salt="s",
        is_stopped=lambda: len(speaking.asked) >= 4,
        ask=lambda _: (("HTTP/1.1", speaking),),
    )
    assert len(speaking.asked) == 4


def test_nothing_absolute_is_asked_over_http2() -> None:
    speaking = Speaking()
    probed(speaking, protocol="HTTP/2")
    assert not any("://" in p.form for p in speaking.asked)


def test_beyond_so_many_targets_the_rest_is_counted() -> None:
    many = [Target(api="users", path=f"/users/v1/{n}") for n in range(MOST_TARGETS + 3)]
    found = probe_edge(many, EDGE, DOOR, salt="s", ask=lambda _: ())
    assert (found.targets, found.left_out) == (MOST_TARGETS, 3)


def test_all_are_asked_for_where_that_is_wanted() -> None:
    many = [Target(api="users", path=f"/users/v1/{n}") for n in range(MOST_TARGETS + 3)]
    found = probe_edge(many, EDGE, DOOR, salt="s", pace=Pace(most=None), ask=lambda _: ())
    assert (found.targets, found.left_out) == (MOST_TARGETS + 3, 0)


def asked_for(many: list[Target], salt: str) -> set[str]:
    speaking = Speaking()
    ask = lambda _: (("HTTP/1.1", speaking),)  # noqa: E731
    probe_edge(many, EDGE, DOOR, salt=salt, pace=Pace(most=5), ask=ask)
    return {p.target.path for p in speaking.asked} & {target.path for target in many}


def test_each_place_of_an_api_comes_before_what_is_below_and_each_has_its_turn() -> None:
    below = [Target(api="accounts", path=f"/accounts/{n}/x") for n in range(40)]
    places = [Target(api="accounts", path="/accounts/"), Target(api="users", path="/users/")]
    runs = [asked_for([*below, *places], f"salt {n}") for n in range(100)]
    assert all({"/accounts/", "/users/"} <= run for run in runs)
    assert set().union(*runs) == {target.path for target in (*below, *places)}
