"""An estate that is written, published, opened and taken back, with an edge that remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from forecourt.actions.announce import NewsKind
from forecourt.actions.authority_file import AuthorityFile
from forecourt.actions.check_estate import Examined, examine
from forecourt.actions.compile_contracts import ContractCompiler
from forecourt.actions.narrow_api import narrow_api
from forecourt.actions.open_parts import open_parts
from forecourt.actions.publish import Act, Publishing, publish
from forecourt.actions.read_contracts import Reading
from forecourt.actions.revision import RevisionKind
from forecourt.actions.roll_back import roll_back
from forecourt.compiler.ir.edge import Edge
from forecourt.estate.audience import Audience
from forecourt.store.opening import Store
from tests.actions.builders import NOW
from tests.compiler.builders import some_keys
from tests.store.in_memory import InMemoryStore

CONTRACT = """\
openapi: "3.1.0"
info: {title: T, version: "1"}
paths:
  /things: {get: {responses: {"200": {description: fine}}}}
  /charges: {get: {responses: {"200": {description: fine}}}}
  /x: {get: {responses: {"200": {description: fine}}}}
"""
FORECOURT = """\
organization: Acme
listeners:
  external: {address: 0.0.0.0:8443, hosts: [api.acme.example]}
  internal: {address: 127.0.0.1:9443, trust_domain: acme.example}
"""
SLA = "tiers: {standard: {availability: 99.5%}}\n"


def an_api_file(audience: str = "public", *, name: str = "payments", **written: str) -> str:
    """`api.yaml` of an API; `written` adds lines, by key."""
    lines = {
        "name": name,
        "audience": audience,
        "owner": "{team: shop}",
        "upstream": f"{{url: http://{name}.svc:8080}}",
        "versioning": "{scheme: path}",
        "versions": '{"1": {contract: v1.openapi.yaml}}',
        **({"sla": "{tiers: [standard]}"} if audience == "public" else {}),
    } | written
    return "".join(f"{key}: {value}\n" for key, value in lines.items())


def a_users_file(audience: str = "internal", *, allow: str = "[orders]") -> str:
    """`api.yaml` of `users`."""
    return an_api_file(
        audience, name="users", **({} if audience != "internal" else {"allow": allow})
    )


def a_partner_file(**written: str) -> str:
    lines = {
        "id": "partner_acme_corp",
        "name": "ACME",
        "rate_limit": "{requests_per_minute: 1000}",
        "apis": "{payments: {}}",
    } | written
    return "".join(f"{key}: {value}\n" for key, value in lines.items())


def some_files() -> dict[str, str]:
    """Public `payments`, internal `users`, service `orders`, partner `acme-corp`."""
    return {
        "forecourt.yaml": FORECOURT,
        "sla.yaml": SLA,
        "services.yaml": "services: {orders: {identity: spiffe://acme.example/orders}}\n",
        "partners/acme-corp.yaml": a_partner_file(),
        "apis/payments/api.yaml": an_api_file(),
        "apis/payments/v1.openapi.yaml": CONTRACT,
        "apis/users/api.yaml": a_users_file(),
        "apis/users/v1.openapi.yaml": CONTRACT,
    }


@dataclass
class RememberingEdge:
    """An edge that serves whatever it is given; `fails` says how the next step ends instead."""

    digest: str | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    provided: list[Edge] = field(default_factory=list)
    contracts: dict[str, bytes] = field(default_factory=dict)
    refuses: Exception | None = None
    fails: Exception | None = None

    async def provide(self, edge: Edge) -> None:
        self.provided.append(edge)

    async def accept(self, files: Mapping[str, bytes]) -> None:
        if self.refuses is not None:
            raise self.refuses

    async def serve(
        self, digest: str, files: Mapping[str, bytes], contracts: frozenset[str]
    ) -> None:
        if self.fails is not None:
            raise self.fails
        assert contracts <= self.contracts.keys()
        self.digest, self.files = digest, files

    def lacking(self, contracts: frozenset[str]) -> frozenset[str]:
        return contracts - self.contracts.keys()

    def take(self, contracts: Mapping[str, bytes]) -> None:
        self.contracts |= contracts

    def served(self) -> str | None:
        return self.digest


def a_world(store: Store | InMemoryStore, edge: RememberingEdge) -> Publishing:
    """What publishing needs, with an edge that remembers."""
    return Publishing(
        revisions=store.revisions,
        narrowings=store.narrowings,
        rejected=store.rejected_parts,
        contracts=store.compiled_contracts,
        leaks=store.leaks,
        edge=edge,
        provide=edge.provide,
        keys=lambda issuers: some_keys(*(i.name for i in issuers)),
        lua_digest="0",
        local=False,
    )


class Acme:
    """The estate, its store and its edge."""

    def __init__(self, store: Store | InMemoryStore) -> None:
        self.store = store
        self.edge = RememberingEdge()
        self.files: dict[str, str | bytes] = dict(some_files())
        self.mistakes: tuple[Any, ...] = ()
        self.digests: dict[str, AuthorityFile] = {}
        self.time = NOW
        self._before: Examined | None = None
        self._compiler = ContractCompiler()

    @property
    def world(self) -> Publishing:
        return a_world(self.store, self.edge)

    def save(self, path: str, text: str | None) -> None:
        """Writes a file; None removes it, and what lies below it."""
        if text is None:
            self.files = {p: t for p, t in self.files.items() if not p.startswith(path)}
        else:
            self.files[path] = text

    def examined(self) -> Examined:
        day = self.time.date()
        examined = examine(
            self.files,
            None,
            day,
            mistakes=self.mistakes,
            variables=frozenset(),
            before=self._before,
            reading=Reading(is_located=True),
        )
        compiled = self._compiler.compile(examined.estate, examined.contracts)
        self._before = replace(examined, digests=self.digests, compiled=compiled)
        return self._before

    async def publish(self, path: str | None = None, text: str | None = None) -> Any:
        """Publishes, after saving a file if one is given."""
        if path is not None:
            self.save(path, text)
        return await publish(self.examined(), self.world, self._act(RevisionKind.SAVE))

    async def open(self, *parts: str) -> Any:
        act = self._act(RevisionKind.OPEN)
        return await open_parts(self.examined(), self.world, act, frozenset(parts))

    async def roll_back(self, number: int, *, may_open: bool = False) -> Any:
        act = self._act(RevisionKind.ROLLBACK)
        return await roll_back(number, self.world, act, may_open=may_open)

    async def narrow(self, api: str, to: Audience) -> Any:
        return await narrow_api(api, to, self.world, self._act(RevisionKind.NARROW))

    def _act(self, kind: RevisionKind) -> Act:
        self.time += timedelta(minutes=1)
        return Act(kind=kind, at=self.time, who="ada", because=f"a {kind.value}")

    async def news(self) -> list[tuple[NewsKind, str]]:
        """What the edges were told, oldest first."""
        head = await self.store.news.latest_news()
        told = await self.store.news.news_since(0, up_to=head.latest)
        return [(news.kind, news.subject) for news in told]

    async def revisions(self) -> int:
        newest = await self.store.revisions.newest()
        return 0 if newest is None else newest.number

    async def parts(self) -> dict[str, str]:
        return await self.store.revisions.parts(await self.revisions())

    def paths(self, listener: str = "external") -> set[str]:
        """Where APIs stand on a listener that is served."""
        text = self.edge.files[f"routes-{listener}.json"].decode()
        return {path for path in ("/payments/", "/users/", "/orders/") if f'"{path}v1/"' in text}
