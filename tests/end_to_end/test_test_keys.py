"""A test key is answered by the mock, whatever it asks for; no upstream hears of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from ssl import PEM_cert_to_DER_cert
from typing import Any

import httpx
import pytest

from forecourt.edge.authority import KeyPair
from tests.compiler.builders import going_on, prefixes
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_contract, a_partner, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import eventually
from tests.end_to_end.faults import FaultyCode
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.house import a_certificate
from tests.end_to_end.upstream import Upstream, an_upstream


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A gateway in front of two recording upstreams."""

    gateway: Gateway
    upstream: Upstream
    other: Upstream

    _numbers: Iterator[int] = field(default_factory=count)

    def live_key(self) -> str:
        """A key with a limit of its own."""
        return self.gateway.a_key(application=f"app {next(self._numbers)}")

    def test_key(self) -> str:
        """A test key with a limit of its own."""
        return self.gateway.a_test_key(application=f"app {next(self._numbers)}")

    def reached(self) -> int:
        """How many requests have reached an upstream so far."""
        return len(self.upstream.received) + len(self.other.received)


def an_estate_before(upstream: Upstream, other: Upstream) -> Gateway:
    """Every kind of route."""
    contract = {"contract": "openapi.yaml"}
    retired = {"status": "deprecated", "deprecated": "2020-01-01", "sunset": "2022-01-01"}
    return an_estate(
        apis={
            "lamps": an_api(
                upstream=f"{upstream.url}/base/lamps",
                versions={
                    "0": {**contract, **retired},
                    "1": contract,
                    "2": {**contract, "upstream": {"url": other.url}},
                },
            ),
            "prices": an_api(
                upstream=upstream.url,
                versioning={"scheme": "header"},
                versions={
                    "9": {**contract, "upstream": {"url": f"{upstream.url}/v9"}},
                    "10": {**contract, "upstream": {"url": f"{other.url}/v10"}},
                },
            ),
            "days": an_api(
                upstream=upstream.url,
                versioning={"scheme": "header"},
                versions={"2023-06-01": contract, "2024-01-15": contract},
            ),
        },
        local=False,
        workers=1,
    )


@pytest.fixture(scope="module")
def served(started_once: Started) -> Iterator[Served]:
    with an_upstream() as upstream, an_upstream() as other:
        gateway = started_once(an_estate_before(upstream, other))
        yield Served(gateway=gateway, upstream=upstream, other=other)


WAYS = {
    "path, base path": ("/lamps/v1/things", {}),
    "path, own upstream": ("/lamps/v2/things", {}),
    "header, newest": ("/prices/things", {}),
    "header, named": ("/prices/things", {"api-version": "9"}),
    "header, other upstream": ("/prices/things", {"api-version": "10"}),
    "date": ("/days/things", {"api-version": "2023-12-31"}),
}


@pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])
@pytest.mark.parametrize(("path", "fields"), WAYS.values(), ids=WAYS)
def test_the_mock_answers_on_every_kind_of_route(
    served: Served, path: str, fields: dict[str, str], http2: bool
) -> None:
    key, before = served.test_key(), served.reached()
    answer = served.gateway.call(path, key=key, headers=fields, http2=http2)
    assert (answer.status_code, answer.json()) == (200, {"name": "lamp"})
    assert answer.headers["x-forecourt-mock"]
    assert served.reached() == before
    live = served.gateway.call(path, key=served.live_key(), headers=fields, http2=http2)
    assert live.status_code == 200
    assert "x-forecourt-mock" not in live.headers
    assert served.reached() == before + 1
    assert "forecourt-mock" not in served.upstream.last().names()


@pytest.mark.parametrize("method", ["POST", "HEAD"])
def test_the_mock_answers_every_method(served: Served, method: str) -> None:
    key, before = served.test_key(), served.reached()
    body = b"{}" if method == "POST" else None
    sent = {"content-type": "application/json"}
    answer = served.gateway.call(
        "/lamps/v1/things", key=key, method=method, body=body, headers=sent
    )
    assert answer.is_success
    assert "x-forecourt-mock" in answer.headers
    assert served.reached() == before


@pytest.mark.parametrize("is_first", [True, False], ids=["test first", "live first"])
def test_a_live_key_beside_it_makes_no_difference(served: Served, is_first: bool) -> None:
    test, live = served.gateway.a_test_key(developer="both"), served.gateway.a_key(developer="both")
    key, token = (test, live) if is_first else (live, test)
    before = served.reached()
    for _ in range(2):
        answer = served.gateway.call("/lamps/v1/things", key=key, token=token)
        assert answer.status_code == 200
        assert answer.headers["x-forecourt-mock"] == "lamps@1"
    assert served.reached() == before


