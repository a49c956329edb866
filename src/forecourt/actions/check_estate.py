"""Judge an estate: read its files and contracts, apply every rule, keep what did not change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from forecourt.actions.authority_file import AuthorityFile
from forecourt.actions.compile_contracts import CompiledContracts
from forecourt.actions.derive_changes import KnownChanges, known_changes, mistakes_of
from forecourt.actions.estate_files import NO_OTHERS, OtherFiles
from forecourt.actions.key_files import ending_key_files, unusable_key_files
from forecourt.actions.read_contracts import ReadContract, Reading, read_contracts
from forecourt.contract import Contract
from forecourt.contract.codes import IDLE_ACTION
from forecourt.contract.model import JudgedElsewhere
from forecourt.diagnostics import Diagnostic, Severity, in_reading_order
from forecourt.estate.model import Estate
from forecourt.governance import Facts, Supposed, govern
from forecourt.governance.rule import ServedVersion
from forecourt.source.codes import STRAY_FILE
from forecourt.source.estate import EstateReader, Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An estate and everything that is wrong with it.

    `contracts` are those that its versions name and that could be read, by `Version.document`,
    those left out that a memory knew. `digests` are those of authorities' files, `compiled`
    what the edge loads of the contracts, both where somebody needs them. `read` and `changes`
    remember what was read, for the next time.
    """

    estate: Estate
    contracts: Mapping[str, Contract]
    diagnostics: tuple[Diagnostic, ...]
    digests: Mapping[str, AuthorityFile] = field(default_factory=dict)
    compiled: CompiledContracts = field(default_factory=CompiledContracts, compare=False)
    read: Mapping[str, ReadContract] = field(compare=False, repr=False)
    reader: EstateReader = field(compare=False, repr=False)
    changes: Mapping[str, KnownChanges] = field(default_factory=dict, compare=False, repr=False)

    @property
    def elsewhere(self) -> tuple[JudgedElsewhere, ...]:
        """What of requests the edge leaves to the control plane, by contract."""
        return tuple(
            each for _, read in sorted(self.read.items()) for each in read.judged.elsewhere
        )

    def apis_made_of(self, path: str) -> tuple[str, ...]:
        """The APIs whose contracts refer to a file, or have it laid over them, sorted."""
        made = {document for document, read in self.read.items() if path in read.judged.inputs}
        return tuple(
            name
            for name, api in sorted(self.estate.apis.items())
            if any(v.document in made and v.contract != path for v in api.versions)
        )


def examine(  # noqa: PLR0913
    files: Files,
    environment: str | None,
    today: date,
    *,
    mistakes: Iterable[Diagnostic] = (),
    others: OtherFiles = NO_OTHERS,
    variables: frozenset[str] | None = None,
    before: Examined | None = None,
    reading: Reading | None = None,
    served: Mapping[str, tuple[ServedVersion, ...]] | None = None,
) -> Examined:
    """What these files declare, and what is wrong with it on that day.

    `files` are the contents by path from the estate's root; `mistakes` say what could not even be
    opened. `others` are the files besides, such as certificates. `variables` are the names of the
    environment variables that are set; None where this machine stands in for the real one
    (`--local`). `served` are the versions that were published last, by API. `before` is what was
    examined last: what has not changed is not read again.
    """
    reader = before.reader if before is not None else EstateReader()
    of_files = reader.read(files, environment)
    estate, found = of_files.estate, (*mistakes, *of_files.mistakes)
    read = read_contracts(
        files, of_files.supposed, before.read if before is not None else {}, reading or Reading()
    )
    referred = {other for r in read.values() for other in r.judged.inputs}
    found = tuple(d for d in found if d.code != STRAY_FILE.code or d.span.path not in referred)
    named = {version.document for api in estate.apis.values() for version in api.versions}
    contracts = {d: r.contract for d, r in read.items() if r.contract is not None and d in named}
    changes = known_changes(
        files,
        of_files.supposed,
        today,
        before.changes if before is not None else {},
        None if reading is None else reading.proofs,
    )
    faulty, absent = _faulty(found), _absent(files, estate)
    facts = Facts(
        files=others.paths.union(files),
        unreadable=faulty | {f"apis/{name}/api.yaml" for name in absent},
        unread_apis=frozenset(n for n in absent if not _has_faults(n, faulty)),
        variables=variables,
        contracts={path: r.judged.facts for path, r in read.items() if r.judged.facts is not None},
        unusable=unusable_key_files(estate, others.content),
        ending=ending_key_files(estate, others.content, today),
        served=served,
        uncovered=tuple(fact for api in changes.values() for fact in api.uncovered),
    )
    diagnostics = in_reading_order(
        (
            *found,
            *mistakes_of(changes),
            *_of_contracts(read),
            *govern(estate, facts, today, Supposed(of_files.supposed, of_files.supposed_in)),
        )
    )
    return Examined(
        estate=estate,
        contracts=contracts,
        diagnostics=diagnostics,
        read=read,
        reader=reader,
        changes=changes,
    )


def _of_contracts(read: Mapping[str, ReadContract]) -> Iterator[Diagnostic]:
    """What is wrong with contracts. What several say of one place is said once.

    An action of an overlay that is laid over several may match nothing in some of them.
    """
    said: dict[Diagnostic, int] = {}
    for each in read.values():
        for diagnostic in dict.fromkeys(each.judged.diagnostics):
            said[diagnostic] = said.get(diagnostic, 0) + 1
    for diagnostic, times in said.items():
        laid_over = sum(diagnostic.span.path in each.judged.inputs for each in read.values())
        if diagnostic.name != IDLE_ACTION.name or times == laid_over:
            yield diagnostic


def _faulty(found: Iterable[Diagnostic]) -> frozenset[str]:
    """The files and folders that hold an error."""
    return frozenset(d.span.path for d in found if d.severity is Severity.ERROR)


def _has_faults(api: str, faulty: frozenset[str]) -> bool:
    """Whether an error stands in what an API declares of itself."""
    own = (f"apis/{api}/api.yaml", f"apis/{api}/changes/")
    return any(path.startswith(own) for path in faulty)


def _absent(files: Files, estate: Estate) -> frozenset[str]:
    """The APIs that have a file and are not in the estate."""
    return frozenset(
        name
        for path in files
        if path.startswith("apis/") and path.endswith("/api.yaml") and path.count("/") == 2
        if (name := path.split("/")[1]) not in estate.apis
    )
