"""An estate's way from its folder to its edge."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from forecourt.actions.open_parts import NotHeld
from forecourt.actions.parts import NothingToServe
from forecourt.actions.publish import Published, Unchanged
from forecourt.actions.revision import RevisionKind
from forecourt.compiler.ir.edge import Edge
from forecourt.edge.locks import Taken, held
from forecourt.estate.audience import Audience
from forecourt.server.publisher import Publisher, Sources
from tests.actions.builders import NOW
from tests.actions.publishing import (
    RememberingEdge,
    a_users_file,
    a_world,
    an_api_file,
    some_files,
)
from tests.store.in_memory import InMemoryStore

PAYMENTS, USERS = "apis/payments/api.yaml", "apis/users/api.yaml"


class WatchfulEdge(RememberingEdge):
    """Says at each step whether the publisher held its lock."""

    def __init__(self, lock: Path) -> None:
        super().__init__()
        self._lock = lock
        self.was_locked: list[bool] = []

    async def provide(self, edge: Edge) -> None:
        try:
            with held(self._lock, wait=False):
                self.was_locked.append(False)
        except Taken:
            self.was_locked.append(True)
        await super().provide(edge)


class Place:
    """A folder with an estate, and who publishes it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "acme"
        self.lock = folder / "run" / "publish.lock"
        self.edge = WatchfulEdge(self.lock)
        self.time = NOW
        self.store = InMemoryStore()
        for path, text in some_files().items():
            self.write(path, text)
        self.publisher = self.a_publisher()

    def a_publisher(self, environment: str | None = None) -> Publisher:
        sources = Sources(estate=self.folder, environment=environment, variables=frozenset({"SET"}))
        return Publisher(
            sources, a_world(self.store, self.edge), lock=self.lock, clock=lambda: self.time
        )

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    async def publish(self) -> Published | Unchanged:
        report = await self.publisher.publish(who="ada", because="saved")
        assert report.seconds >= 0
        return report.outcome


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


async def test_publishes_the_folder_as_it_is(place: Place) -> None:
    report = await place.publisher.publish(who="ada", because="up")
    assert isinstance(report.outcome, Published)
    assert (report.outcome.revision.who, report.outcome.revision.because) == ("ada", "up")
    assert report.outcome.revision.at == NOW
    assert set(report.files) == set(some_files())
    assert report.examined.diagnostics == ()


async def test_reads_it_anew_each_time(place: Place) -> None:
    await place.publish()
    place.write(PAYMENTS, an_api_file("internal"))
    outcome = await place.publish()
    assert isinstance(outcome, Published)
    assert outcome.moved == ("api/payments",)
    assert isinstance(await place.publish(), Unchanged)


async def test_reads_it_as_of_today(place: Place) -> None:
    await place.publish()
    assert place.publisher.today() == NOW.date()
    place.time += timedelta(days=1)
    assert place.publisher.today() == NOW.date() + timedelta(days=1)


async def test_lays_one_environment_over_it(place: Place) -> None:
    place.write("forecourt.prod.yaml", "listeners: {external: {address: 127.0.0.1:443}}\n")
    outcome = await place.a_publisher("prod").publish(who="ada", because="up")
    assert isinstance(outcome.outcome, Published)
    assert place.edge.provided[-1].gateway.external.port == 443


async def test_tells_of_variables_that_are_not_set(place: Place) -> None:
    text = (place.folder / "forecourt.yaml").read_text()
    place.write("forecourt.yaml", text + 'channels: {slack: {webhook: "${UNSET}"}}\n')
    examined, _ = await place.publisher.examine()
    assert [d.name for d in examined.diagnostics] == ["unset-variable"]
    place.write("forecourt.yaml", text + 'channels: {slack: {webhook: "${SET}"}}\n')
    examined, _ = await place.publisher.examine()
    assert examined.diagnostics == ()


async def test_only_one_publishes_at_a_time(place: Place) -> None:
    outcomes = await asyncio.gather(
        *(place.a_publisher().publish(who="x", because="") for _ in range(4))
    )
    assert sum(isinstance(o.outcome, Published) for o in outcomes) == 1
    assert place.edge.was_locked == [True] * 4
    with held(place.lock, wait=False):
        pass  # it is free again


