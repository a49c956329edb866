"""`forecourt why`: a decision step by step, by what is served, with the way out last."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from forecourt.actions.api_key import key_digest
from forecourt.bootstrap import opened_world
from forecourt.settings import read_settings
from tests.actions.builders import a_held_key, a_record, a_revocation, an_application
from tests.actions.publishing import a_users_file
from tests.cli.command import told
from tests.cli.estates import Estate
from tests.edge.logged import a_line

_GOLDEN = Path(__file__).parent / "why"
_KEY, _HELD = a_held_key("ada", an_application(plan="free"))
_LEAKED = a_revocation(who="grace", because="it was in a log")
_GONE, _REVOKED = a_held_key("gone", an_application(plan="free"), revoked=_LEAKED)
_AT = ("--at", "2026-06-01T12:00")

_REPORTS = {
    "request_id": "1d5b83ab-f5e9-4c35-a916-9f9f84b7bff9",
    "listener": "internal",
    "path": "/users/v1/1",
    "route": None,
    "version": None,
    "audience": "internal",
    "consumer": "service:reports",
    "application": "reports",
    "credential": "internal_token:reports",
    "status": 404,
    "reason": "not-allowed",
    "details": "lua_response",
}
_CHARGE = {
    "request_id": "8c8d01a0-f111-4706-b97b-023f83c0f9ff",
    "path": "/payments/v1/charges?token=hunter2",
    "route": None,
    "version": "1",
    "operation": "GET /charges",
    "audience": "public",
    "consumer": "developer:ada",
    "application": "app_ada",
    "credential": _HELD.credential.id,
}
_LOG = (
    _REPORTS,
    _CHARGE | {"request_id": "limited", "status": 429, "details": "local_rate_limited"},
    _CHARGE | {"request_id": "failed", "status": 500},
    _CHARGE,
    {
        "request_id": "own",
        "method": "POST",
        "path": "/oauth/token",
        "route": "own:/oauth/token#2784e068b99d",
        "status": 401,
    },
)

_CASES: dict[str, tuple[str, ...]] = {
    "a_service_that_allow_does_not_name": ("1d5b83ab-f5e9-4c35-a916-9f9f84b7bff9",),
    "a_request_that_was_answered": ("8c8d01a0-f111-4706-b97b-023f83c0f9ff",),
    "a_limit_that_was_used_up": ("limited",),
    "an_upstream_that_failed": ("failed",),
    "an_id_that_was_not_logged": ("fdfc8351-1e3d-43bb-ab21-10f9da95a1dc",),
    "a_key_that_would_be_let_through": (
        *("--as", _HELD.credential.prefix, *_AT),
        *("GET", "/payments/v1/charges"),
    ),
    "a_key_that_was_revoked": ("--as", _REVOKED.credential.id, *_AT, "GET", "/payments/v1/x"),
    "nobody": (*_AT, "GET", "/payments/v1/charges"),
    "a_partner_outside_its_contract": (
        *("--as", "partner:acme-corp", *_AT),
        *("--header", "API-Version: 1", "GET", "/prices/1"),
    ),
    "a_service_that_does_not_exist": ("--as", "service:ordres", "GET", "/users/v1/1"),
    "a_decision_for_programs": ("--format", "json", "1d5b83ab-f5e9-4c35-a916-9f9f84b7bff9"),
}


class Logged(Estate):
    """An estate that was published, with keys, and a log that Envoy might have written."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(folder, monkeypatch)
        self.write(
            "services.yaml",
            "services:\n"
            "  orders: {identity: spiffe://acme.example/orders}\n"
            "  reports: {identity: spiffe://acme.example/reports}\n",
        )
        self.write("plans.yaml", "plans: {free: {rate_limit: {requests_per_minute: 20}}}\n")
        api = self.folder / "apis/payments/api.yaml"
        prices = api.read_text().replace("payments", "prices").replace("public", "partner")
        self.write("apis/prices/api.yaml", prices.replace("scheme: path", "scheme: header"))
        contract = (self.folder / "apis/payments/v1.openapi.yaml").read_text()
        self.write("apis/prices/v1.openapi.yaml", contract)
        self.publish()
        log = self.folder / ".forecourt" / "logs" / "access.log"
        log.parent.mkdir(exist_ok=True)
        log.write_bytes(b"".join(a_line(**fields) for fields in _LOG))
        asyncio.run(self._keep_keys())

    async def _keep_keys(self) -> None:
        async with opened_world(read_settings(self.folder)) as world:
            for key, held in ((_KEY, _HELD), (_GONE, _REVOKED)):
                await world.store.credentials.add_key(held, key_digest(key), a_record())

    def why(self, *arguments: str) -> Result:
        return self.run("why", *arguments)

    def document(self, *arguments: str) -> Any:
        result = self.why("--format", "json", *arguments)
        assert result.exit_code == 0, told(result)
        return json.loads(result.stdout)


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Logged:
    return Logged(tmp_path, monkeypatch)