def test_on_one_connection_each_request_goes_its_own_way(served: Served) -> None:
    test, live = served.test_key(), served.live_key()
    with served.gateway.connection(http2=True) as client:
        for _ in range(10):
            for key, reaches in ((live, 1), (test, 0)):
                before = served.reached()
                answer = client.get("/prices/things", headers={"x-api-key": key})
                assert answer.status_code == 200
                assert served.reached() - before == reaches


def test_inside_it_is_nobodys(served: Served) -> None:
    key, before = served.test_key(), served.reached()
    for brought in ({"key": key}, {"token": key}):
        answer = served.gateway.call("/lamps/v1/things", listener="internal", **brought)
        assert answer.status_code == 401
    assert served.reached() == before


def test_nobody_else_reaches_the_mock(served: Served) -> None:
    key = served.live_key()
    for fields in ({"forecourt-mock": "yes"}, {"Forecourt-Mock": "yes"}):
        before = served.reached()
        answer = served.gateway.call("/lamps/v1/things", key=key, headers=fields)
        assert "x-forecourt-mock" not in answer.headers
        assert served.reached() == before + 1


def test_what_a_live_key_is_refused_a_test_key_is(served: Served) -> None:
    gateway, before = served.gateway, served.reached()
    for path, fields in (
        ("/lamps/v3/things", {}),
        ("/prices/things", {"api-version": "1"}),
        ("/lamps/v0/things", {}),
    ):
        keys = (served.live_key(), served.test_key())
        answers = [gateway.call(path, key=key, headers=fields) for key in keys]
        assert len({a.status_code for a in answers}) == 1, path
        assert answers[1].status_code in (400, 404, 410)
    assert gateway.call("/lamps/v0/things", key=served.test_key()).status_code == 410
    assert served.reached() == before


def test_the_log_says_which_key_and_that_it_was_the_mock(served: Served) -> None:
    answer = served.gateway.call("/prices/things", key=served.test_key())
    line = served.gateway.logged(answer)
    assert line["credential"].startswith("key_")
    assert (line["version"], line["status"]) == ("10", 200)
    assert line["route"].startswith("prices@")
    live = served.gateway.call("/prices/things", key=served.live_key())
    assert line["route"] == served.gateway.logged(live)["route"] + "/mock"


def test_why_says_that_the_mock_answered(served: Served) -> None:
    answer = served.gateway.call("/lamps/v1/things", key=served.test_key())
    served.gateway.logged(answer)
    said = served.gateway.forecourt("why", answer.headers["x-request-id"]).stdout
    assert "a test key never reaches the upstream" in said
    assert served.upstream.url.removeprefix("http://") not in said
    assert "changed since" not in said


def test_a_preference_reaches_the_mock(served: Served) -> None:
    key = served.test_key()
    answer = served.gateway.call("/lamps/v1/things", key=key, headers={"prefer": "seed=blue"})
    assert answer.status_code == 200


# --- tokens of a client that is for tests ---------------------------------------------------------


def a_client(gateway: Gateway, *options: str, application: str) -> dict[str, str]:
    owner = ("--developer", "tess", "--application", application)
    told = gateway.forecourt("client", "add", *owner, *options)
    return dict(line.split("=", 1) for line in told.stdout.split())


def asked(gateway: Gateway, endpoint: str, **form: str) -> httpx.Response:
    sent = {"content-type": "application/x-www-form-urlencoded"}
    body = str(httpx.QueryParams(form)).encode()
    return gateway.call(f"/oauth/{endpoint}", method="POST", headers=sent, body=body)


@pytest.fixture(scope="module")
def trial(served: Served) -> str:
    client = a_client(served.gateway, "--test", application="tests")
    form = {"grant_type": "client_credentials", **client}
    eventually(
        lambda: asked(served.gateway, "token", **form).status_code == 200,
        what="the authorization server",
    )
    answer = asked(served.gateway, "token", **form)
    assert answer.status_code == 200, (answer.status_code, answer.text)
    return str(answer.json()["access_token"])


