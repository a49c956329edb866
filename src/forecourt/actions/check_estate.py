"""Judge an estate: read its files and contracts, apply every rule, keep what did not change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from forecourt.actions.contract_memory import ContractMemory, Judged
from forecourt.contract import Contract, read_contract
from forecourt.diagnostics import Diagnostic, Severity, in_reading_order
from forecourt.estate.model import Estate
from forecourt.governance import ContractFacts, Facts, govern
from forecourt.source.estate import EstateReader, Files
from forecourt.source.text import decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How contracts are read.

    `memory` knows those of earlier runs; who gives one does without the contracts that it knows.
    `progress` is told how many are done, of how many, and the path of the next.
    """

    memory: ContractMemory | None = None
    progress: Callable[[int, int, str], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadContract:
    """A contract as it was read. `contract` None: it cannot be, or need not since it is known."""

    judged: Judged
    contract: Contract | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An estate and everything that is wrong with it.

    `contracts` are those that versions name and that could be read, by path from the root, those
    left out that a memory knew. `digests` are the SHA-256 of authorities' files, where somebody
    needs them.
    `read` remembers what was read, for the next time.
    """

    estate: Estate
    contracts: Mapping[str, Contract]
    diagnostics: tuple[Diagnostic, ...]
    digests: Mapping[str, str] = field(default_factory=dict)
    read: Mapping[str, ReadContract] = field(compare=False, repr=False)
    reader: EstateReader = field(compare=False, repr=False)


def examine(
    files: Files,
    environment: str | None,
    today: date,
    *,
    mistakes: Iterable[Diagnostic] = (),
    other_files: Iterable[str] = (),
    variables: frozenset[str] | None = None,
    before: Examined | None = None,
    reading: Reading | None = None,
) -> Examined:
    """What these files declare, and what is wrong with it on that day.

    `files` are the contents by path from the estate's root; `mistakes` say what could not even be
    opened. `other_files` are paths that exist besides, such as certificates. `variables` are the
    names of the environment variables that are set; None where this machine stands in for the real
    one (`--local`). `before` is what was examined last: what has not changed is not read again.
    """
    reader = before.reader if before is not None else EstateReader()
    estate, found = reader.read(files, environment)
    found = (*mistakes, *found)
    read = _Contracts(
        files=files,
        before=before.read if before is not None else {},
        reading=reading or Reading(),
    ).all(_named_contracts(files, estate))
    contracts = {path: r.contract for path, r in read.items() if r.contract is not None}
    faulty, absent = _faulty(found), _absent(files, estate)
    facts = Facts(
        files=frozenset((*files, *other_files)),
        unreadable=faulty | {f"apis/{name}/api.yaml" for name in absent},
        unread_apis=frozenset(n for n in absent if f"apis/{n}/api.yaml" not in faulty),
        variables=variables,
        contracts={path: r.judged.facts for path, r in read.items() if r.judged.facts is not None},
    )
    diagnostics = in_reading_order(
        (
            *found,
            *(d for r in read.values() for d in r.judged.diagnostics),
            *govern(estate, facts, today),
        )
    )
    return Examined(
        estate=estate,
        contracts=contracts,
        diagnostics=diagnostics,
        read=read,
        reader=reader,
    )


def _named_contracts(files: Files, estate: Estate) -> tuple[str, ...]:
    """The contracts that versions name and that are there, by path."""
    named = {v.contract for api in estate.apis.values() for v in api.versions if v.contract}
    return tuple(sorted(path for path in named if path in files))


@dataclass(slots=True, kw_only=True)
class _Contracts:
    """Reads contracts, each only where nobody knows what comes of it."""

    files: Files
    before: Mapping[str, ReadContract]
    reading: Reading
    digests: dict[str, str] = field(default_factory=dict)

    def all(self, paths: tuple[str, ...]) -> dict[str, ReadContract]:
        read: dict[str, ReadContract] = {}
        for path in paths:
            if self.reading.progress is not None:
                self.reading.progress(len(read), len(paths), path)
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
        text, mistakes = (content, ()) if isinstance(content, str) else decode(content, path)
        contract = None
        if text is not None:
            contract, mistakes = read_contract(text, path)
        judged = Judged(
            inputs={path: self._digest(path)},
            facts=None if contract is None else _facts(path, contract),
            diagnostics=mistakes,
        )
        if self.reading.memory is not None:
            self.reading.memory.remember(path, self._digest(path), judged)
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


def _faulty(found: Iterable[Diagnostic]) -> frozenset[str]:
    """The files and folders that hold an error."""
    return frozenset(d.span.path for d in found if d.severity is Severity.ERROR)


def _absent(files: Files, estate: Estate) -> frozenset[str]:
    """The APIs that have a file and are not in the estate."""
    return frozenset(
        name
        for path in files
        if path.startswith("apis/") and path.endswith("/api.yaml") and path.count("/") == 2
        if (name := path.split("/")[1]) not in estate.apis
    )
