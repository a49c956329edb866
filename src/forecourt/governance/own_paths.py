"""What APIs have at the gateway's own paths, and would never be asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forecourt.contract.own_paths import names_it, takes
from forecourt.diagnostics import Span
from forecourt.estate.api import Api, Scheme, Version
from forecourt.estate.own_paths import OWN_PATHS, own_path
from forecourt.governance.rule import Facts, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Something of a version that the gateway answers itself.

    `what` says in words how it comes to be at an own path. `is_all`: nothing of it is left to the
    API; else it may mean other paths too.
    """

    api: str
    version: str
    listener: str
    what: str
    span: Span
    is_all: bool

    @property
    def message(self) -> str:
        """Who has what, and who answers there."""
        return f"{self.what}, where the gateway itself answers on the {self.listener} listener"


def taken(subject: Subject) -> Iterator[Taken]:
    """All of an estate: of each place and way to be taken, one."""
    told: set[tuple[Span, bool]] = set()
    for api in subject.estate.apis.values():
        for listener, paths in OWN_PATHS.items():
            if listener == "external" and not api.audience.is_external:
                continue
            for version in api.versions:
                for what, span, is_all in _of_version(api, version, listener, paths, subject.facts):
                    if (span, is_all) not in told:
                        told.add((span, is_all))
                        yield Taken(
                            api=api.name,
                            version=version.name,
                            listener=listener,
                            what=what,
                            span=span,
                            is_all=is_all,
                        )


def _of_version(
    api: Api, version: Version, listener: str, paths: tuple[str, ...], facts: Facts
) -> Iterator[tuple[str, Span, bool]]:
    prefix = api.prefix_of(version.name)
    place = api.places[f"versions.{version.name}" if api.scheme is Scheme.PATH else "path"]
    if own_path(listener, prefix) is not None:
        yield f"`{api.name}` stands at `{prefix}`", place, True
        return
    contract = facts.contracts.get(version.document or "")
    for own in (path for path in paths if path.startswith(prefix)):
        if version.document is None:
            yield f"`{api.name}` stands at `{prefix}`, and around `{own}`", place, False
        for declared in contract.own if contract is not None else ():
            if takes(prefix, declared.template, own):
                is_all = names_it(prefix, declared.template, own)
                means = "is at" if is_all else "may be at"
                what = f"`{declared.template}` of `{api.name}` {means} `{own}`"
                yield what, declared.span, is_all
