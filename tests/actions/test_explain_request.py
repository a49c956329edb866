"""A request is explained by what was served, at the places of the folder, with the way out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from forecourt.actions.assumed_caller import NoSuchCaller
from forecourt.actions.block import Measure, TargetKind
from forecourt.actions.decide_request import Request
from forecourt.actions.estate_states import named
from forecourt.actions.explain_request import (
    Explaining,
    Explanation,
    NothingPublished,
    explain_assumed,
    explain_logged,
)
from forecourt.actions.oauth.client import HeldClient
from forecourt.actions.parts import edge_of
from forecourt.actions.quota import Spending
from forecourt.actions.steps import STEPS, Outcome, Posture
from forecourt.cli.explanation import explanation_text
from forecourt.cli.text_or_json import TextOrJson
from forecourt.compiler.deciding import route_of
from forecourt.compiler.refusals import Refusal
from forecourt.diagnostics import Span
from forecourt.estate.audience import Audience
from forecourt.usage.spending import Holder, SpendingKey
from tests.actions.builders import (
    NOW,
    a_block,
    a_record,
    a_revocation,
    a_suspension,
    an_application,
)
from tests.actions.explaining import House, SomeTrials, refused_step
from tests.actions.oauth.builders import a_client
from tests.actions.publishing import Acme, a_users_file
from tests.edge.logged import a_logged_request
from tests.store.in_memory import InMemoryStore


@pytest.fixture
async def house() -> House:
    return await House().open()


def places(explained: Any) -> Iterator[str]:
    for step in explained.steps:
        yield from (str(g) for g in step.grounds if isinstance(g, Span))


# --- a request that nobody made -------------------------------------------------------------------


async def test_tells_every_step_of_what_would_be_let_through(house: House) -> None:
    explained = await house.assumed("ada", "/payments/v2/things")
    assert explained.refusal is None
    assert [step.name for step in explained.steps] == [kind.name for kind in STEPS]
    outcomes = {step.name: step.outcome for step in explained.steps}
    assert Outcome.NOT_REACHED not in outcomes.values()
    assert [name for name, o in outcomes.items() if o is Outcome.NOT_JUDGED] == ["contract"]
    assert "plans.yaml:2:10" in set(places(explained))


# fmt: off
_CASES: tuple[Any, ...] = (
    ("service:reports", "/users/v1/1", {}, Refusal.NOT_ALLOWED, "allow list",
     "apis/users/api.yaml:7:1", "add `reports` to `allow` in apis/users/api.yaml:7:1"),
    (None, "/payments/v2/x", {}, Refusal.MISSING, "caller", None, "X-Api-Key"),
    ("revoked", "/payments/v2/x", {}, Refusal.UNKNOWN, "caller", None, "key issue"),
    ("expired", "/payments/v2/x", {}, Refusal.UNKNOWN, "caller", None, "key issue"),
    ("globex", "/prices/x", {}, Refusal.CERTIFICATE_REQUIRED, "certificate",
     "partners/globex.yaml:5:1", "call globex.api.acme.example"),
    ("globex", "/nothing", {}, Refusal.CERTIFICATE_REQUIRED, "certificate",
     "partners/globex.yaml:5:1", "call globex.api.acme.example"),
    ("ada", "/nothing", {}, Refusal.NOT_FOUND, "route", None, "/payments/v2/"),
    ("ada", "/payments/v9/", {}, Refusal.NOT_FOUND, "route", None, "did you mean"),
    ("ada", "/users/v1/1", {}, Refusal.NOT_FOUND, "route",
     "apis/users/api.yaml:2:11", "widen `audience` in apis/users/api.yaml:2:11"),
    ("ada", "/payments/v3/1", {}, Refusal.NOT_FOUND, "route",
     "apis/payments/api.yaml:6:", "set its `status` to current"),
    ("ada", "/prices/x", {}, Refusal.NOT_FOUND, "entitlement",
     "apis/prices/api.yaml:2:11", "widen `audience`"),
    ("partner:globex", "/payments/v2/x", {}, Refusal.NOT_GRANTED, "entitlement",
     "partners/globex.yaml:4:1", "add `payments: {}` to `apis` in partners/globex.yaml:4:1"),
    ("acme", "/prices/x", {}, Refusal.CREDENTIAL_NOT_ACCEPTED, "credential",
     None, "add api_key to `posture.credentials` in apis/prices/api.yaml"),
    ("acme", "/payments/v2/x", {}, Refusal.NO_SUCH_VERSION, "version",
     "partners/acme-corp.yaml:4:", 'add "2" to `allowed_versions` in partners/acme-corp.yaml'),
    ("partner:globex", "/prices/x", {"wanted": "7"}, Refusal.VERSION_NOT_NAMED, "version",
     "apis/prices/api.yaml:6:1", "name one of 1, 2 in `API-Version`"),
    ("ada", "/payments/v1/x", {}, Refusal.RETIRED, "version",
     "apis/payments/api.yaml:6:", "use version 2 (guide: "),
    ("ada", "/lamps/v1/x", {}, Refusal.BROWNOUT, "version",
     "apis/lamps/api.yaml:6:", "use version 2 (guide: https://"),
    ("ada", "/payments/v2/x", {"method": "TRACE"}, Refusal.METHOD, "request", None, "another"),
    ("ada", "/payments/v2/..;/", {}, Refusal.AMBIGUOUS_PATH, "request", None, "dot segments"),
    ("service:orders", "/payments/v2/x", {"listener": "external"}, Refusal.MISSING, "caller",
     None, "call the internal listener, 127.0.0.1:9443"),
)
# fmt: on


@pytest.mark.parametrize(
    ("reference", "path", "fields", "refusal", "step", "place", "way_out"),
    _CASES,
    ids=[f"{case[3].word} for {case[0] or 'nobody'} at {case[1]}" for case in _CASES],
)
async def test_says_where_a_request_would_be_refused_and_the_way_out(
    house: House,
    reference: str | None,
    path: str,
    fields: dict[str, Any],
    refusal: Refusal,
    step: str,
    place: str | None,
    way_out: str,
) -> None:
    explained = await house.assumed(reference, path, **fields)
    assert explained.refusal is refusal
    refused = refused_step(explained)
    assert refused.name == step
    found = [str(g) for g in refused.grounds if isinstance(g, Span)]
    assert place is None or any(f.startswith(place) for f in found), found
    assert any(way_out in told for told in refused.ways_out), refused.ways_out
    assert explained.on_disk is None


async def test_a_key_that_was_revoked_says_when(house: House) -> None:
    explained = await house.assumed("revoked", "/payments/v2/x")
    assert "was revoked on 2026-03-01 12:30:15 UTC" in refused_step(explained).says


async def test_a_posture_that_the_api_set_has_its_place(house: House) -> None:
    refused = refused_step(await house.assumed("acme", "/prices/x"))
    (posture,) = (g for g in refused.grounds if isinstance(g, Posture))
    assert (posture.dimension, posture.value) == ("credentials", "jwt")
    assert str(posture.set_by).startswith("apis/prices/api.yaml:")


async def test_what_is_laxer_names_the_waiver_that_allows_it(house: House) -> None:
    explained = await house.assumed("partner:globex", "/prices/x")
    (body,) = (s for s in explained.steps if s.name == "body")
    (posture,) = body.grounds
    assert isinstance(posture, Posture)
    assert posture.value.startswith("2 MB")
    assert posture.waiver == Span("waivers/prices-bodies.yaml", 1, 1)


async def test_who_calls_is_told_even_where_nothing_stands(house: House) -> None:
    steps = {s.name: s for s in (await house.assumed("ada", "/nothing")).steps}
    assert steps["caller"].outcome is Outcome.PASSED
    assert steps["limit"].outcome is Outcome.PASSED, "the edge asks for a token first"
    assert steps["entitlement"].outcome is Outcome.NOT_REACHED


async def test_a_name_that_stands_for_nobody_is_handed_back(house: House) -> None:
    request = Request(method="GET", path="/", listener="external", wanted=None, at=NOW)
    assert isinstance(await explain_assumed(request, "service:x", house.world), NoSuchCaller)


async def test_nothing_is_explained_before_anything_was_published() -> None:
    acme = Acme(InMemoryStore())
    world = Explaining(
        revisions=acme.store.revisions,
        narrowings=acme.store.narrowings,
        keys=acme.store.credentials,
        clients=acme.store.clients,
        spending=acme.store.spending,
        pins=acme.store.pins,
        suspensions=acme.store.suspensions,
        blocks=acme.store.blocks,
        contracts=acme.store.compiled_contracts,
        folder=House(),
        trials=SomeTrials(),
        local=False,
    )
    request = Request(method="GET", path="/", listener="external", wanted=None, at=NOW)
    assert await explain_assumed(request, None, world) == NothingPublished()
    assert await explain_logged(a_logged_request(), world) == NothingPublished()


# --- the served revision decides ------------------------------------------------------------------


async def test_what_is_on_disk_and_not_published_decides_nothing_and_is_said(house: House) -> None:
    house.acme.save("apis/users/api.yaml", a_users_file(allow="[orders, reports]"))
    explained = await house.assumed("service:reports", "/users/v1/1")
    assert explained.refusal is Refusal.NOT_ALLOWED
    assert explained.on_disk is not None
    assert (explained.on_disk.refusal, explained.on_disk.is_otherwise) == (None, True)
    assert explained.on_disk.differing == ("api/users",)


async def test_a_comment_on_disk_is_no_difference(house: House) -> None:
    house.acme.save("apis/users/api.yaml", "# a comment\n" + a_users_file())
    explained = await house.assumed("service:reports", "/users/v1/1")
    assert explained.on_disk is None
    assert "apis/users/api.yaml:8:1" in set(places(explained))


async def test_what_does_not_matter_to_the_request_is_no_difference(house: House) -> None:
    house.acme.save("apis/users/api.yaml", a_users_file(allow="[]"))
    assert (await house.assumed("ada", "/payments/v2/x")).on_disk is None


async def test_a_folder_that_cannot_be_read_still_lets_the_revision_speak(house: House) -> None:
    for path in ("apis/users/api.yaml", "services.yaml", "forecourt.yaml"):
        house.acme.save(path, "name: [")
    explained = await house.assumed("service:reports", "/users/v1/1")
    assert explained.refusal is Refusal.NOT_ALLOWED
    assert set(places(explained)) == set()


async def test_an_api_that_was_narrowed_by_hand_says_by_whom(house: House) -> None:
    await house.acme.narrow("payments", Audience.INTERNAL)
    refused = refused_step(await house.assumed("ada", "/payments/v2/x"))
    assert "narrowed to internal by hand" in refused.says
    assert refused.ways_out == ("`forecourt open payments` ends that, on the record",)
    inside = await house.assumed("service:orders", "/payments/v2/x")
    route = next(s for s in inside.steps if s.name == "route")
    assert "narrowed to internal by hand, by ada on 2026-03-01" in route.says


# --- a request in the log -------------------------------------------------------------------------


async def test_what_was_logged_decides_whatever_is_known_now(house: House) -> None:
    explained = await house.logged(
        listener="internal",
        path="/users/v1/1",
        consumer="service:reports",
        application="reports",
        credential="internal_token:reports",
        status=404,
        reason="not-allowed",
    )
    assert explained.refusal is Refusal.NOT_ALLOWED
    assert refused_step(explained).name == "allow list"
    assert (explained.again, explained.now, explained.on_disk) == (None, None, None)


async def test_the_revision_that_was_served_then_decides(house: House) -> None:
    then = house.acme.time + timedelta(seconds=5)
    house.acme.save("apis/users/api.yaml", a_users_file(allow="[orders, reports]"))
    await house.acme.open("api/users")
    explained = await house.logged(
        time=then.isoformat(),
        listener="internal",
        path="/users/v1/1",
        consumer="service:reports",
        credential="spiffe:reports",
        status=404,
        reason="not-allowed",
    )
    assert (explained.revision.number, explained.serving.number) == (1, 2)
    assert explained.now is not None
    assert (explained.now.refusal, explained.now.is_otherwise) == (None, True)
    assert explained.now.differing == ("api/users",)
    assert explained.on_disk is None


def _of_ada(house: House) -> dict[str, Any]:
    caller = {"consumer": "developer:ada", "application": "app_ada", "credential": house.id("ada")}
    return {"path": "/payments/v2/x", **caller}


async def test_what_was_narrowed_then_and_is_open_now_says_both(house: House) -> None:
    await house.acme.narrow("payments", Audience.INTERNAL)
    then = house.acme.time + timedelta(seconds=5)
    await house.acme.open("api/payments")
    explained = await house.logged(
        time=then.isoformat(), status=404, reason="not-found", **_of_ada(house)
    )
    refused = refused_step(explained)
    assert refused.name == "route"
    assert "narrowed to internal by hand, by ada on 2026-03-01" in refused.says
    assert "(a narrow)" in refused.says
    assert (explained.again, explained.revision.number) == (None, 2)
    assert explained.now is not None
    assert (explained.now.opened, explained.now.refusal) == (("payments",), None)
    said = explanation_text(explained, TextOrJson.TEXT, colour=False)
    assert "`payments`, narrowed by hand then and open again" in " ".join(said.split())
    assert "it is done: revision 3 lets it through" in said


async def test_how_far_it_was_narrowed_is_told_by_the_route_that_was_taken(house: House) -> None:
    await house.acme.narrow("payments", Audience.PARTNER)
    then, parts = house.acme.time, await house.store.revisions.parts(2)
    edge = edge_of(parts, {"payments": Audience.PARTNER})
    route = named(route_of(edge.apis, "external", "/payments/v2/x"))
    await house.acme.open("api/payments")
    explained = await house.logged(
        time=then.isoformat(), route=route, status=404, reason="not-found", **_of_ada(house)
    )
    refused = refused_step(explained)
    assert refused.name == "entitlement"
    assert "`payments` was narrowed to partner by hand, by ada" in refused.says
    assert (explained.again, explained.is_as_routed) == (None, True)


async def test_before_it_was_narrowed_and_after_it_was_opened_nothing_was(house: House) -> None:
    before = house.acme.time
    await house.acme.narrow("payments", Audience.INTERNAL)
    await house.acme.open("api/payments")
    for moment in (before, house.acme.time):
        explained = await house.logged(time=moment.isoformat(), status=200, **_of_ada(house))
        (route,) = (s for s in explained.steps if s.name == "route")
        assert "narrowed" not in route.says


async def test_a_refusal_that_what_is_known_does_not_explain_says_just_that(house: House) -> None:
    explained = await house.logged(status=404, reason="not-found", **_of_ada(house))
    refused = refused_step(explained)
    assert refused.says == (
        "it was refused here as `not-found`; revision 1, which was served then, decides otherwise"
        " as far as it is still known"
    )
    assert refused.ways_out == ("make the request again, and ask about that one",)


async def test_a_forgotten_caller_is_not_told_that_it_cannot_see_what_is_public(
    house: House,
) -> None:
    explained = await house.logged(
        path="/payments/v2/x",
        consumer="developer:gone",
        credential="key_gone",
        status=404,
        reason="not-found",
    )
    assert refused_step(explained).says.startswith("the caller did not see `payments` then")


async def test_a_policy_that_was_another_then_is_said(house: House) -> None:
    fields: dict[str, Any] = {"path": "/payments/v2/x", "consumer": "developer:ada"}
    fields |= {"application": "app_ada", "credential": house.id("ada")}
    explained = await house.logged(route="payments@2#000000000000", **fields)
    assert not explained.is_as_routed
    assert explained.refusal is None


async def test_what_is_decided_otherwise_again_is_said(house: House) -> None:
    explained = await house.logged(
        path="/prices/x",
        consumer="developer:ada",
        credential=house.id("ada"),
        version="2",
        status=200,
    )
    assert explained.refusal is None
    assert explained.again is not None
    assert explained.again.refusal is Refusal.NOT_FOUND


async def test_a_version_named_by_a_field_that_was_not_logged_is_not_guessed(house: House) -> None:
    explained = await house.logged(
        path="/prices/x",
        consumer="partner:partner_globex",
        credential="certificate:abababababababab",
        status=404,
        reason="no-such-version",
    )
    refused = refused_step(explained)
    assert refused.name == "version"
    assert "named none of those that the caller has: 1, 2" in refused.says
    again = "--as partner:partner_globex --header 'API-Version: …' GET /prices/x"
    assert again in refused.ways_out[0]
    assert explained.again is None


async def test_a_caller_that_is_forgotten_is_called_as_the_log_calls_it(house: House) -> None:
    explained = await house.logged(
        path="/payments/v2/x", consumer="developer:bob", credential="key_gone", status=200
    )
    steps = {s.name: s for s in explained.steps}
    assert "developer:bob, whose credential is no longer known" in steps["caller"].says
    assert steps["limit"].outcome is Outcome.NO_MATTER


async def test_a_command_to_copy_holds_nothing_that_a_shell_would_run(house: House) -> None:
    path = "/payments/v2/$(touch x);`y`"
    explained = await house.logged(path=path, consumer=None, credential=None, reason="unknown")
    assert refused_step(explained).ways_out[-1].endswith(f" GET '{path}'")


async def test_no_secret_of_a_query_is_repeated(house: House) -> None:
    explained = await house.logged(path="/payments/v2/x?key=fc_live_secret", status=200)
    assert "fc_live_secret" not in repr(explained.steps)
    assert "fc_live_secret" not in explained.request.path


@pytest.mark.parametrize(
    ("id", "is_owner"), [("app_ada", False), ("developer:ada", True)], ids=["itself", "its owner"]
)
async def test_an_application_that_is_suspended_says_by_whom_and_how_that_ends(
    house: House, id: str, is_owner: bool
) -> None:
    await house.store.suspensions.suspend(a_suspension(id, is_owner=is_owner))
    explained = await house.assumed("ada", "/payments/v2/x")
    step = refused_step(explained)
    assert (step.name, explained.refusal) == ("caller", Refusal.UNKNOWN)
    assert f"{id} was suspended on 2026-03-01 12:30:15 UTC by grace (they asked)" in step.says
    assert step.ways_out == (f"end that: forecourt consumer resume {id}",)


@pytest.mark.parametrize(
    ("id", "kind"),
    [("app_ada", TargetKind.APPLICATION), ("developer:ada", TargetKind.OWNER)],
    ids=["itself", "its owner"],
)
async def test_an_application_that_is_blocked_says_by_whom_and_how_that_ends(
    house: House, id: str, kind: TargetKind
) -> None:
    at = house.acme.time
    block = a_block(id, kind=kind, until=at + timedelta(hours=1))
    await house.store.blocks.add([a_block("app_other", kind=kind), block])
    explained = await house.assumed("ada", "/payments/v2/x")
    step = refused_step(explained)
    assert (step.name, explained.refusal) == ("caller", Refusal.BLOCKED)
    assert step.says.startswith(f"{id} is refused until 2026-")
    assert step.ways_out == (f"end that: forecourt block lift {block.id}",)
    after = await house.assumed("ada", "/payments/v2/x", at=at + timedelta(hours=2))
    assert after.refusal is not Refusal.BLOCKED


async def test_who_is_slowed_down_or_reported_is_not_refused_for_it(house: House) -> None:
    until = house.acme.time + timedelta(hours=1)
    for measure in (Measure.THROTTLE, Measure.REPORT, Measure.SPARE):
        block = a_block("app_ada", kind=TargetKind.APPLICATION, measure=measure, until=until)
        await house.store.blocks.add([block])
    assert (await house.assumed("ada", "/payments/v2/x")).refusal is not Refusal.BLOCKED


async def test_who_is_slowed_down_is_told_so_and_what_is_left(house: House) -> None:
    until = house.acme.time + timedelta(hours=1)
    block = a_block("app_ada", kind=TargetKind.APPLICATION, measure=Measure.THROTTLE, until=until)
    await house.store.blocks.add([block])
    (before,) = _limit(await house.assumed("acme", "/payments/v1/x"))
    assert "a tenth" not in before
    (said,) = _limit(await house.assumed("ada", "/payments/v2/x"))
    assert "2 a minute, 1 at once; bucket `app_ada/throttled`" in said
    assert "a tenth of what it is otherwise until 2026-" in said
    (after,) = _limit(await house.assumed("ada", "/payments/v2/x", at=until))
    assert "20 a minute" in after


async def test_whose_quota_is_used_up_is_told_so_until_it_begins_anew(house: House) -> None:
    limit = "{requests_per_minute: 20, requests_per_day: 10}"
    house.acme.save("plans.yaml", f"plans:\n  free: {{rate_limit: {limit}}}\n")
    await house.acme.publish()
    at = house.acme.time
    (said,) = _limit(await house.assumed("ada", "/payments/v2/x"))
    assert said.endswith("; 0 of 10 a day are spent")
    holder = Holder(id="app_ada", is_owner=False)
    spent = {SpendingKey(day=at.date(), holder=holder): 10}
    await house.store.spending.spend(Spending(requests=spent, at=at), at.date())
    explained = await house.assumed("ada", "/payments/v2/x")
    step = refused_step(explained)
    assert (step.name, explained.refusal) == ("limit", Refusal.QUOTA_EXHAUSTED)
    assert "is used up: plan `free`'s 10 a day" in step.says
    assert step.ways_out[0].startswith("wait until 2026-")
    assert step.ways_out[-1] == "see forecourt quota list app_ada"
    tests = await house.assumed("tests", "/payments/v2/x")
    assert tests.refusal is None, "tests are counted for nobody"
    tomorrow = await house.assumed("ada", "/payments/v2/x", at=at + timedelta(days=1))
    assert tomorrow.refusal is None


def _limit(explained: Explanation) -> list[str]:
    return [step.says for step in explained.steps if step.name == "limit"]


async def test_a_client_is_explained_as_a_key_is(house: House) -> None:
    application = an_application(plan="free")
    held = HeldClient(client=a_client(created_at=NOW).client, application=application)
    await house.store.clients.add_client(held, a_record())
    explained = await house.assumed("client_one", "/payments/v2/x")
    said = {step.name: step.says for step in explained.steps}
    assert said["caller"].startswith(
        "an access token of `client_one` of application `shop` of developer:ada"
    )
    assert "plan `free`'s 20 a minute" in said["limit"]
    other = replace(held, client=replace(held.client, id="client_two", revoked=a_revocation()))
    await house.store.clients.add_client(other, a_record())
    step = refused_step(await house.assumed("client_two", "/payments/v2/x"))
    assert "`client_two` of application `shop` of developer:ada was revoked on 2026-" in step.says
    assert step.ways_out == (
        "add another: forecourt client add --developer ada --application shop",
    )


async def test_a_key_that_came_with_a_certificate_is_told_so(house: House) -> None:
    key = house.keys["globex"]
    explained = await house.logged(
        path="/prices/x",
        status=404,
        reason="no-such-version",
        credential=key.credential.id,
        consumer="partner:partner_globex",
    )
    (said,) = [step.says for step in explained.steps if step.name == "certificate"]
    assert said == "the contract asks for one, and it came with the call"
    alone = await house.logged(
        path="/prices/x",
        status=401,
        reason="certificate-required",
        credential=key.credential.id,
        consumer="partner:partner_globex",
    )
    assert (refused_step(alone).name, alone.again) == ("certificate", None)


async def test_a_request_by_an_access_token_says_so(house: House) -> None:
    explained = await house.logged(path="/payments/v2/x", status=200, credential="client_1W4f")
    (said,) = [step.says for step in explained.steps if step.name == "caller"]
    assert "by an access token of `client_1W4f`" in said
    (said,) = [step.says for step in explained.steps if step.name == "upstream"]
    assert said == "can no longer be said: what the token was for is not kept"