async def test_the_lock_is_free_again_after_a_failure(place: Place) -> None:
    place.edge.fails = OSError("no space left")
    with pytest.raises(OSError, match="no space"):
        await place.publish()
    place.edge.fails = None
    assert isinstance(await place.publish(), Published)


async def test_opens_rolls_back_and_narrows_on_the_record(place: Place) -> None:
    await place.publish()
    place.write(USERS, a_users_file("public"))
    await place.publish()
    waiting, narrowings = await place.publisher.waiting()
    assert [h.part for h in waiting] == ["api/users"]
    assert narrowings == ()
    opened = await place.publisher.open(frozenset({"api/users"}), who="ada", because="agreed")
    narrowed = await place.publisher.narrow("users", Audience.INTERNAL, who="ada", because="leak")
    back = await place.publisher.roll_back(1, who="ada", because="broken", may_open=False)
    kinds = []
    for outcome in (opened, narrowed, back):
        assert isinstance(outcome, Published)
        kinds.append((outcome.revision.kind, outcome.revision.because))
    assert kinds == [
        (RevisionKind.OPEN, "agreed"),
        (RevisionKind.NARROW, "leak"),
        (RevisionKind.ROLLBACK, "broken"),
    ]
    assert len((await place.publisher.waiting())[1]) == 1


async def test_what_does_not_wait_is_not_opened(place: Place) -> None:
    await place.publish()
    outcome = await place.publisher.open(frozenset({"api/x"}), who="ada", because="")
    assert outcome == NotHeld(parts=("api/x",))


async def test_compiles_what_is_declared_and_publishes_nothing(place: Place) -> None:
    await place.publish()
    place.write(USERS, a_users_file("public"))
    examined, _ = await place.publisher.examine()
    edge, compiled = place.publisher.compiled(examined)
    assert [a.audience for a in edge.apis if a.name == "users"] == [Audience.PUBLIC]
    assert compiled.digest != place.edge.digest
    assert len(place.edge.provided) == 1, "what serves is left as it is"
    newest = await place.store.revisions.newest()
    assert newest is not None
    assert newest.number == 1


async def test_there_is_nothing_to_compile_without_a_listener(place: Place) -> None:
    place.write("forecourt.yaml", "organization: [")
    examined, _ = await place.publisher.examine()
    with pytest.raises(NothingToServe):
        place.publisher.compiled(examined)


async def test_remembers_the_last_contract_that_could_be_read(place: Place) -> None:
    assert place.publisher.contract("payments", "1") is None
    await place.publish()
    contract = place.publisher.contract("payments", "1")
    assert contract is not None
    assert [o.template for o in contract.operations] == ["/charges", "/things", "/x"]
    place.write("apis/payments/v1.openapi.yaml", "rubbish: [")
    await place.publish()
    assert place.publisher.contract("payments", "1") is contract
    assert place.publisher.contract("payments", "2") is None


_TWO = '{"1": {contract: v1.openapi.yaml}, "2": {contract: v1.openapi.yaml}}'
_WAIVER = """rule: version-taken-out
api: payments
version: "1"
owner: shop
because: nobody called it
approved_by: [board]
expires: 2026-08-01
"""


async def test_a_version_that_is_served_is_not_taken_out_without_a_waiver(place: Place) -> None:
    place.write(PAYMENTS, an_api_file(versions=_TWO))
    await place.publish()
    place.write(PAYMENTS, an_api_file(versions='{"2": {contract: v1.openapi.yaml}}'))
    outcome = await place.publish()
    assert [(r.part, r.is_served) for r in outcome.refused] == [("api/payments", True)]
    assert [d.name for d in outcome.refused[0].diagnostics] == ["version-taken-out"]
    place.write("waivers/payments-v1-gone.yaml", _WAIVER)
    outcome = await place.publish()
    assert isinstance(outcome, Published)
    assert outcome.moved == ("api/payments",)
    assert not outcome.refused