@pytest.mark.parametrize("name", _CASES)
def test_reads_as_it_should(estate: Logged, name: str, update_golden: bool) -> None:
    said = told(estate.why(*_CASES[name]))
    golden = _GOLDEN / f"{name}.txt"
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(said + "\n")
    assert golden.read_text() == said + "\n"


def test_no_golden_file_is_stale() -> None:
    assert {path.stem for path in _GOLDEN.iterdir()} == set(_CASES)


def test_says_nothing_that_is_secret(estate: Logged) -> None:
    said = "".join(told(estate.why(*words)) for words in _CASES.values())
    assert "hunter2" not in said
    for key in (_KEY, _GONE):
        assert key[12:-4] not in said
        assert key not in told(estate.why("--as", key, "GET", "/payments/v1/x"))


def test_a_key_is_not_taken_for_a_request(estate: Logged) -> None:
    result = estate.why(_KEY)
    assert (result.exit_code, _KEY in told(result)) == (2, False)
    assert "`--as KEY METHOD PATH` asks what it may" in result.stderr


def test_the_folder_decides_nothing_and_its_difference_is_said(estate: Logged) -> None:
    estate.write("apis/users/api.yaml", a_users_file(allow="[orders, reports]"))
    result = estate.why("1d5b83ab-f5e9-4c35-a916-9f9f84b7bff9")
    assert "refused: 404 not-allowed" in result.stdout
    assert "the folder differs from what is served" in result.stdout
    assert "with that it is let through" in result.stdout.replace("\n  ", " ")
    way_out = result.stdout.partition("the way out:\n")[2]
    assert way_out.startswith("  it is written, and not published: `forecourt open` lists")


def test_an_api_that_was_narrowed_by_hand_says_how_that_ends(estate: Logged) -> None:
    estate.run("narrow", "payments", "--to", "internal", "--because", "a leak")
    document = estate.document("--as", _HELD.credential.id, "GET", "/payments/v1/x")
    assert (document["reason"], document["serving"]) == ("not-found", 2)
    assert document["ways_out"] == ["`forecourt open payments` ends that, on the record"]


