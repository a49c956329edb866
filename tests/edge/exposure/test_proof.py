"""A snapshot that is as it was compiled is closed; each that was opened by hand is found."""

from __future__ import annotations

import copy
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from forecourt.actions.guarded_apis import guarded_apis, names_inside
from forecourt.compiler.envoy.bootstrap import CONTROL_CLUSTER
from forecourt.edge.exposure.guarded import Guarded
from forecourt.edge.exposure.proof import Proof, prove
from forecourt.estate.audience import Audience
from tests.actions.publishing import CONTRACT, Acme
from tests.compiler.builders import prefixes
from tests.store.in_memory import InMemoryStore

HIDDEN = CONTRACT.replace("/charges: {get: {", "/charges: {get: {x-audience: internal, ")
Files = dict[str, Any]


class Served:
    """An estate as it was published: its files, what is declared, and what the edge loads."""

    def __init__(self, acme: Acme, *, local: bool = False) -> None:
        examined = acme.examined()
        self.files: Files = {name: json.loads(content) for name, content in acme.edge.files.items()}
        self.apis = guarded_apis(examined.estate, examined.contracts, {})
        self.never = names_inside(examined.estate, self.apis)
        self.contracts = acme.edge.contracts

    def proof(self, files: Files | None = None, **fields: Any) -> Proof:
        content = {k: json.dumps(v).encode() for k, v in (files or self.files).items()}
        given = {"apis": self.apis, "never": self.never, "contracts": self.contracts} | fields
        return prove(content, given.pop("apis"), **given)


@pytest.fixture
async def served() -> Served:
    acme = Acme(InMemoryStore())
    acme.save("apis/payments/v1.openapi.yaml", HIDDEN)
    await acme.publish()
    return Served(acme)


def because(proof: Proof) -> str:
    return "\n".join(map(str, proof.openings))


def test_what_was_compiled_is_closed(served: Served) -> None:
    proof = served.proof()
    assert because(proof) == ""
    assert (proof.chains, proof.routes) == (1, 25)
    assert proof.narrower == (("/users/v1/", "users"),)


# --- opened by hand -------------------------------------------------------------------------------


def outside(files: Files) -> Any:
    """The external listener's route table."""
    return files["routes-external.json"]["resources"][0]


def host(files: Files) -> Any:
    return outside(files)["virtual_hosts"][0]


def manager(files: Files) -> Any:
    (listener,) = (x for x in files["listeners.json"]["resources"] if x["name"] == "external")
    return listener["filter_chains"][0]["filters"][0]["typed_config"]


def a_route(action: str, value: Mapping[str, Any], prefix: str = "/open/") -> Any:
    return {"match": {"prefix": prefix}, action: value}


def routes_of(node: Any) -> list[Any]:
    """The routes with a policy, to change them."""
    if isinstance(node, dict):
        own = [node] if "filter_metadata" in node.get("metadata", {}) else []
        return own + [r for below in node.values() for r in routes_of(below)]
    return [r for below in node for r in routes_of(below)] if isinstance(node, list) else []


def policied(files: Files) -> Any:
    gate = "envoy.filters.http.lua"
    routes = routes_of(outside(files))
    return next(r for r in routes if gate in r["metadata"]["filter_metadata"])


def policy(files: Files) -> Any:
    return policied(files)["metadata"]["filter_metadata"]["envoy.filters.http.lua"]["policy"]


def mocked(files: Files) -> Any:
    return next(r for r in routes_of(outside(files)) if r["name"].endswith("/mock"))


def beside(action: str, value: Mapping[str, Any]) -> Callable[[Files], None]:
    """A route in the list of the host."""
    return lambda f: host(f).update(routes=[a_route(action, value)])


def an_internal_route_as_it_stands_inside(files: Files) -> None:
    inside = files["routes-internal.json"]["resources"][0]["virtual_hosts"][0]
    (route,) = (r for r in routes_of(inside) if "/users/" in r["match"].get("prefix", ""))
    tree = {"/users/v1/": {"action": {"name": "route", "typed_config": route}}}
    prefixes(host(files)["matcher"]).update(tree)


