"""Read the contracts that an estate names, each only where nobody knows what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from forecourt.actions.contract_memory import ContractMemory, Judged
from forecourt.actions.progress import Progress, Unheard
from forecourt.compiler.contracts.elsewhere import left_to_others
from forecourt.contract import Contract, read_contract
from forecourt.estate.model import Estate
from forecourt.governance import ContractFacts
from forecourt.source.estate import Files
from forecourt.source.text import decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How contracts are read.

    `memory` knows those of earlier runs; who gives one does without the contracts that it knows.
    `progress` is told how many are done, of how many, and the path of the next.
    """

    memory: ContractMemory | None = None
    progress: Progress = field(default_factory=Unheard)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadContract:
    """A contract as it was read. `contract` None: it cannot be, or need not since it is known."""

    judged: Judged
    contract: Contract | None


def read_contracts(
    files: Files, estate: Estate, before: Mapping[str, ReadContract], reading: Reading
) -> dict[str, ReadContract]:
    """The contracts that versions name and that are there, by path, in order of the paths."""
    named = {v.contract for api in estate.apis.values() for v in api.versions if v.contract}
    return _Reader(files=files, before=before, reading=reading).all(
        sorted(path for path in named if path in files)
    )


@dataclass(slots=True, kw_only=True)
class _Reader:
    """`digests` grows: a file that many contracts refer to is hashed once."""

    files: Files
    before: Mapping[str, ReadContract]
    reading: Reading
    digests: dict[str, str] = field(default_factory=dict)

    def all(self, paths: list[str]) -> dict[str, ReadContract]:
        read: dict[str, ReadContract] = {}
        for path in paths:
            self.reading.progress("reading contracts", len(read), len(paths), path)
            read[path] = self._known(path) or self._read(path)
        return read

    def _known(self, path: str) -> ReadContract | None:
        known = self.before.get(path)
        if known is not None and self._is_current(known.judged):
            return known
        if self.reading.memory is None:
            return None
        judged = self.reading.memory.recall(path, self._digest(path))
        if judged is None or not self._is_current(judged):
            return None
        return ReadContract(judged=judged, contract=None)

    def _read(self, path: str) -> ReadContract:
        content = self.files[path]
        inputs = {path: self._digest(path)}
        text, mistakes = (content, ()) if isinstance(content, str) else decode(content, path)
        contract = None

        def other(path: str) -> str | bytes | None:
            inputs[path] = self._digest(path)
            return self.files.get(path)

        if text is not None:
            contract, mistakes = read_contract(text, path, other, left=left_to_others)
        judged = Judged(
            inputs=inputs,
            facts=None if contract is None else _facts(path, contract),
            diagnostics=mistakes,
            elsewhere=() if contract is None else contract.elsewhere,
        )
        if self.reading.memory is not None:
            self.reading.memory.remember(path, inputs[path], judged)
        return ReadContract(judged=judged, contract=contract)

    def _is_current(self, judged: Judged) -> bool:
        return all(self._digest(path) == digest for path, digest in judged.inputs.items())

    def _digest(self, path: str) -> str:
        """The SHA-256 of a file; "" where there is none."""
        if path not in self.digests:
            content = self.files.get(path)
            data = content.encode() if isinstance(content, str) else content
            self.digests[path] = "" if data is None else sha256(data).hexdigest()
        return self.digests[path]


def _facts(path: str, contract: Contract) -> ContractFacts:
    return ContractFacts(path=path, audience_marks=contract.audience_marks)
