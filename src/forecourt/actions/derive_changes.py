"""What the changes between versions make of messages, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from forecourt.actions.compare_contracts import postures_for
from forecourt.actions.contract_memory import ProofMemory
from forecourt.actions.edition import Declared, Edition, Read, read_edition
from forecourt.contract.lenses.deriving import Derived, derived
from forecourt.contract.lenses.proof import uncovered
from forecourt.diagnostics import Diagnostic, has_errors
from forecourt.estate.api import Api, Version
from forecourt.estate.audience import Audience
from forecourt.estate.changes import Changes
from forecourt.estate.model import Estate
from forecourt.estate.posture import Posture
from forecourt.estate.unread import Unknown
from forecourt.governance import UncoveredFact
from forecourt.source.estate import Files
from forecourt.source.functions import files_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedChanges:
    """A file of changes of an API, with both contracts, and what comes of it."""

    api: Api
    changes: Changes
    older: Edition
    newer: Edition
    derived: Derived


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownChanges:
    """The changes of an API, and what breaks in spite of them, as long as nothing of this differs.

    `inputs` is what stood in each file that was read for it, None where there was none.
    """

    inputs: Mapping[str, str | bytes | None]
    declared: tuple[Changes, ...]
    versions: tuple[Version, ...]
    postures: Mapping[Audience, Posture]
    today: date
    changes: tuple[DerivedChanges, ...]
    uncovered: tuple[UncoveredFact, ...]

    def holds(self, files: Files, api: Api, today: date) -> bool:
        """Whether the same would come of it again. Of what is unread nobody can say that."""
        with suppress(Unknown):
            return (
                self.today == today
                and self.declared == api.changes
                and self.versions == api.versions
                and self.postures == postures_for(api)
                and all(files.get(path) == content for path, content in self.inputs.items())
            )
        return False


def known_changes(
    files: Files,
    estate: Estate,
    today: date,
    before: Mapping[str, KnownChanges],
    proofs: ProofMemory | None = None,
) -> dict[str, KnownChanges]:
    """Those of every API that has some, and whose contracts can be read; by its name.

    What is known from before and still holds is not looked at again; what `proofs` remembers is
    derived, and not proved again.
    """
    return {
        name: _known(files, api, today, before.get(name), proofs)
        for name, api in estate.apis.items()
        if not _is_unread(api) and api.changes
    }


def _known(
    files: Files,
    api: Api,
    today: date,
    before: KnownChanges | None,
    proofs: ProofMemory | None,
) -> KnownChanges:
    if before is not None and before.holds(files, api, today):
        return before
    paths = [path for changes in api.changes for path in files_of(changes)]
    inputs = {path: files.get(path) for path in paths}

    def read(path: str) -> str | bytes | None:
        inputs[path] = files.get(path)
        return inputs[path]

    changes = tuple(of_api(read, api))
    return KnownChanges(
        inputs=inputs,
        declared=api.changes,
        versions=api.versions,
        postures=postures_for(api),
        today=today,
        changes=changes,
        uncovered=_proved(changes, today, _digest(files, api, inputs, today), proofs),
    )


def _proved(
    changes: tuple[DerivedChanges, ...], today: date, digest: str, proofs: ProofMemory | None
) -> tuple[UncoveredFact, ...]:
    known = None if proofs is None else proofs.recall_proof(digest)
    if known is not None:
        return known
    uncovered = tuple(uncovered_by(changes, today))
    if proofs is not None:
        proofs.remember_proof(digest, uncovered)
    return uncovered


def _digest(files: Files, api: Api, inputs: Mapping[str, str | bytes | None], today: date) -> str:
    """Of all that a proof follows from: the day, the API's own file, and what was read for it."""
    path = api.places.origin.path
    total = sha256(f"{api.name}\0{today}".encode())
    for name, content in sorted({**inputs, path: files.get(path)}.items()):
        whole = (
            b"" if content is None else content if isinstance(content, bytes) else content.encode()
        )
        total.update(f"\0{name}\0{content is None}\0".encode() + sha256(whole).digest())
    return total.hexdigest()


def mistakes_of(known: Mapping[str, KnownChanges]) -> Iterator[Diagnostic]:
    """What is wrong with any of them."""
    for api in known.values():
        for each in api.changes:
            yield from each.derived.mistakes


def of_api(read: Read, api: Api) -> Iterator[DerivedChanges]:
    """The changes of one API, oldest first."""
    editions: dict[str, Edition | None] = {}
    for changes in api.changes:
        for name in (changes.follows, changes.version):
            if name not in editions:
                editions[name] = edition(read, api, name)
        older, newer = editions[changes.follows], editions[changes.version]
        if older is not None and newer is not None:
            yield DerivedChanges(
                api=api,
                changes=changes,
                older=older,
                newer=newer,
                derived=derived(changes, older.contract, newer.contract),
            )


def uncovered_by(changes: Iterable[DerivedChanges], today: date) -> Iterator[UncoveredFact]:
    """What breaks although there are changes, and what they go on showing; of changes with mistakes
    nothing can be said."""
    for each in changes:
        if has_errors(each.derived.mistakes):
            continue
        found = uncovered(
            each.changes,
            each.older.contract,
            each.newer.contract,
            today=today,
            postures=postures_for(each.api),
        )
        for one in found:
            place = each.older.place(one.older)
            yield UncoveredFact(
                api=each.api.name,
                older=each.changes.follows,
                newer=each.changes.version,
                file=each.changes.places.origin.path,
                where=", ".join(filter(None, (*one.change.operations[:1], one.change.where))),
                message=one.change.message,
                breaks=one.change.is_breaking,
                span=place if one.newer is None else each.newer.place(one.newer),
            )


def _is_unread(api: Api) -> bool:
    """Whether its changes, what they are between or who calls could not be read."""
    with suppress(Unknown):
        postures_for(api)
        for version in api.versions:
            str(version.document)  # which has the overlays, too
        return not {c.follows for c in api.changes} <= {v.name for v in api.versions}
    return True


def edition(read: Read, api: Api, name: str) -> Edition | None:
    """The contract of a version with its places; None where there is none that can be read."""
    version = next(v for v in api.versions if v.name == name)
    if version.contract is None:
        return None
    found = read_edition(
        f"{api.name}@{name}",
        version.contract,
        read,
        declared=Declared(api=api, version=version),
    )
    return found if isinstance(found, Edition) else None