def test_the_mock_answers_a_test_clients_token_on_every_kind_of_route(
    served: Served, trial: str
) -> None:
    before = served.reached()
    for path, fields in WAYS.values():
        for http2 in (False, True):
            answer = served.gateway.call(path, token=trial, headers=fields, http2=http2)
            assert (answer.status_code, answer.json()) == (200, {"name": "lamp"})
            assert is_mocked(answer)
    line = served.gateway.logged(answer)
    assert line["credential"].startswith("client_")
    assert line["route"].endswith("/mock"), "what costs no quota"
    assert served.reached() == before


def test_no_live_credential_makes_a_test_clients_token_a_live_one(
    served: Served, trial: str
) -> None:
    gateway, before = served.gateway, served.reached()
    live = gateway.a_key(developer="tess", application="tests")
    for fields in ({}, {"forecourt-mock": "no"}):
        answer = gateway.call("/lamps/v1/things", token=trial, key=live, headers=fields)
        assert is_mocked(answer)
    assert served.reached() == before
    client = a_client(gateway, application="tests")
    got = asked(gateway, "token", grant_type="client_credentials", **client)
    live_token = got.json()["access_token"]
    told = asked(gateway, "introspect", token=trial, **client).json()
    assert told == {"active": False}, "a live client is told nothing of it"
    key = gateway.a_test_key(developer="tess", application="tests")
    assert is_mocked(gateway.call("/lamps/v1/things", token=live_token, key=key))
    assert served.reached() == before
    assert gateway.call("/lamps/v1/things", token=live_token).status_code == 200
    assert served.reached() == before + 1


def test_inside_a_test_clients_token_is_nobodys(served: Served, trial: str) -> None:
    before = served.reached()
    answer = served.gateway.call("/lamps/v1/things", token=trial, listener="internal")
    assert (answer.status_code, served.reached()) == (401, before)


# --- when something is amiss ----------------------------------------------------------------------


@pytest.fixture
def alone(started: Started) -> Iterator[Served]:
    """A gateway that a test does something to."""
    with an_upstream() as upstream, an_upstream() as other:
        gateway = started(an_estate_before(upstream, other))
        yield Served(gateway=gateway, upstream=upstream, other=other)


def is_mocked(answer: httpx.Response) -> bool:
    return answer.status_code == 200 and "x-forecourt-mock" in answer.headers


def test_after_a_publication_and_a_restart_the_mock_answers(alone: Served) -> None:
    gateway, key = alone.gateway, alone.test_key()
    assert is_mocked(gateway.call("/lamps/v1/things", key=key))
    number = gateway.revision()
    gateway.change("apis/lamps/api.yaml", "/base/lamps", "/base/moved")
    gateway.wait_for_revision(number + 1)
    assert is_mocked(gateway.call("/lamps/v1/things", key=key))
    gateway.stop()
    gateway.start()
    for path, fields in WAYS.values():
        assert is_mocked(gateway.call(path, key=key, headers=fields))
    assert alone.reached() == 0


def test_without_a_mock_nobody_answers(alone: Served) -> None:
    gateway, key = alone.gateway, alone.test_key()
    assert is_mocked(gateway.call("/lamps/v1/things", key=key))
    (gateway.state / "run" / "mock.sock").unlink()
    gateway.kill()
    for path, fields in WAYS.values():
        for http2 in (False, True):
            answer = gateway.call(path, key=key, headers=fields, http2=http2)
            assert answer.status_code == 503
            assert answer.json()["type"] == "urn:forecourt:problem:upstream-unavailable"
    # What was not asked about before is let in by nobody.
    assert gateway.call("/lamps/v1/things", key=alone.test_key()).status_code == 503
    assert alone.reached() == 0


def _without_its_twin(host: Any) -> None:
    prefixes(host["matcher"], mocked=True).pop("/lamps/v1/")


def _with_a_twin_that_leads_to_the_upstream(host: Any) -> None:
    twin = prefixes(host["matcher"], mocked=True)["/lamps/v1/"]["action"]["typed_config"]
    real = prefixes(host["matcher"])["/lamps/v1/"]["action"]["typed_config"]
    twin |= {"route": real["route"], "metadata": real["metadata"]}


def _as_before_there_were_twins(host: Any) -> None:
    host["matcher"]["on_no_match"] = going_on(host["matcher"])["on_no_match"]


