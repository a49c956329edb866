"""What is right and opens nothing moves; the rest keeps serving."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from forecourt.actions.announce import NewsKind
from forecourt.actions.authority_file import AuthorityFile
from forecourt.actions.errors_by_part import published_parts
from forecourt.actions.parts import NothingToServe
from forecourt.actions.plan_publication import HeldBecause
from forecourt.actions.publish import Published, Unchanged
from forecourt.actions.revision import RevisionKind
from forecourt.diagnostics import Diagnostic, Severity, Span
from tests.actions.builders import NOW
from tests.actions.publishing import (
    CONTRACT,
    FORECOURT,
    Acme,
    a_partner_file,
    a_users_file,
    an_api_file,
)

PAYMENTS, USERS = "apis/payments/api.yaml", "apis/users/api.yaml"
PARTNER = "partners/acme-corp.yaml"
SERVICES = "services.yaml"
EVERYTHING = (NewsKind.EVERYTHING, "-")


async def test_the_first_publication_serves_all_that_is_right(acme: Acme) -> None:
    outcome = await acme.publish()
    assert isinstance(outcome, Published)
    assert outcome.revision.number == 1
    assert outcome.revision.kind is RevisionKind.FIRST
    assert outcome.revision.snapshot == acme.edge.digest
    assert (outcome.held, outcome.refused, outcome.openings) == ((), (), ())
    assert {"gateway", "api/payments", "api/users", "callers/partner/acme-corp"} <= set(
        outcome.moved
    )
    assert acme.paths() == {"/payments/"}
    assert acme.paths("internal") == {"/payments/", "/users/"}
    assert await acme.news() == [EVERYTHING]


async def test_nothing_is_recorded_where_nothing_changed(acme: Acme) -> None:
    await acme.publish()
    assert await acme.publish() == Unchanged(held=(), refused=())
    assert await acme.publish(PAYMENTS, f"# the same\n\n{an_api_file()}") == Unchanged(
        held=(), refused=()
    )
    assert await acme.revisions() == 1
    assert await acme.news() == [EVERYTHING]


async def test_a_save_that_opens_nothing_moves(acme: Acme) -> None:
    await acme.publish()
    outcome = await acme.publish(PAYMENTS, an_api_file(upstream="{url: http://other.svc}"))
    assert isinstance(outcome, Published)
    assert outcome.moved == ("api/payments",)
    assert outcome.revision.kind is RevisionKind.SAVE
    assert (outcome.revision.who, outcome.revision.because) == ("ada", "a save")
    assert b"http://other.svc:80" in acme.edge.files["clusters.json"]


async def test_a_save_that_opens_something_waits(acme: Acme) -> None:
    await acme.publish()
    outcome = await acme.publish(USERS, a_users_file("public"))
    assert isinstance(outcome, Unchanged)
    (held,) = outcome.held
    assert (held.part, held.because) == ("api/users", HeldBecause.WIDENING)
    assert "anyone with a public key or token: users version 1 on the external listener" in str(
        held.openings[0]
    )
    assert acme.paths() == {"/payments/"}


async def test_others_move_while_one_waits(acme: Acme) -> None:
    await acme.publish()
    acme.save(USERS, a_users_file("public"))
    outcome = await acme.publish(PAYMENTS, an_api_file("internal"))
    assert isinstance(outcome, Published)
    assert outcome.moved == ("api/payments",)
    assert [h.part for h in outcome.held] == ["api/users"]
    assert acme.paths() == set()


async def test_one_with_mistakes_keeps_serving_as_it_was(acme: Acme) -> None:
    await acme.publish()
    acme.save(USERS, a_users_file(allow="[nobody]"))
    outcome = await acme.publish(PAYMENTS, an_api_file(upstream="{url: http://other.svc}"))
    assert isinstance(outcome, Published)
    assert outcome.moved == ("api/payments",)
    (refused,) = outcome.refused
    assert refused.part == "api/users"
    assert refused.is_served
    assert [d.name for d in refused.diagnostics] == ["unknown-service"]


async def test_one_that_cannot_be_read_keeps_serving_and_is_named(acme: Acme) -> None:
    await acme.publish()
    outcome = await acme.publish(PAYMENTS, "audience: publc\n")
    assert isinstance(outcome, Unchanged)
    assert [(r.part, r.is_served) for r in outcome.refused] == [("api/payments", True)]
    assert "/payments/" in acme.paths()


async def test_a_new_one_with_mistakes_serves_nothing(acme: Acme) -> None:
    acme.save("apis/orders/api.yaml", an_api_file("internal", name="orders", allow="[nobody]"))
    acme.save("apis/orders/v1.openapi.yaml", CONTRACT)
    first = await acme.publish()
    assert [(r.part, r.is_served) for r in first.refused] == [("api/orders", False)]
    again = await acme.publish()
    assert [(r.part, r.is_served) for r in again.refused] == [("api/orders", False)]
    assert "/orders/" not in acme.paths("internal")


async def test_an_api_that_is_removed_is_gone_at_once(acme: Acme) -> None:
    await acme.publish()
    outcome = await acme.publish("apis/payments", None)
    assert isinstance(outcome, Published)
    assert outcome.moved == ("api/payments",)
    assert acme.paths() == set()
    assert "api/payments" not in await acme.parts()


async def test_a_folder_that_cannot_be_listed_takes_nothing_away(acme: Acme) -> None:
    await acme.publish()
    unreadable = Diagnostic(
        code="FC001",
        name="unreadable-file",
        severity=Severity.ERROR,
        message="it cannot be read",
        span=Span("apis", 1, 1),
    )
    acme.mistakes = (unreadable,)
    outcome = await acme.publish("apis", None)
    assert isinstance(outcome, Unchanged)
    assert {"api/payments", "api/users"} <= {r.part for r in outcome.refused}
    assert acme.paths("internal") == {"/payments/", "/users/"}


@pytest.mark.parametrize("text", ["organization: [", "listeners: {}\n", ""])
async def test_the_listeners_stay_while_their_file_cannot_be_read(acme: Acme, text: str) -> None:
    await acme.publish()
    outcome = await acme.publish("forecourt.yaml", text)
    assert isinstance(outcome, Unchanged)
    assert {r.part for r in outcome.refused} == {"gateway", "callers/issuers"}
    assert "gateway" in await acme.parts()
    moved = await acme.publish(PAYMENTS, an_api_file("internal"))
    assert isinstance(moved, Published), "the others move"


async def test_there_is_nothing_to_serve_without_a_listener(acme: Acme) -> None:
    acme.save("forecourt.yaml", "organization: [")
    with pytest.raises(NothingToServe):
        await acme.publish()
    assert await acme.revisions() == 0


async def test_an_expired_waiver_freezes_its_api_and_not_a_narrowing(acme: Acme) -> None:
    acme.save(
        "waivers/payments.yaml",
        f"rule: promise-missing\napi: payments\nowner: shop\nbecause: agreed\n"
        f"approved_by: [board]\nexpires: {(NOW + timedelta(days=30)).date()}\n",
    )
    without_promise = an_api_file(sla="{tiers: []}")
    acme.save(PAYMENTS, without_promise)
    await acme.publish()
    acme.time += timedelta(days=60)
    changed = without_promise.replace("payments.svc", "other.svc")
    outcome = await acme.publish(PAYMENTS, changed)
    assert isinstance(outcome, Unchanged)
    assert "waiver-expired" in {d.name for r in outcome.refused for d in r.diagnostics}


# --- what the edges are told ----------------------------------------------------------------------


async def test_only_what_changes_for_callers_is_news(acme: Acme) -> None:
    await acme.publish()
    await acme.publish(PAYMENTS, an_api_file(upstream="{url: http://other.svc}"))
    assert await acme.news() == [EVERYTHING]


async def test_a_partners_change_is_news_of_that_partner(acme: Acme) -> None:
    await acme.publish()
    await acme.publish(PARTNER, a_partner_file(rate_limit="{requests_per_minute: 5}"))
    assert await acme.news() == [EVERYTHING, (NewsKind.CONSUMER, "partner:partner_acme_corp")]


async def test_a_partner_that_goes_is_news_of_that_partner(acme: Acme) -> None:
    await acme.publish()
    outcome = await acme.publish(PARTNER, None)
    assert outcome.moved == ("callers/partner/acme-corp",)
    assert await acme.news() == [EVERYTHING, (NewsKind.CONSUMER, "partner:partner_acme_corp")]


async def test_a_contract_under_another_id_is_news_of_both(acme: Acme) -> None:
    """Keys of the id before would go on, if the edge were not told of it."""
    await acme.publish()
    acme.save(PARTNER, a_partner_file(id="other"))
    await acme.open("callers/partner/acme-corp")
    assert await acme.news() == [
        EVERYTHING,
        (NewsKind.CONSUMER, "partner:other"),
        (NewsKind.CONSUMER, "partner:partner_acme_corp"),
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            SERVICES,
            "services: {orders: {identity: spiffe://acme.example/orders,"
            " rate_limit: {requests_per_minute: 5}}}\n",
        ),
        (SERVICES, "services: {}\n"),
        ("plans.yaml", "plans: {free: {rate_limit: {requests_per_minute: 5}}}\n"),
    ],
    ids=["a service's limit", "a service that goes", "a plan"],
)
async def test_any_other_change_of_callers_is_news_of_everything(
    acme: Acme, path: str, text: str
) -> None:
    acme.save(USERS, an_api_file("internal", name="users"))
    await acme.publish()
    outcome = await acme.publish(path, text)
    assert isinstance(outcome, Published), outcome
    assert await acme.news() == [EVERYTHING, EVERYTHING]


# --- what serves ----------------------------------------------------------------------------------


async def test_certificates_are_those_of_what_serves_not_of_what_waits(acme: Acme) -> None:
    """Trust in another authority is a widening like any other."""
    acme.save(PARTNER, a_partner_file(certificates="{ca: certs/a.pem}"))
    acme.save("partners/certs/a.pem", "")
    acme.save("partners/certs/b.pem", "")
    await acme.publish()
    outcome = await acme.publish(PARTNER, a_partner_file(certificates="{ca: certs/b.pem}"))
    assert [h.part for h in outcome.held] == ["callers/partner/acme-corp"]
    assert [e.callers.partners[0].ca for e in acme.edge.provided] == ["partners/certs/a.pem"] * 2
    await acme.open("callers/partner/acme-corp")
    assert acme.edge.provided[-1].callers.partners[0].ca == "partners/certs/b.pem"
    await acme.roll_back(1, may_open=True)
    assert acme.edge.provided[-1].callers.partners[0].ca == "partners/certs/a.pem"


@pytest.mark.parametrize(
    ("path", "text", "part"),
    [
        (PARTNER, a_partner_file(id="other"), "callers/partner/acme-corp"),
        (PARTNER, a_partner_file(enabled_features="[bulk]"), "callers/partner/acme-corp"),
        ("apis/payments/api.yaml", an_api_file(posture="{errors: detailed}"), "api/payments"),
    ],
    ids=["the keys of another id", "a feature", "what errors tell strangers"],
)
async def test_more_for_those_who_have_some_waits_to_be_opened(
    acme: Acme, path: str, text: str, part: str
) -> None:
    """A laxer posture takes a waiver; a waiver opens nothing by itself."""
    acme.save("forecourt.yaml", f"{FORECOURT}features: {{bulk: many at once}}\n")
    acme.save("waivers/errors.yaml", _WAIVER)
    await acme.publish()
    outcome = await acme.publish(path, text)
    assert ([h.part for h in outcome.held], outcome.refused) == ([part], ())
    assert isinstance(await acme.open(part), Published)


_WAIVER = """\
rule: laxer-than-posture
api: payments
dimension: errors
owner: payments
because: while the first customers integrate
approved_by: [board]
expires: 2999-01-01
"""


async def test_another_authority_of_the_mesh_waits_to_be_opened(acme: Acme) -> None:
    acme.save("certs/mesh.pem", "")
    await acme.publish()
    other = FORECOURT.replace("acme.example}", "acme.example, client_ca: certs/mesh.pem}")
    outcome = await acme.publish("forecourt.yaml", other)
    assert [h.part for h in outcome.held] == ["gateway"]
    assert acme.edge.provided[-1].gateway.client_ca is None


def one_authority(sha256: str) -> AuthorityFile:
    return AuthorityFile(sha256=sha256, holds=(sha256,))


async def test_an_authority_that_goes_from_its_file_is_trusted_no_longer_at_once(
    acme: Acme,
) -> None:
    acme.save("partners/certs/a.pem", "")
    acme.save(PARTNER, a_partner_file(certificates="{ca: certs/a.pem}"))
    old, new = "a" * 64, "b" * 64
    acme.digests = {"partners/certs/a.pem": AuthorityFile(sha256="c" * 64, holds=(old, new))}
    await acme.publish()
    acme.digests = {"partners/certs/a.pem": one_authority(new)}
    outcome = await acme.publish()
    assert outcome.held == ()
    assert acme.edge.provided[-1].callers.partners[0].ca_sha256 == new


async def test_another_authority_in_the_same_file_waits_to_be_opened(acme: Acme) -> None:
    acme.save("partners/certs/a.pem", "")
    acme.save(PARTNER, a_partner_file(certificates="{ca: certs/a.pem}"))
    acme.digests = {"partners/certs/a.pem": one_authority("a" * 64)}
    await acme.publish()
    acme.digests = {"partners/certs/a.pem": one_authority("b" * 64)}
    outcome = await acme.publish()
    assert [h.part for h in outcome.held] == ["callers/partner/acme-corp"]
    assert acme.edge.provided[-1].callers.partners[0].ca_sha256 == "a" * 64
    await acme.open("callers/partner/acme-corp")
    assert acme.edge.provided[-1].callers.partners[0].ca_sha256 == "b" * 64


async def test_what_envoy_does_not_take_is_not_recorded(acme: Acme) -> None:
    await acme.publish()
    served = acme.edge.digest
    acme.edge.refuses = ValueError("envoy says no")
    with pytest.raises(ValueError, match="envoy says no"):
        await acme.publish(PAYMENTS, an_api_file("internal"))
    assert (await acme.revisions(), acme.edge.digest) == (1, served)


async def test_what_could_not_be_served_is_served_by_the_next_publication(acme: Acme) -> None:
    await acme.publish()
    acme.edge.fails = OSError("no space left")
    with pytest.raises(OSError, match="no space left"):
        await acme.publish(PAYMENTS, an_api_file("internal"))
    acme.edge.fails = None
    outcome = await acme.publish()
    assert isinstance(outcome, Published)
    assert outcome.revision.snapshot == acme.edge.digest
    assert acme.paths() == set()


@pytest.mark.parametrize(
    ("declared", "parts"),
    [
        ("api/payments", ("api/payments",)),
        ("partner/acme-corp", ("callers/partner/acme-corp",)),
        ("services", ("callers/services",)),
        ("plans", ("callers/plans",)),
        ("sla", ()),
        ("organization", ("gateway", "callers/issuers")),
    ],
)
def test_a_mistake_holds_back(declared: str, parts: tuple[str, ...]) -> None:
    assert published_parts(declared) == parts


# --- contracts that can be read in part -----------------------------------------------------------

_IN_PART = """\
openapi: "3.1.0"
info: {title: T, version: "1"}
paths:
  /things: {get: {responses: {"200": {description: fine}}}}
  /others: {get: {responses: {"200": {$ref: REFERENCE}}}}