def lets_everybody_through(files: Files) -> None:
    def turn(node: Any) -> None:
        if isinstance(node, dict):
            if "policy" in node:
                node["policy"] = {"own": "oauth", "callers": {}}
            for below in node.values():
                turn(below)
        elif isinstance(node, list):
            for below in node:
                turn(below)

    turn(files["routes-external.json"])


def a_default_route(files: Files) -> None:
    def turn(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("cluster") == "nowhere":
                node["cluster"] = "http://users.svc:8080"
            for below in node.values():
                turn(below)
        elif isinstance(node, list):
            for below in node:
                turn(below)

    turn(host(files))


def another_listener(files: Files) -> None:
    listeners = files["listeners.json"]["resources"]
    (inside,) = (x for x in listeners if x["name"] == "internal")
    listeners.append({**copy.deepcopy(inside), "name": "debug"})


def a_tcp_proxy(files: Files) -> None:
    kind = "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy"
    (listener,) = (x for x in files["listeners.json"]["resources"] if x["name"] == "external")
    proxy = {"name": "tcp", "typed_config": {"@type": kind, "cluster": "http://users.svc:8080"}}
    listener["default_filter_chain"] = {"filters": [proxy]}


def another_upstream(files: Files) -> None:
    for cluster in files["clusters.json"]["resources"]:
        text = json.dumps(cluster).replace('"address": "payments.svc"', '"address": "users.svc"')
        cluster.update(json.loads(text))


def without(name: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        m = manager(files)
        m["http_filters"] = [f for f in m["http_filters"] if f["name"] != name]

    return change


def admission_before_the_gate(files: Files) -> None:
    manager(files)["http_filters"].sort(key=lambda f: f["name"] != "envoy.filters.http.rbac")


def an_error_page(files: Files) -> None:
    page = manager(files)["local_reply_config"]["body_format"]["json_format"]
    page["detail"] = "ask http://users.svc:8080"


def a_listener_with_a_default_chain_alone(files: Files) -> None:
    kind = "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy"
    proxy = {"name": "tcp", "typed_config": {"@type": kind, "cluster": USERS}}
    listener = {"name": "more", "default_filter_chain": {"filters": [proxy]}}
    files["listeners.json"]["resources"].append(listener)


def of_filter(files: Files, name: str) -> Any:
    (found,) = (f for f in manager(files)["http_filters"] if f["name"] == name)
    return found["typed_config"]


def admission(files: Files) -> Any:
    return of_filter(files, ADMISSION)


def told(**fields: Any) -> Callable[[Files], None]:
    return lambda f: policy(f).update(fields)


def target(**fields: Any) -> Callable[[Files], None]:
    return lambda f: policied(f)["route"].update(fields)


USERS = "http://users.svc:8080"
GATE, ADMISSION = "envoy.filters.http.lua", "envoy.filters.http.rbac"
ROUTER = "envoy.filters.http.router"
IN_BYTES = b64encode(b"see /users/v1/").decode()
OPENED: dict[str, tuple[Callable[[Files], None], str]] = {
    "an internal route on the external listener": (
        an_internal_route_as_it_stands_inside,
        "it serves `users`, which is internal",
    ),
    "a route to what issues tokens inside": (
        beside("route", {"cluster": "forecourt-tokens"}),
        "it leads to the socket `run/token.sock`, which is the gateway's own",
    ),
    "a route that lets everybody through to a service": (
        lets_everybody_through,
        "the gate lets everybody through, and it is not what we ourselves say",
    ),
    "a plain route to an internal service": (
        beside("route", {"cluster": USERS}),
        "it leads to users.svc:8080, the service of the internal API `users`",
    ),
    "a share of the requests": (
        target(weighted_clusters={"clusters": [{"name": USERS, "weight": 1}]}),
        "the service of the internal API `users`",
    ),
    "a mirror": (
        target(request_mirror_policies=[{"cluster": USERS}]),
        "the service of the internal API `users`",
    ),
    "a cluster by a field of the request": (
        beside("route", {"cluster_header": "x-where"}),
        "a field of the request chooses where it leads",
    ),
    "a plug-in": (target(cluster_specifier_plugin="any"), "a plug-in chooses where it leads"),
    "a default route": (a_default_route, "the service of the internal API `users`"),
    "a cluster with another address": (another_upstream, "it leads to users.svc:8080"),
    "a redirect to an internal path": (
        beside("redirect", {"path_redirect": "/users/v1/things"}),
        "`/users/v1/things`, where the internal API `users` stands",
    ),
    "a redirect of a prefix": (
        beside("redirect", {"prefix_rewrite": "/users/v1/"}),
        "where the internal API `users` stands",
    ),
    "a redirect to a host inside": (
        beside("redirect", {"host_redirect": "users.svc"}),
        "`users.svc`, which is no host of this listener",
    ),
    "a redirect by a pattern": (
        beside("redirect", {"regex_rewrite": {"pattern": {"regex": "x"}, "substitution": "y"}}),
        "by a pattern",
    ),
    "a rewrite by a pattern": (target(regex_rewrite={}), "a pattern writes its path anew"),
    "a rewritten path": (target(path_rewrite="/users%REQ(:PATH)%"), "written anew by a rule"),
    "a host by a field": (target(host_rewrite_header="x-host"), "a field of the request chooses"),
    "the host of an internal service": (
        target(host_rewrite_literal="users.svc"),
        "the host of the internal API `users`",
    ),
    "a mock that shows an internal document": (
        lambda f: mocked(f)["route"].update(prefix_rewrite="/users/"),
        "the mock shows the document of the internal API `users`",
    ),
    "a mock of no API": (
        lambda f: mocked(f)["route"].update(prefix_rewrite="/"),
        "which no file declares",
    ),
    "the control plane": (beside("route", {"cluster": CONTROL_CLUSTER}), "the gateway's own"),
    "an answer that is a file": (
        beside("direct_response", {"status": 200, "body": {"filename": "/etc/passwd"}}),
        "something that is not in the snapshot",
    ),
    "an answer that tells where": (
        beside("direct_response", {"status": 404, "body": {"inline_string": "see /users/v1/"}}),
        "its answer names `/users/v1/`",
    ),
    "an unknown action of a matcher": (
        lambda f: host(f)["matcher"].update(
            on_no_match={"action": {"name": "x", "typed_config": {"@type": "other"}}}
        ),
        "in a way that nobody can judge",
    ),
    "an error page that names a service": (an_error_page, "error pages: it names `users.svc`"),
    "an API that no file declares": (told(api="ghosts"), "`ghosts`, which no file declares"),
    "a version that is not released": (
        lambda f: policy(f)["versions"].append({"name": "9"}),
        "version 9 of `payments`, which is not released",
    ),
    "internal callers": (
        lambda f: policy(f)["callers"].update(internal={}),
        "internal callers count there",
    ),
    "a list of services": (told(allow=["orders"]), "it names services that may call"),
    "no gate": (without("envoy.filters.http.lua"), "without gate and admission"),
    "no admission": (without("envoy.filters.http.rbac"), "without gate and admission"),
    "admission before the gate": (admission_before_the_gate, "without gate and admission"),
    "a gate that is switched off for a route": (
        lambda f: policied(f)["typed_per_filter_config"].update(
            {"envoy.filters.http.lua": {"disabled": True}}
        ),
        "is switched off for it",
    ),
    "a gate that is switched off for a host": (
        lambda f: host(f).update(typed_per_filter_config={GATE: {"disabled": True}}),
        "is switched off for it",
    ),
    "a gate that is switched off for all routes": (
        lambda f: outside(f).update(typed_per_filter_config={GATE: {"disabled": True}}),
        "is switched off for it",
    ),
    "a gate that is another for a route": (
        lambda f: policied(f)["typed_per_filter_config"].update(
            {GATE: {"source_code": {"inline_string": ""}}}
        ),
        f"`{GATE}` goes by rules of its own",
    ),
    "an admission without rules for a share of the requests": (
        target(weighted_clusters={"clusters": [{"typed_per_filter_config": {ADMISSION: {}}}]}),
        f"`{ADMISSION}` goes by rules of its own",
    ),
    "an admission that allows all": (
        lambda f: admission(f)["rules"]["policies"].update(
            all={"principals": [{"any": True}], "permissions": [{"any": True}]}
        ),
        "that the gate has not marked",
    ),
    "an admission that only counts": (
        lambda f: admission(f).update(shadow_rules=admission(f).pop("rules")),
        "that the gate has not marked",
    ),
    "an admission that refuses what it should allow": (
        lambda f: admission(f)["rules"].update(action="DENY"),
        "that the gate has not marked",
    ),
    "a gate that a matcher may skip": (
        lambda f: of_filter(f, GATE).update({"@type": "x.ExtensionWithMatcher"}),
        f"some requests skip `{GATE}`",
    ),
    "an upgrade with filters of its own": (
        lambda f: manager(f).update(
            upgrade_configs=[{"upgrade_type": "websocket", "filters": [{"name": ROUTER}]}]
        ),
        "upgrade to websocket: requests reach the router without gate",
    ),
    "a mirror of a host": (
        lambda f: host(f).update(request_mirror_policies=[{"cluster": USERS}]),
        "the service of the internal API `users`",
    ),
    "a mirror of all routes": (
        lambda f: outside(f).update(request_mirror_policies=[{"cluster": USERS}]),
        "the service of the internal API `users`",
    ),
    "a mirror by a field of the request": (
        target(request_mirror_policies=[{"cluster_header": "x-where"}]),
        "a field of the request chooses where a share",
    ),
    "a share with the host of an internal service": (
        target(weighted_clusters={"clusters": [{"host_rewrite_literal": "users.svc"}]}),
        "the host of the internal API `users`",
    ),
    "a redirect to the port of another listener": (
        beside("redirect", {"port_redirect": 9443}),
        "on to port 9443",
    ),
    "a redirect to a port of its own host": (
        beside("redirect", {"host_redirect": "api.acme.example:9443"}),
        "on to port 9443",
    ),
    "an answer in bytes that tells where": (
        beside("direct_response", {"status": 404, "body": {"inline_bytes": IN_BYTES}}),
        "its answer names `/users/v1/`",
    ),
    "a listener with a default chain alone": (
        a_listener_with_a_default_chain_alone,
        "without reading HTTP (TcpProxy)",
    ),
    "another listener with the routes of the mesh": (
        another_listener,
        "it serves `users`, which is internal",
    ),
    "a proxy that does not read HTTP": (a_tcp_proxy, "without reading HTTP (TcpProxy)"),
    "routes from elsewhere": (
        lambda f: manager(f).update(rds={"route_config_name": "x", "config_source": {"ads": {}}}),
        "its routes are not in the snapshot",
    ),
}


def test_finds_a_preview_that_the_gate_takes_for_released(served: Served) -> None:
    payments, users = served.apis
    moved = {k: getattr(payments, k) for k in ("name", "audience", "places", "released")}
    apis = (Guarded(**moved, previews=frozenset({"1"})), users)
    found = because(served.proof(apis=apis))
    assert "the gate is not told that version 1 is a preview" in found
    files = copy.deepcopy(served.files)
    policy(files)["versions"][0]["status"] = "preview"
    assert because(served.proof(files, apis=apis)) == ""


@pytest.mark.parametrize(("opens", "said"), OPENED.values(), ids=OPENED)
def test_finds(served: Served, opens: Callable[[Files], None], said: str) -> None:
    files = copy.deepcopy(served.files)
    opens(files)
    assert said in because(served.proof(files))


def raised(base: str) -> Callable[[Files], None]:
    """As where calls of older versions are raised: the gate says the path, to the mock as well."""

    def change(files: Files) -> None:
        policy(files)["test_base"] = base
        policy(files)["versions"][0]["base"] = "/"
        rewrite = "%DYNAMIC_METADATA(forecourt:path)%"
        for route in (policied(files), mocked(files)):
            route["route"].pop("prefix_rewrite", None)
            route["route"]["path_rewrite"] = rewrite

    return change


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("/payments/", ""),
        ("/users/", "the mock shows the document of the internal API `users`"),
        ("/", "the mock answers for ``, which no file declares"),
    ],
)
def test_a_mock_for_which_the_gate_says_the_path_goes_by_the_policy_beside_it(
    served: Served, base: str, said: str
) -> None:
    files = copy.deepcopy(served.files)
    raised(base)(files)
    found = because(served.proof(files))
    assert (said in found) if said else (found == "")