@pytest.mark.parametrize(
    "spoil",
    [_without_its_twin, _with_a_twin_that_leads_to_the_upstream, _as_before_there_were_twins],
    ids=lambda spoil: spoil.__name__.strip("_").replace("_", " "),
)
def test_routes_that_are_not_as_they_should_be_let_no_test_key_through(
    alone: Served, spoil: Callable[[Any], None]
) -> None:
    gateway = alone.gateway
    faulty = FaultyCode(gateway)
    content = json.loads(faulty.file("routes-external.json"))
    spoil(content["resources"][0]["virtual_hosts"][0])
    test, live = alone.test_key(), alone.live_key()
    with faulty.snapshot({"routes-external.json": json.dumps(content).encode()}) as is_taken:
        assert is_taken
        eventually(
            lambda: gateway.call("/lamps/v1/things", key=test).status_code in (403, 503),
            what="envoy has the spoilt routes",
        )
        assert alone.reached() == 0
        assert gateway.call("/lamps/v1/things", key=live).status_code == 200
        assert alone.reached() == 1


# --- whose contract it is, and what the contract cannot show --------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """A gateway with partners; `certificate` is that of `two`, which must bring it."""

    gateway: Gateway
    upstream: Upstream
    certificate: KeyPair


@pytest.fixture(scope="module")
def agreed(started_once: Started, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agreed]:
    certificate = a_certificate(tmp_path_factory.mktemp("partner"))
    der = PEM_cert_to_DER_cert(certificate.certificate.read_text())
    with an_upstream() as upstream:
        gateway = an_estate(
            apis={
                "prices": an_api("partner", upstream=f"{upstream.url}/prices"),
                "odd": an_api(upstream=f"{upstream.url}/odd"),
                "broad": an_api(upstream=f"{upstream.url}/broad"),
                "mixed": an_api(upstream=f"{upstream.url}/mixed"),
            },
            partners={
                "one": a_partner("prices", "mixed"),
                "two": a_partner(
                    "prices",
                    "mixed",
                    id="partner_two",
                    certificates={"sha256": [sha256(der).hexdigest()]},
                ),
            },
            plans={"slow": {"rate_limit": {"requests_per_minute": 1}}},
            files={
                "apis/odd/openapi.yaml": as_yaml(_a_contract_that_nothing_keeps()),
                "apis/broad/openapi.yaml": as_yaml(_a_contract_whose_example_says_more()),
                "apis/mixed/openapi.yaml": as_yaml(_a_contract_with_something_for_partners()),
            },
            local=False,
        )
        started_once(gateway)
        yield Agreed(gateway=gateway, upstream=upstream, certificate=certificate)


def _a_contract_that_nothing_keeps() -> dict[str, Any]:
    contract = a_contract("odd")
    contract["paths"]["/things"]["get"]["responses"] = {
        "200": {
            "description": "no number is one or the other, and not both",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Odd"}}},
        },
        "503": {"description": "not now", "content": {"text/plain": {"example": "later"}}},
    }
    contract["components"] = {"schemas": {"Odd": {"oneOf": [{"type": "integer"}] * 2}}}
    return contract


def _a_contract_whose_example_says_more() -> dict[str, Any]:
    contract = a_contract("broad")
    answer = contract["paths"]["/things"]["get"]["responses"]["200"]
    answer["content"]["application/json"]["example"] = {"name": "lamp", "price": 7}
    return contract


def _a_contract_with_something_for_partners() -> dict[str, Any]:
    contract = a_contract("mixed")
    content = contract["paths"]["/things"]["get"]["responses"]["200"]["content"]
    schema = content["application/json"]["schema"]
    schema["properties"]["margin"] = {"type": "integer", "x-audience": "partner"}
    content["application/json"]["example"] = {"name": "lamp", "margin": 7}
    return contract


def test_the_mock_shows_what_its_caller_sees(agreed: Agreed) -> None:
    strangers, partners = (
        agreed.gateway.a_test_key(application="sight"),
        agreed.gateway.a_test_key(partner="one"),
    )
    for _ in range(2):
        seen = agreed.gateway.call("/mixed/v1/things", key=strangers)
        assert seen.json() == {"name": "lamp"}
        seen = agreed.gateway.call("/mixed/v1/things", key=partners)
        assert seen.json() == {"name": "lamp", "margin": 7}


def test_what_the_mock_says_beyond_its_contract_stays_inside_and_is_no_leak(agreed: Agreed) -> None:
    for _ in range(5):
        answer = agreed.gateway.call("/broad/v1/things", key=agreed.gateway.a_test_key())
        assert answer.json() == {"name": "lamp"}
    agreed.upstream.answers(200, {"content-type": "application/json"}, b'{"name":"a","cost":1}')
    live = agreed.gateway.call("/broad/v1/things", key=agreed.gateway.a_key())
    agreed.upstream.answers(200, {"content-type": "application/json"}, b"{}")
    agreed.upstream.received.clear()
    assert live.json() == {"name": "a"}
    told = eventually(
        lambda: (
            said if "cost" in (said := agreed.gateway.forecourt("leaks", "broad").stdout) else None
        ),
        what="the leak of the upstream is told",
    )
    assert "price" not in told