def test_a_program_reads_places_and_dimensions(estate: Logged) -> None:
    document = estate.document("8c8d01a0-f111-4706-b97b-023f83c0f9ff")
    assert (document["version"], document["is_admitted"], document["status"]) == (1, True, 200)
    assert (document["api"], document["api_version"]) == ("payments", "1")
    steps = {step["name"]: step for step in document["steps"]}
    assert steps["limit"]["grounds"] == [{"place": "plans.yaml:1:16"}]
    assert steps["credential"]["grounds"] == [
        {
            "dimension": "credentials",
            "value": "api_key, oauth2, jwt",
            "set_by": "public",
            "waiver": None,
        }
    ]
    assert steps["operation"]["outcome"] == "passed"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("a", "b", "c"), "name one REQUEST-ID, or METHOD and PATH"),
        (("--as", "service:orders", "some-id"), "has its own caller"),
        (("GET", "payments"), "the path is `payments`; write it as `/v2/payments`"),
        (("--listener", "outer", "GET", "/"), "not one of external, internal"),
        (("--header", "X-Api-Key: k", "GET", "/"), "`X-Api-Key` decides nothing here"),
        (("--header", "nonsense", "GET", "/"), "write it as `API-Version: 2`"),
        (("--at", "soon", "GET", "/"), "`--at` is `soon`, which is no moment"),
        (("--as", "fc_live_0000", "GET", "/"), "no key's id nor how one begins"),
        (("--as", "client_x", "GET", "/"), "no client has that id; see `forecourt client list`"),
        (
            ("--as", "developer:bob", "GET", "/"),
            "has neither a key nor a client; give it one with"
            " `forecourt key issue --developer bob --application NAME`",
        ),
        (
            ("--as", "partner:acme-corp/sync", "GET", "/"),
            "`forecourt key issue --partner acme-corp --application sync`",
        ),
    ],
)
def test_a_question_that_makes_no_sense_is_a_mistake_of_the_command(
    estate: Logged, words: tuple[str, ...], says: str
) -> None:
    result = estate.why(*words)
    assert result.exit_code == 2, told(result)
    assert says in result.stderr


@pytest.mark.parametrize(
    ("words", "says", "way_out"),
    [
        (("get", "/payments/v1/charges"), "written in capitals", "send `GET`"),
        (("BREW", "/payments/v1/charges"), "no such method", "another method"),
        (("GET", "/payments/v1/charges?q=x y"), "spaces", "`%20`"),
        (("GET", "/payments/v1/charges#top"), "for the client alone", "`%23`"),
        (("GET", "/payments/v1/a%2fb"), "in two ways", "without `%2F`"),
    ],
)
def test_a_line_that_the_edge_does_not_read_is_refused_first(
    estate: Logged, words: tuple[str, ...], says: str, way_out: str
) -> None:
    document = estate.document(*_AT, *words)
    assert (document["status"], document["reason"]) == (400, "malformed-request")
    step = document["steps"][0]
    assert (step["name"], step["outcome"]) == ("request", "refused")
    assert says in step["says"]
    assert way_out in document["ways_out"][0]


def test_a_path_is_asked_about_as_the_edge_reads_it(estate: Logged) -> None:
    key = _HELD.credential.prefix
    written = "/payments/v2/..\\v1//%63harges"
    document = estate.document("--as", key, *_AT, "GET", written)
    assert document["is_admitted"]
    assert document["path"] == "/payments/v1/charges"
    assert document["steps"][0]["says"] == f"GET {written} is read as /payments/v1/charges"


def test_what_is_long_depends_on_what_comes_with_it(estate: Logged) -> None:
    asked = ("--as", _HELD.credential.prefix, *_AT, "GET")
    long = estate.document(*asked, "/payments/v1/charges?q=" + "a" * 40_000)
    assert long["steps"][0]["outcome"] == "not judged"
    too_long = estate.document(*asked, "/payments/v1/charges?q=" + "a" * 62_000)
    assert (too_long["status"], too_long["reason"]) == (431, "headers-too-large")


def test_nothing_is_known_of_an_estate_that_was_never_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    estate = Estate(tmp_path, monkeypatch)
    assert "does not exist: nothing was served from here yet" in estate.run("why", "x").stderr
    assert "nothing was published yet" in estate.run("why", "GET", "/").stderr


def test_what_the_gateway_answers_itself_is_not_explained_as_an_api(estate: Logged) -> None:
    logged = estate.run("why", "own")
    assert "`/oauth/token` is the gateway's own, and no API's" in told(logged)
    assert "it said 401" in told(logged)
    inside = estate.run("why", "--listener", "internal", "POST", "/internal/token")
    assert "`/internal/token` is the gateway's own" in told(inside)
    before = estate.run("why", "POST", "/oauth/token")
    assert "gateway's own" not in told(before), "nobody has a client yet"
    added = estate.run("client", "add", "--developer", "ada", "--application", "till")
    assert added.exit_code == 0, told(added)
    assert "gateway's own" in told(estate.run("why", "POST", "/oauth/token"))
