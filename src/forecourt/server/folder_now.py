"""An estate's folder as it is now, for who asks about one request: few contracts are read."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

from forecourt.actions.check_estate import Examined, examine
from forecourt.actions.compile_contracts import (
    CompiledContracts,
    ContractCompiler,
    anonymous_until,
    compiled_for,
    raised_versions,
)
from forecourt.actions.contract_memory import ContractMemory
from forecourt.actions.estate_files import authority_digests, files_below
from forecourt.actions.explain_request import ServedContracts
from forecourt.actions.progress import Progress
from forecourt.actions.read_contracts import Reading
from forecourt.compiler.ir.apis import ContractRef
from forecourt.server.publisher import Sources
from forecourt.source.folder import EstateFolder


class FolderNow:
    """The estate of a folder, read once.

    A contract is read and compiled only where nobody remembers what comes of it, or where what it
    was compiled to is not kept.
    """

    def __init__(
        self,
        sources: Sources,
        *,
        today: date,
        memory: ContractMemory,
        kept: ServedContracts,
        progress: Progress,
    ) -> None:
        self._sources = sources
        self._today = today
        self._memory = memory
        self._kept = kept
        self._progress = progress
        self._files, self._mistakes = EstateFolder(sources.estate).read()
        self._others = files_below(sources.estate)
        self._compiler = ContractCompiler()
        self._before: Examined | None = None

    async def examined(self, apis: frozenset[str]) -> Examined:
        """The estate, with the contracts of these APIs and no others."""
        with self._progress:
            examined = await self._read(apis, self._before)
            known, contents, lacking = await self._remembered(examined, apis)
            if lacking:
                read = {d: r for d, r in examined.read.items() if d not in lacking}
                examined = await self._read(apis, replace(examined, read=read), is_known=False)
            compiled = await asyncio.to_thread(self._compiled, examined)
        references = {
            name: {**known.get(name, {}), **compiled.references.get(name, {})} for name in apis
        }
        self._before = replace(
            examined,
            digests=authority_digests(self._others),
            compiled=CompiledContracts(
                references=references,
                anonymous=compiled.anonymous,
                lenses=compiled.lenses,
                contents={**contents, **compiled.contents},
            ),
        )
        return self._before

    async def _read(
        self, apis: frozenset[str], before: Examined | None, *, is_known: bool = True
    ) -> Examined:
        reading = Reading(
            memory=self._memory if is_known else None,
            progress=self._progress,
            only=apis,
            is_located=True,
        )
        return await asyncio.to_thread(
            examine,
            self._files,
            self._sources.environment,
            self._today,
            mistakes=self._mistakes,
            others=self._others,
            variables=self._sources.variables,
            before=before,
            reading=reading,
        )

    async def _remembered(
        self, examined: Examined, apis: frozenset[str]
    ) -> tuple[dict[str, dict[str, tuple[ContractRef, ...]]], dict[str, bytes], set[str]]:
        """What contracts that were not read are compiled to; and those that have to be read."""
        known: dict[str, dict[str, tuple[ContractRef, ...]]] = {}
        of_document: dict[str, set[str]] = {}
        lacking: set[str] = set()
        for name in apis & examined.estate.apis.keys():
            api = examined.estate.apis[name]
            for version in api.versions:
                document = version.document or ""
                read = examined.read.get(document)
                if read is None or read.contract is not None or read.judged.facts is None:
                    continue
                opens = read.judged.facts.anonymous
                is_open = anonymous_until(examined.estate, api, version.name, opens) is not None
                if raised_versions(api) or is_open:  # that is not remembered: what lies between
                    lacking.add(document)
                    continue
                made = {ref.audience: ref for ref in read.judged.compiled}
                needed = compiled_for(api, has_limits=read.judged.facts.has_limits)
                if not made.keys() >= set(needed):
                    lacking.add(document)
                    continue
                references = tuple(made[audience] for audience in needed)
                known.setdefault(name, {})[version.name] = references
                of_document.setdefault(document, set()).update(r.way_in for r in references)
        contents = await self._kept.of(frozenset().union(*of_document.values()))
        lacking |= {d for d, digests in of_document.items() if not digests <= contents.keys()}
        return known, contents, lacking

    def _compiled(self, examined: Examined) -> CompiledContracts:
        """What was read, compiled; and remembered for the next time."""
        if examined.contracts:
            self._progress("compiling")
        compiled = self._compiler.compile(examined.estate, examined.contracts)
        for name, api in examined.estate.apis.items():
            for version in api.versions:
                document = version.document or ""
                references = compiled.references.get(name, {}).get(version.name)
                if references is None or version.contract is None:
                    continue
                judged = replace(examined.read[document].judged, compiled=references)
                self._memory.remember(document, judged.inputs[version.contract], judged)
        return compiled