def test_finds_a_hidden_operation_in_what_the_edge_loads(served: Served) -> None:
    bundle = policy(served.files)["versions"][0]["contracts"]["public"]["way_in"]
    shown = {**served.contracts, bundle: served.contracts[bundle] + b"\x2cGET /charges&scopes"}
    found = because(served.proof(contracts=shown))
    assert "public callers find `GET /charges`, which is internal" in found


def test_an_operation_that_begins_like_a_hidden_one_is_none(served: Served) -> None:
    bundle = policy(served.files)["versions"][0]["contracts"]["public"]["way_in"]
    name = b"GET /charges/{id}"
    content = served.contracts[bundle] + bytes([32 + len(name)]) + name
    assert because(served.proof(contracts={**served.contracts, bundle: content})) == ""


def with_users_at(served: Served, base: str) -> tuple[Guarded, ...]:
    payments, users = served.apis
    (place,) = payments.places
    shared = type(place)(host=place.host, port=place.port, base=base)
    moved = {k: getattr(users, k) for k in ("name", "audience", "released", "operations")}
    return (payments, Guarded(**moved, places=frozenset({shared})))


def test_a_service_that_also_serves_an_internal_api_is_open_unless_operations_are_held(
    served: Served,
) -> None:
    apis = with_users_at(served, "/admin/")
    assert because(served.proof(apis=apis)) == ""
    files = copy.deepcopy(served.files)
    for caller in policy(files)["callers"].values():
        caller |= {"request_check": "observe", "response_check": "observe"}
    found = because(served.proof(files, apis=apis))
    assert "all of payments.svc:8080/admin/, where the internal API `users` is served too" in found


