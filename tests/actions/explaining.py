"""An estate that is published, and requests to it that are explained."""

from __future__ import annotations

from typing import Any

from forecourt.actions.api_key import key_digest
from forecourt.actions.check_estate import Examined
from forecourt.actions.credential import HeldKey, Owner
from forecourt.actions.decide_request import Request
from forecourt.actions.explain_request import (
    Explaining,
    Explanation,
    explain_assumed,
    explain_logged,
)
from forecourt.actions.steps import Outcome, Step
from forecourt.actions.trial import Trial
from forecourt.edge.trial import Tried
from tests.actions.builders import (
    ACME,
    ADA,
    NOW,
    a_held_key,
    a_record,
    a_revocation,
    an_application,
)
from tests.actions.publishing import CONTRACT, Acme, a_partner_file, a_users_file, an_api_file
from tests.edge.logged import a_logged_request
from tests.store.in_memory import InMemoryStore

FILES = {
    "services.yaml": (
        "services:\n"
        "  orders: {identity: spiffe://acme.example/orders}\n"
        "  reports: {identity: spiffe://acme.example/reports,"
        " rate_limit: {requests_per_minute: 50}}\n"
    ),
    "plans.yaml": "plans:\n  free: {rate_limit: {requests_per_minute: 20}}\n",
    "apis/payments/api.yaml": an_api_file(
        versions=(
            '{"1": {contract: v1.openapi.yaml, status: deprecated, deprecated: 2024-01-01,'
            ' sunset: 2026-01-01, guide: v1.openapi.yaml}, "2": {contract: v1.openapi.yaml},'
            ' "3": {contract: v1.openapi.yaml, status: draft}}'
        )
    ),
    "apis/users/api.yaml": a_users_file(),
    "apis/lamps/api.yaml": an_api_file(
        name="lamps",
        versions=(
            '{"1": {contract: v1.openapi.yaml, status: deprecated, deprecated: 2024-01-01,'
            ' sunset: 2026-03-08, guide: "https://developer.acme.example/lamps",'
            ' brownouts: [{before: 8d, length: 8d}]}, "2": {contract: v1.openapi.yaml}}'
        ),
    ),
    "apis/lamps/v1.openapi.yaml": CONTRACT,
    "apis/prices/api.yaml": an_api_file(
        "partner",
        name="prices",
        versioning="{scheme: header}",
        versions='{"1": {contract: v1.openapi.yaml}, "2": {contract: v1.openapi.yaml}}',
        posture="{credentials: [jwt], body_limits: {bytes: 2 MB}}",
        sla="{tiers: [standard]}",
    ),
    "waivers/prices-bodies.yaml": (
        "rule: laxer-than-posture\napi: prices\ndimension: body_limits\nowner: shop\n"
        "because: price lists are long\napproved_by: [board]\nexpires: 2026-08-01\n"
    ),
    "apis/prices/v1.openapi.yaml": CONTRACT,
    "partners/acme-corp.yaml": a_partner_file(
        apis='{payments: {allowed_versions: ["1"]}, prices: {}}',
        sla_tier="standard",
        support="{contact: a@example.com}",
    ),
    "partners/globex.yaml": a_partner_file(
        id="partner_globex",
        apis="{prices: {}}",
        certificates=f"{{sha256: [{'ab' * 32}]}}",
        sla_tier="standard",
        support="{contact: a@example.com}",
    ),
}


class SomeTrials:
    """An edge that says what a test told it to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.says: Tried | None = None
        self.asked: list[Trial] = []

    async def of(self, trial: Trial) -> Tried | None:
        self.asked.append(trial)
        return self.says


class House:
    """Public `payments` (1 is retired, 2, 3 a draft), partner `prices` (by header, tokens only),
    internal `users` (only `orders` may call), two partners, keys of several kinds."""

    def __init__(self) -> None:
        self.store = InMemoryStore()
        self.acme = Acme(self.store)
        for path, text in FILES.items():
            self.acme.save(path, text)
        self.trials = SomeTrials()
        self.keys: dict[str, HeldKey] = {}

    async def open(self) -> House:
        """Publishes, and issues keys."""
        published = await self.acme.publish()
        assert not published.refused, published.refused
        for name, owner, fields in (
            ("ada", ADA, {}),
            ("acme", ACME, {}),
            ("globex", Owner(kind=ACME.kind, name="partner_globex"), {}),
            ("revoked", ADA, {"revoked": a_revocation()}),
            ("expired", ADA, {"expires_at": NOW}),
            ("tests", ADA, {"is_test": True}),
        ):
            plan = "free" if owner is ADA else None
            application = an_application(owner, plan=plan)
            key, held = a_held_key(name, application, **fields)
            self.keys[name] = await self.store.credentials.add_key(
                held, key_digest(key), a_record()
            )
        return self

    @property
    def world(self) -> Explaining:
        return Explaining(
            revisions=self.store.revisions,
            narrowings=self.store.narrowings,
            keys=self.store.credentials,
            clients=self.store.clients,
            spending=self.store.spending,
            pins=self.store.pins,
            suspensions=self.store.suspensions,
            blocks=self.store.blocks,
            contracts=self.store.compiled_contracts,
            folder=self,
            trials=self.trials,
            local=False,
        )

    async def examined(self, apis: frozenset[str]) -> Examined:
        """The folder as it is now, whole."""
        return self.acme.examined()

    def id(self, name: str) -> str:
        return self.keys[name].credential.id

    async def assumed(self, reference: str | None, path: str, **fields: Any) -> Explanation:
        """What would become of a request; `reference` may be the name of a key."""
        if reference in self.keys:
            reference = self.id(reference)
        given = {"method": "GET", "path": path, "wanted": None, "at": self.acme.time} | fields
        inside = (reference or "").startswith("service:")
        given.setdefault("listener", "internal" if inside else "external")
        found = await explain_assumed(Request(**given), reference, self.world)
        assert isinstance(found, Explanation), found
        return found

    async def logged(self, **fields: Any) -> Explanation:
        """Why a logged request ended as it did."""
        given = {"time": self.acme.time.isoformat(), "route": None, "version": None} | fields
        found = await explain_logged(a_logged_request(**given), self.world)
        assert isinstance(found, Explanation), found
        return found


def refused_step(explained: Explanation) -> Step:
    """The one step that refused."""
    (step,) = (s for s in explained.steps if s.outcome is Outcome.REFUSED)
    return step
