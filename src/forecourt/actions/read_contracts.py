"""Read the contracts that an estate names, each only where nobody knows what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256

from forecourt.actions.contract_memory import ContractMemory, Judged, ProofMemory
from forecourt.actions.progress import Progress, Unheard
from forecourt.compiler.contracts.elsewhere import left_to_others
from forecourt.contract import Contract, read_contract
from forecourt.diagnostics import Diagnostic
from forecourt.estate.api import Api
from forecourt.estate.model import Estate
from forecourt.estate.unread import Unknown
from forecourt.governance import ContractFacts
from forecourt.source.estate import Files
from forecourt.source.text import decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How contracts are read.

    `memory` knows those of earlier runs; who gives one does without the contracts that it knows.
    `proofs` knows what was found of changes between them.
    `progress` is told how many are done, of how many, and the path of the next. `only` names the
    APIs whose contracts are read; None: all. `is_located`: where each operation stands is asked.
    """

    memory: ContractMemory | None = None
    proofs: ProofMemory | None = None
    progress: Progress = field(default_factory=Unheard)
    only: frozenset[str] | None = None
    is_located: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadContract:
    """A contract as it was read. `contract` None: it cannot be, or need not since it is known."""

    judged: Judged
    contract: Contract | None


def read_contracts(
    files: Files, estate: Estate, before: Mapping[str, ReadContract], reading: Reading
) -> dict[str, ReadContract]:
    """The contracts that versions name and that are there, by `Version.document`, in its order.

    What is `Unread` of an estate names none.
    """
    named = {
        each.document: each
        for api in estate.apis.values()
        if reading.only is None or api.name in reading.only
        for each in _named_by(api)
    }
    return _Reader(files=files, before=before, reading=reading).all(
        [named[document] for document in sorted(named) if named[document].path in files]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """What a version names: a file, and the overlays that are laid over it."""

    document: str
    path: str
    overlays: tuple[str, ...]


def _named_by(api: Api) -> Iterator[_Named]:
    with suppress(Unknown):
        for version in api.versions:
            with suppress(Unknown):
                if version.document is not None and version.contract is not None:
                    yield _Named(  # as texts, which what is unread has not
                        document=str(version.document),
                        path=str(version.contract),
                        overlays=tuple(map(str, version.overlays)),
                    )


@dataclass(slots=True, kw_only=True)
class _Reader:
    """`digests` grows: a file that many contracts refer to is hashed once."""

    files: Files
    before: Mapping[str, ReadContract]
    reading: Reading
    digests: dict[str, str] = field(default_factory=dict)

    def all(self, wanted: list[_Named]) -> dict[str, ReadContract]:
        read: dict[str, ReadContract] = {}
        for named in wanted:
            self.reading.progress("reading contracts", len(read), len(wanted), named.path)
            read[named.document] = self._known(named) or self._read(named)
        return read

    def _known(self, named: _Named) -> ReadContract | None:
        known = self.before.get(named.document)
        if known is not None and self._is_current(known.judged):
            return known
        if self.reading.memory is None:
            return None
        judged = self.reading.memory.recall(named.document, self._digest(named.path))
        if judged is None or not self._is_current(judged):
            return None
        return ReadContract(judged=judged, contract=None)

    def _read(self, named: _Named) -> ReadContract:
        path = named.path
        inputs = {file: self._digest(file) for file in (path, *named.overlays)}
        text, mistakes = self._text(path)
        contract = None

        def other(path: str) -> str | bytes | None:
            inputs[path] = self._digest(path)
            return self.files.get(path)

        if text is not None:
            overlays: list[tuple[str, str]] = []
            for overlay in named.overlays:
                laid, unreadable = self._text(overlay)
                mistakes = (*mistakes, *unreadable)
                if laid is not None:
                    overlays.append((overlay, laid))
            try:
                contract, found = read_contract(
                    text,
                    path,
                    other,
                    overlays=overlays,
                    left=left_to_others,
                    is_located=self.reading.is_located,
                )
            except Exception as error:  # a mistake of ours; who meets it must know with what
                error.add_note(f"while reading `{path}`")
                raise
            mistakes = (*mistakes, *found)
        judged = Judged(
            inputs=inputs,
            facts=None if contract is None else _facts(path, contract),
            diagnostics=mistakes,
            elsewhere=() if contract is None else contract.elsewhere,
            operations=() if contract is None else contract.places,
            left_out=contract.left_out if contract is not None and self.reading.is_located else (),
        )
        if self.reading.memory is not None:
            self.reading.memory.remember(named.document, inputs[path], judged)
        return ReadContract(judged=judged, contract=contract)

    def _text(self, path: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
        """The text of a file; a rule says where there is none."""
        content = self.files.get(path)
        if content is None or isinstance(content, str):
            return content, ()
        return decode(content, path)

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
    return ContractFacts(
        path=path,
        marks=contract.marks,
        contradictions=contract.contradictions,
        undated=contract.undated,
        has_limits=contract.has_limits,
        own=contract.own,
        anonymous=contract.anonymous,
    )