# --- without a credential -------------------------------------------------------------------------

ANYBODYS = CONTRACT.replace("/charges: {get: {", "/charges: {get: {security: [], ")
WAIVER = """\
rule: anonymous-operation
api: payments
owner: payments
because: it is on every page
approved_by: [api-review-board]
expires: 2099-01-01
"""


@pytest.fixture
async def opened() -> Served:
    acme = Acme(InMemoryStore())
    acme.save("apis/payments/v1.openapi.yaml", ANYBODYS)
    acme.save("waivers/anybody.yaml", WAIVER)
    await acme.publish()
    return Served(acme)


def test_what_a_waiver_lets_anybody_call_is_no_opening(opened: Served) -> None:
    assert '"anonymous"' in json.dumps(opened.files["routes-external.json"])
    assert '"anonymous"' not in json.dumps(opened.files["routes-internal.json"])
    proof = opened.proof()
    assert because(proof) == ""
    assert proof.anybody == ("GET /charges of payments version 1, until 2099-01-01",)


def test_what_no_waiver_lets_anybody_call_is_one(opened: Served) -> None:
    apis = tuple(
        replace(api, operations=tuple(replace(o, is_for_anybody=False) for o in api.operations))
        for api in opened.apis
    )
    said = because(opened.proof(apis=apis))
    assert "anybody finds `GET /charges` without a credential, which no waiver lets" in said


def test_anybody_counts_for_no_api_but_public_ones(opened: Served) -> None:
    apis = tuple(
        replace(api, audience=Audience.PARTNER) if api.name == "payments" else api
        for api in opened.apis
    )
    assert "anybody counts there; `payments` is partner" in because(opened.proof(apis=apis))
