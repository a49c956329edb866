"""Judge an estate: read its files and contracts, apply every rule, keep what did not change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from forecourt.contract import Contract, read_contract
from forecourt.diagnostics import Diagnostic, Severity, in_reading_order
from forecourt.estate.model import Estate
from forecourt.governance import ContractFacts, Facts, govern
from forecourt.source.codes import STRAY_FILE
from forecourt.source.estate import EstateReader, Files
from forecourt.source.text import decode


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadContract:
    """A contract as it was read. `digest` is the SHA-256 of its text, in hexadecimal digits.

    `others` are the digests of the other files that its references lead to, by path; None for one
    that is not there.
    """

    digest: str
    contract: Contract | None
    diagnostics: tuple[Diagnostic, ...]
    others: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An estate and everything that is wrong with it.

    `contracts` are those that versions name and that could be read, by path from the root;
    `digests` the SHA-256 of authorities' files.
    `read` remembers what was read, for the next time.
    """

    estate: Estate
    contracts: Mapping[str, Contract]
    diagnostics: tuple[Diagnostic, ...]
    digests: Mapping[str, str] = field(default_factory=dict)
    read: Mapping[str, ReadContract] = field(compare=False, repr=False)
    reader: EstateReader = field(compare=False, repr=False)

    def apis_made_of(self, path: str) -> tuple[str, ...]:
        """The APIs whose contracts refer to a file, sorted."""
        made = {contract for contract, read in self.read.items() if path in read.others}
        return tuple(
            name
            for name, api in sorted(self.estate.apis.items())
            if any(version.contract in made for version in api.versions)
        )


def examine(
    files: Files,
    environment: str | None,
    today: date,
    *,
    mistakes: Iterable[Diagnostic] = (),
    other_files: Iterable[str] = (),
    digests: Mapping[str, str] | None = None,
    variables: frozenset[str] | None = None,
    before: Examined | None = None,
) -> Examined:
    """What these files declare, and what is wrong with it on that day.

    `files` are the contents by path from the estate's root; `mistakes` say what could not even be
    opened. `other_files` are paths that exist besides, such as certificates, `digests` the SHA-256
    of those that are authorities. `variables` are the
    names of the environment variables that are set; None where this machine stands in for the real
    one (`--local`). `before` is what was examined last: what has not changed is not read again.
    """
    reader = before.reader if before is not None else EstateReader()
    estate, found = reader.read(files, environment)
    found = (*mistakes, *found)
    read = _read_contracts(files, estate, before.read if before is not None else {})
    referred = {path for r in read.values() for path in r.others}
    found = tuple(d for d in found if d.code != STRAY_FILE.code or d.span.path not in referred)
    contracts = {path: r.contract for path, r in read.items() if r.contract is not None}
    faulty, absent = _faulty(found), _absent(files, estate)
    facts = Facts(
        files=frozenset((*files, *other_files)),
        unreadable=faulty | {f"apis/{name}/api.yaml" for name in absent},
        unread_apis=frozenset(n for n in absent if f"apis/{n}/api.yaml" not in faulty),
        variables=variables,
        contracts={path: _facts(path, contract) for path, contract in contracts.items()},
    )
    diagnostics = in_reading_order(
        (
            *found,
            *(d for r in read.values() for d in r.diagnostics),
            *govern(estate, facts, today),
        )
    )
    return Examined(
        estate=estate,
        contracts=contracts,
        diagnostics=diagnostics,
        digests=digests or {},
        read=read,
        reader=reader,
    )


def _read_contracts(
    files: Files, estate: Estate, before: Mapping[str, ReadContract]
) -> dict[str, ReadContract]:
    named = {v.contract for api in estate.apis.values() for v in api.versions if v.contract}
    return {path: _read(files, path, before) for path in sorted(named) if path in files}


def _read(files: Files, path: str, before: Mapping[str, ReadContract]) -> ReadContract:
    content = files[path]
    digest = _digest(content)
    known = before.get(path)
    if known is not None and known.digest == digest and _are_as_before(files, known):
        return known
    text, mistakes = (content, ()) if isinstance(content, str) else decode(content, path)
    contract = None
    others: dict[str, str | None] = {}

    def other(path: str) -> str | bytes | None:
        there = files.get(path)
        others[path] = None if there is None else _digest(there)
        return there

    if text is not None:
        contract, mistakes = read_contract(text, path, other)
    return ReadContract(digest=digest, contract=contract, diagnostics=mistakes, others=others)


def _are_as_before(files: Files, known: ReadContract) -> bool:
    """Whether the other files that a contract consists of have not changed."""
    return all(
        digest == (None if (there := files.get(path)) is None else _digest(there))
        for path, digest in known.others.items()
    )


def _digest(content: str | bytes) -> str:
    return sha256(content.encode() if isinstance(content, str) else content).hexdigest()


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