"""
_TWICE = """\
components:
  responses: {ok: {description: fine}}
  schemas: {Unused: {type: object, type: array}}
"""
_CONTRACT_FILE = "apis/payments/v1.openapi.yaml"


async def test_an_operation_that_is_left_out_holds_back_nothing(acme: Acme) -> None:
    broken = _IN_PART.replace("REFERENCE", '"#/components/nothing"')
    outcome = await acme.publish(_CONTRACT_FILE, broken)
    assert outcome.refused == ()
    assert "/payments/" in acme.paths()
    assert [d.name for d in acme.examined().diagnostics] == ["broken-reference"]


async def test_a_key_that_a_contract_has_twice_holds_back_nothing(acme: Acme) -> None:
    twice = _IN_PART.replace("REFERENCE", '"#/components/responses/ok"') + _TWICE
    outcome = await acme.publish(_CONTRACT_FILE, twice)
    assert outcome.refused == ()
    assert "/payments/" in acme.paths()
    assert [d.name for d in acme.examined().diagnostics] == ["duplicate-key"]


@pytest.mark.parametrize("shared", ["shared/answers.yaml", "apis/shared.yaml"])
async def test_a_mistake_in_a_shared_file_holds_back_the_apis_that_refer_to_it(
    acme: Acme, shared: str
) -> None:
    await acme.publish()
    acme.save(shared, "fine: {description: fine, x-audience: all}\n")
    outcome = await acme.publish(_CONTRACT_FILE, _IN_PART.replace("REFERENCE", f"../../{shared}"))
    assert [(r.part, r.is_served) for r in outcome.refused] == [("api/payments", True)]
    (diagnostic,) = outcome.refused[0].diagnostics
    assert (diagnostic.name, diagnostic.span.path) == ("bad-audience-mark", shared)


# --- what marks no longer hide --------------------------------------------------------------------

_MARKED = """\
openapi: "3.1.0"
info: {title: T, version: "1"}
paths:
  /things:
    get:
      responses:
        "200":
          description: fine
          content:
            application/json:
              schema: {properties: {id: {}, cost: {type: integer, x-audience: internal}}}
    delete: {x-audience: partner, responses: {"204": {description: gone}}}
