"""What the changes between versions make of messages, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from forecourt.actions.compare_contracts import postures_for
from forecourt.actions.edition import Declared, Edition, read_edition
from forecourt.contract.lenses.deriving import Derived, derived
from forecourt.contract.lenses.proof import uncovered
from forecourt.diagnostics import Diagnostic, has_errors
from forecourt.estate.api import Api
from forecourt.estate.changes import Changes
from forecourt.estate.model import Estate
from forecourt.estate.unread import Unknown
from forecourt.governance import UncoveredFact
from forecourt.source.estate import Files


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedChanges:
    """A file of changes of an API, with both contracts, and what comes of it."""

    api: Api
    changes: Changes
    older: Edition
    newer: Edition
    derived: Derived


def derive_changes(files: Files, estate: Estate) -> tuple[DerivedChanges, ...]:
    """Those of every API whose contracts can be read, the oldest of each first."""
    return tuple(
        each for api in estate.apis.values() if not _is_unread(api) for each in of_api(files, api)
    )


def mistakes_of(changes: tuple[DerivedChanges, ...]) -> Iterator[Diagnostic]:
    """What is wrong with any of them."""
    for each in changes:
        yield from each.derived.mistakes


def of_api(files: Files, api: Api) -> Iterator[DerivedChanges]:
    """The changes of one API, oldest first."""
    editions: dict[str, Edition | None] = {}
    for changes in api.changes:
        older = _edition(files, api, changes.follows, editions)
        newer = _edition(files, api, changes.version, editions)
        if older is not None and newer is not None:
            yield DerivedChanges(
                api=api,
                changes=changes,
                older=older,
                newer=newer,
                derived=derived(changes, older.contract, newer.contract),
            )


def uncovered_by(changes: Iterable[DerivedChanges], today: date) -> Iterator[UncoveredFact]:
    """What breaks although there are changes; of changes with mistakes nothing can be said."""
    for each in changes:
        if has_errors(each.derived.mistakes):
            continue
        breaking = uncovered(
            each.changes,
            each.older.contract,
            each.newer.contract,
            today=today,
            postures=postures_for(each.api),
        )
        for one in breaking:
            place = each.older.place(one.older)
            yield UncoveredFact(
                api=each.api.name,
                older=each.changes.follows,
                newer=each.changes.version,
                file=each.changes.places.origin.path,
                where=", ".join(filter(None, (*one.change.operations[:1], one.change.where))),
                message=one.change.message,
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


def _edition(files: Files, api: Api, name: str, known: dict[str, Edition | None]) -> Edition | None:
    if name not in known:
        version = next(v for v in api.versions if v.name == name)
        known[name] = None
        if version.contract is not None:
            read = read_edition(
                f"{api.name}@{name}",
                version.contract,
                files.get,
                declared=Declared(api=api, version=version),
            )
            known[name] = read if isinstance(read, Edition) else None
    return known[name]