def test_a_partners_test_key_is_held_to_its_contract(agreed: Agreed) -> None:
    key = agreed.gateway.a_test_key(partner="one")
    assert is_mocked(agreed.gateway.call("/prices/v1/things", key=key))
    assert agreed.gateway.call("/odd/v1/things", key=key).status_code == 404
    stranger = agreed.gateway.a_test_key(developer="stranger")
    assert agreed.gateway.call("/prices/v1/things", key=stranger).status_code == 404
    assert agreed.upstream.received == []


def test_a_partner_that_must_bring_a_certificate_brings_it_with_a_test_key(agreed: Agreed) -> None:
    gateway, key = agreed.gateway, agreed.gateway.a_test_key(partner="two")
    host = "two.localhost"
    alone = gateway.call("/prices/v1/things", key=key)
    assert alone.status_code == 401
    both = gateway.call("/prices/v1/things", key=key, certificate=agreed.certificate, host=host)
    assert is_mocked(both)
    assert agreed.upstream.received == []
    gateway.call("/prices/v1/things", certificate=agreed.certificate, host=host)
    assert len(agreed.upstream.received) == 1
    agreed.upstream.received.clear()


def test_a_key_beside_a_certificate_is_for_its_own_apis_and_no_others(agreed: Agreed) -> None:
    gateway, host = agreed.gateway, "two.localhost"
    options = ("--partner", "two", "--application", "shop", "--api", "mixed")
    key = gateway.forecourt("key", "issue", *options).stdout.strip()
    bring = {"certificate": agreed.certificate, "host": host}
    assert gateway.call("/mixed/v1/things", key=key, **bring).status_code == 200
    assert gateway.call("/prices/v1/things", key=key, **bring).status_code == 404
    assert gateway.call("/prices/v1/things", **bring).status_code == 200
    received = [request.path for request in agreed.upstream.received]
    assert [path.split("/")[1] for path in received] == ["mixed", "prices"]
    application = [
        dict(request.headers)["forecourt-application"] for request in agreed.upstream.received
    ]
    assert application[0].startswith("app_")
    assert application[1] == "partner_two/certificate"
    agreed.upstream.received.clear()


def test_tests_take_nothing_from_the_limit_of_what_is_in_service(agreed: Agreed) -> None:
    live = agreed.gateway.a_key(developer="slow", plan="slow")
    test = agreed.gateway.a_test_key(developer="slow", plan="slow")
    for key in (test, live):
        answers = [agreed.gateway.call("/odd/v1/nothing", key=key).status_code for _ in range(3)]
        assert answers == [404, 429, 429]


def test_who_holds_a_test_key_reads_what_the_contract_lacks(agreed: Agreed) -> None:
    answer = agreed.gateway.call("/odd/v1/things", key=agreed.gateway.a_test_key())
    assert answer.status_code == 501
    said = answer.json()
    assert said["type"] == "urn:forecourt:problem:no-example"
    assert "#/components/schemas/Odd" in said["detail"]
    assert said["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["strict-transport-security"]
    assert agreed.gateway.logged(answer)["replaced"] == "no-example"
    why = agreed.gateway.forecourt("why", said["request_id"])
    assert why.stdout.startswith("refused: 501 no-example")


def test_a_fault_that_the_contract_shows_reads_as_the_fault_itself_would(agreed: Agreed) -> None:
    key = agreed.gateway.a_test_key(application="other")
    answer = agreed.gateway.call("/odd/v1/things", key=key, headers={"prefer": "status=503"})
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:forecourt:problem:upstream-unavailable"


def test_no_upstream_can_pass_for_the_mock(agreed: Agreed) -> None:
    said = {"x-forecourt-problem": "no-example", "x-forecourt-mock": "odd@1"}
    agreed.upstream.answers(501, said, b"a secret")
    answer = agreed.gateway.call("/odd/v1/things", key=agreed.gateway.a_key())
    agreed.upstream.answers(200, {"content-type": "application/json"}, b"{}")
    assert answer.json()["type"] == "urn:forecourt:problem:upstream-failed"
    assert not {"x-forecourt-problem", "x-forecourt-mock"} & answer.headers.keys()
    assert agreed.gateway.logged(answer)["replaced"] == "upstream-failed"