"""
_OVERLAY_FILE = "apis/payments/audience.overlay.yaml"
_OVERLAY = """\
overlay: 1.0.0
actions:
  - {target: "$.paths['/things'].get", update: {x-audience: partner}}
"""


def _openings(outcome: Any) -> list[str]:
    return [f"{o.who}: {o.what}" for held in outcome.held for o in held.openings]


@pytest.mark.parametrize(
    ("mark", "instead", "openings"),
    [
        (
            ", x-audience: internal",
            "",
            [
                "partner callers: the property `cost` of `GET /things` in payments version 1",
                "public callers: the property `cost` of `GET /things` in payments version 1",
            ],
        ),
        (
            "x-audience: internal",
            "x-audience: partner",
            ["partner callers: the property `cost` of `GET /things` in payments version 1"],
        ),
        (
            "x-audience: partner, ",
            "",
            ["public callers: the operation `DELETE /things` in payments version 1"],
        ),
    ],
    ids=["a property for all", "a property for partners", "an operation"],
)
async def test_a_mark_that_goes_is_an_opening_and_is_held(
    acme: Acme, mark: str, instead: str, openings: list[str]
) -> None:
    await acme.publish(_CONTRACT_FILE, _MARKED)
    outcome = await acme.publish(_CONTRACT_FILE, _MARKED.replace(mark, instead))
    assert [h.part for h in outcome.held] == ["api/payments"]
    assert _openings(outcome) == openings
    opened = await acme.open("api/payments")
    assert [f"{o.who}: {o.what}" for o in opened.openings] == openings
    assert (await acme.publish()).held == ()


async def test_a_mark_that_gets_lost_where_its_schema_moves_is_an_opening(acme: Acme) -> None:
    await acme.publish(_CONTRACT_FILE, _MARKED)
    inline = "{type: integer, x-audience: internal}"
    assert inline in _MARKED
    moved = _MARKED.replace(inline, '{$ref: "#/components/schemas/Cost"}')
    moved += "components: {schemas: {Cost: {type: integer}}}\n"
    outcome = await acme.publish(_CONTRACT_FILE, moved)
    assert _openings(outcome) == [
        "partner callers: the property `cost` of `GET /things` in payments version 1",
        "public callers: the property `cost` of `GET /things` in payments version 1",
    ]


async def test_a_schema_that_moves_with_its_mark_is_published(acme: Acme) -> None:
    await acme.publish(_CONTRACT_FILE, _MARKED)
    inline = "{type: integer, x-audience: internal}"
    moved = _MARKED.replace(inline, '{$ref: "#/components/schemas/Cost"}')
    moved += f"components: {{schemas: {{Cost: {inline}}}}}\n"
    assert (await acme.publish(_CONTRACT_FILE, moved)).held == ()


async def test_an_overlay_that_goes_is_an_opening_too(acme: Acme) -> None:
    acme.save(_OVERLAY_FILE, _OVERLAY)
    acme.save("apis/payments/api.yaml", an_api_file(overlays="[audience.overlay.yaml]"))
    await acme.publish()
    outcome = await acme.publish("apis/payments/api.yaml", an_api_file())
    assert _openings(outcome) == [
        "public callers: the operation `GET /things` in payments version 1"
    ]
    emptied = _OVERLAY.replace("x-audience: partner", "deprecated: true")
    acme.save("apis/payments/api.yaml", an_api_file(overlays="[audience.overlay.yaml]"))
    assert _openings(await acme.publish(_OVERLAY_FILE, emptied)) == _openings(outcome)


async def test_a_mistake_in_an_overlay_holds_back_its_api(acme: Acme) -> None:
    acme.save(_OVERLAY_FILE, _OVERLAY)
    acme.save("apis/payments/api.yaml", an_api_file(overlays="[audience.overlay.yaml]"))
    await acme.publish()
    outcome = await acme.publish(_OVERLAY_FILE, _OVERLAY.replace("partner", "partners"))
    assert [(r.part, r.is_served) for r in outcome.refused] == [("api/payments", True)]


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("cost: {type: integer, x-audience: internal}", "name: {}"),
        ("x-audience: partner", "x-audience: internal"),
        ("id: {}", "id: {}, name: {}"),
        ("/things:", "/new: {get: {responses: {'200': {description: fine}}}}\n  /things:"),
    ],
    ids=["removed", "narrowed", "a new property", "a new operation"],
)
async def test_what_opens_nothing_that_was_hidden_moves(
    acme: Acme, written: str, instead: str
) -> None:
    await acme.publish(_CONTRACT_FILE, _MARKED)
    outcome = await acme.publish(_CONTRACT_FILE, _MARKED.replace(written, instead))
    assert (outcome.held, outcome.refused) == ((), ())


async def test_going_back_to_what_showed_more_is_an_opening(acme: Acme) -> None:
    await acme.publish(_CONTRACT_FILE, _MARKED.replace(", x-audience: internal", ""))
    await acme.publish(_CONTRACT_FILE, _MARKED)
    outcome = await acme.roll_back(1)
    assert [o.what for h in outcome.held for o in h.openings] == [
        "the property `cost` of `GET /things` in payments version 1",
    ] * 2


@pytest.mark.parametrize(
    ("path", "text", "part"),
    [
        (PAYMENTS, an_api_file(upstream="{url: http://other.svc}", colour="red"), "api/payments"),
        (PARTNER, a_partner_file(apis="{payments: {}, users: {}}", colour="red"), "partner"),
        (USERS, a_users_file(allow="[orders, [billing]]"), "api/users"),
    ],
    ids=["an api", "a partner", "an internal api"],
)
async def test_a_file_with_one_mistake_is_held_back_though_the_rest_of_it_is_known(
    acme: Acme, path: str, text: str, part: str
) -> None:
    await acme.publish()
    before = acme.edge.digest
    outcome = await acme.publish(path, text)
    assert isinstance(outcome, Unchanged)
    assert [refused.is_served for refused in outcome.refused] == [True]
    assert part in outcome.refused[0].part
    assert acme.edge.digest == before
    mended = await acme.publish(PAYMENTS, an_api_file(upstream="{url: http://third.svc}"))
    assert isinstance(mended, Published)
    assert mended.moved == ("api/payments",)


async def test_a_waiver_with_a_mistake_lets_nothing_pass(acme: Acme) -> None:
    await acme.publish()
    short = an_api_file(
        versions='{"1": {contract: v1.openapi.yaml, status: deprecated, '
        "deprecated: 2024-01-01, sunset: 2024-07-01}}"
    )
    acme.files["waivers/short.yaml"] = WAIVER + "colour: red\n"
    outcome = await acme.publish(PAYMENTS, short)
    assert "api/payments" in [refused.part for refused in outcome.refused]
    acme.files["waivers/short.yaml"] = WAIVER
    outcome = await acme.publish(PAYMENTS, short)
    assert outcome.refused == ()


WAIVER = """\
rule: deprecation-too-short
api: payments
owner: payments
because: announced under the 2023 policy
approved_by: [api-review-board]
expires: 2999-01-01
"""


@pytest.mark.parametrize("api", ["payments", "users"], ids=["outside", "inside"])
async def test_a_limit_of_an_operation_opens_nothing(acme: Acme, api: str) -> None:
    """Nor does it where nothing else of the contract holds its callers."""
    await acme.publish()
    path = f"apis/{api}/v1.openapi.yaml"
    limited = CONTRACT.replace("get: {", "get: {x-rate-limit: {requests_per_minute: 6}, ")
    outcome = await acme.publish(path, limited)
    assert isinstance(outcome, Published)
    assert outcome.moved == (f"api/{api}",)
    again = await acme.publish(path, CONTRACT)
    assert isinstance(again, Published)
    assert again.held == ()
