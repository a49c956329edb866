"""A folder as it is now reads no more contracts than a request is about, and each only once."""

from __future__ import annotations

from pathlib import Path

import pytest

import forecourt.actions.read_contracts as reading
from forecourt.actions.compile_contracts import CompiledContracts
from forecourt.actions.progress import Unheard
from forecourt.server.folder_now import FolderNow
from forecourt.server.publisher import Sources
from forecourt.store.contract_cache import ContractCache
from tests.actions.builders import NOW
from tests.actions.publishing import CONTRACT, some_files
from tests.store.in_memory import InMemoryStore

PAYMENTS = frozenset({"payments"})
PATH = "apis/payments/v1.openapi.yaml"


class Folder:
    """An estate on disk, a store, and what was read of it."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = path / "acme"
        self.store = InMemoryStore()
        self.memory = ContractCache(path / "explained", code="1")
        self.read: list[str] = []
        for name, text in some_files().items():
            self.write(name, text)
        real = reading.read_contract

        def noting(text: str, path: str, *given: object, **named: object) -> object:
            self.read.append(path)
            return real(text, path, *given, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(reading, "read_contract", noting)

    def write(self, name: str, text: str) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    async def compiled(self, apis: frozenset[str] = PAYMENTS) -> CompiledContracts:
        """What a new process has compiled of these APIs."""
        found = await self.now().examined(apis)
        return found.compiled

    def now(self) -> FolderNow:
        return FolderNow(
            Sources(estate=self.path, environment=None, variables=frozenset()),
            today=NOW.date(),
            memory=self.memory,
            kept=self.store.compiled_contracts,
            progress=Unheard(),
        )

    async def publish(self, compiled: CompiledContracts) -> None:
        await self.store.compiled_contracts.keep(compiled.contents)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    return Folder(tmp_path, monkeypatch)


def way_ins(compiled: CompiledContracts) -> set[str]:
    return {r.way_in for refs in compiled.references["payments"].values() for r in refs}


async def test_only_the_contracts_of_these_apis_are_read(folder: Folder) -> None:
    now = folder.now()
    estate = (await now.examined(frozenset())).estate
    assert len(estate.apis) > 1
    assert folder.read == []
    compiled = (await now.examined(PAYMENTS)).compiled
    assert folder.read == [PATH]
    assert set(compiled.references) == PAYMENTS
    assert way_ins(compiled) <= set(compiled.contents)


async def test_what_was_compiled_once_and_is_served_is_not_read_again(folder: Folder) -> None:
    first = await folder.compiled()
    await folder.publish(first)
    again = await folder.compiled()
    assert folder.read == [PATH]
    assert again.references == first.references
    assert {d: again.contents[d] for d in way_ins(first)} == {
        d: first.contents[d] for d in way_ins(first)
    }


async def test_places_are_remembered_with_it(folder: Folder) -> None:
    await folder.publish(await folder.compiled())
    examined = await folder.now().examined(PAYMENTS)
    (read,) = examined.read.values()
    assert read.contract is None
    assert str(read.judged.operations[0].span).startswith(f"{PATH}:5:")


@pytest.mark.parametrize("why", ["it changed", "it is not kept", "its audience changed"])
async def test_it_is_read_again_where_that_is_not_it(folder: Folder, why: str) -> None:
    public = str(some_files()["apis/payments/api.yaml"])
    if why == "its audience changed":
        folder.write("apis/payments/api.yaml", public.replace("public", "partner"))
    first = await folder.compiled()
    if why != "it is not kept":
        await folder.publish(first)
    if why == "it changed":
        folder.write(PATH, CONTRACT.replace("/charges", "/fees"))
    if why == "its audience changed":
        folder.write("apis/payments/api.yaml", public)
    again = await folder.compiled()
    assert folder.read == [PATH, PATH]
    assert way_ins(again) <= set(again.contents)
    assert (again.references == first.references) is (why == "it is not kept")
