"""Compile the contracts that callers are held to, each only where it changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from forecourt.compiler.contracts.compile import CompiledContract, compile_contract
from forecourt.compiler.ir.apis import Anonymous, ContractRef, LensRef
from forecourt.compiler.lenses.compile import CompiledLenses, compile_lenses, hops_between
from forecourt.compiler.lowering.apis import callers_of
from forecourt.compiler.lowering.strangers import address_limit
from forecourt.contract import Contract
from forecourt.contract.hidden import hidden_from
from forecourt.contract.lenses.deriving import hops
from forecourt.contract.lenses.program import Hop
from forecourt.contract.reached import Reached, hidden_places
from forecourt.estate.api import Api
from forecourt.estate.audience import Audience
from forecourt.estate.model import Estate
from forecourt.estate.posture import WITHOUT_CREDENTIAL
from forecourt.governance.exposure.anonymous_operation import RULE, opens
from forecourt.governance.waiving import ends


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledContracts:
    """What was compiled for an estate.

    `references` are the contracts of an API's versions, `anonymous` what of them anybody may call,
    and `lenses` what lies between them and what its service speaks, by name of the API and of the
    version; `contents` the bytes by digest.
    """

    references: Mapping[str, Mapping[str, tuple[ContractRef, ...]]] = field(default_factory=dict)
    anonymous: Mapping[str, Mapping[str, Anonymous]] = field(default_factory=dict)
    lenses: Mapping[str, Mapping[str, LensRef]] = field(default_factory=dict)
    contents: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compiled:
    """A contract for one audience, and what it hides from it."""

    contract: CompiledContract
    hidden: tuple[str, ...]
    reached: Reached


class ContractCompiler:
    """Compiles the contracts of one estate, time after time, and remembers those it still has."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Contract, dict[Audience, _Compiled]]] = {}
        self._anonymous: dict[str, tuple[Contract, CompiledContract]] = {}

    def compile(self, estate: Estate, contracts: Mapping[str, Contract]) -> CompiledContracts:
        """Each contract for each audience whose calls need it, and lenses between them.

        `contracts` are by `Version.document`.
        """
        contents: dict[str, bytes] = {}
        references: dict[str, dict[str, tuple[ContractRef, ...]]] = {}
        anonymous: dict[str, dict[str, Anonymous]] = {}
        self._forget_all_but(contracts)
        for name, api in estate.apis.items():
            for version, document, contract in _of(api, contracts):
                made = [
                    (audience, self._compiled(document, contract, audience))
                    for audience in compiled_for(api, has_limits=contract.has_limits)
                ]
                references.setdefault(name, {})[version] = tuple(
                    ContractRef(
                        audience=a,
                        way_in=c.contract.way_in_digest,
                        way_out=c.contract.way_out_digest,
                        exact=c.contract.exact_name,
                        hidden=c.hidden,
                        reached=c.reached,
                        has_lives=c.contract.has_lives,
                        has_limits=c.contract.has_limits,
                    )
                    for a, c in made
                )
                for _, compiled in made:
                    contents |= compiled.contract.contents
                until = anonymous_until(estate, api, version, contract.anonymous)
                if until is not None:
                    opened = self._opened(document, contract)
                    contents |= opened.contents
                    anonymous.setdefault(name, {})[version] = _anonymous(
                        api, contract, opened, until
                    )
        lenses = {name: self._lenses(api, contracts) for name, api in estate.apis.items()}
        for one in (one for all_of in lenses.values() for one in all_of):
            contents |= {one.digest: one.content, **one.functions}
        return CompiledContracts(
            references=references,
            anonymous=anonymous,
            contents=contents,
            lenses={
                name: {one.older: _reference(one) for one in all_of}
                for name, all_of in lenses.items()
                if all_of
            },
        )

    def _compiled(self, document: str, contract: Contract, audience: Audience) -> _Compiled:
        _, by_audience = self._known.setdefault(document, (contract, {}))
        if audience not in by_audience:
            try:
                by_audience[audience] = _Compiled(
                    contract=compile_contract(contract, audience),
                    hidden=hidden_from(contract, audience),
                    reached=hidden_places(contract, audience),
                )
            except Exception as error:  # a mistake of ours; who meets it must know with what
                error.add_note(f"while compiling `{document}` for {audience.value} callers")
                raise
        return by_audience[audience]

    def _opened(self, document: str, contract: Contract) -> CompiledContract:
        """The contract for who brings no credential."""
        before, known = self._anonymous.get(document, (None, None))
        if known is None or before is not contract:
            known = compile_contract(contract, WITHOUT_CREDENTIAL, anonymous=True)
            self._anonymous[document] = contract, known
        return known

    def _lenses(self, api: Api, contracts: Mapping[str, Contract]) -> tuple[CompiledLenses, ...]:
        if not raised_versions(api):
            return ()
        by_name = {version: contract for version, _, contract in _of(api, contracts)}
        try:
            return lenses_of(api, hops(api.changes, by_name))
        except Exception as error:
            error.add_note(f"while compiling what lies between the versions of `{api.name}`")
            raise

    def _forget_all_but(self, contracts: Mapping[str, Contract]) -> None:
        self._known = {
            document: (known, compiled)
            for document, (known, compiled) in self._known.items()
            if contracts.get(document) is known
        }
        self._anonymous = {d: of for d, of in self._anonymous.items() if contracts.get(d) is of[0]}


def anonymous_until(
    estate: Estate, api: Api, version: str, anonymous: Sequence[str]
) -> date | None:
    """The day from which nobody may call a version without a credential; None: nobody may at all.

    `anonymous` are the operations that ask for none.
    The edge closes on that day by itself, so that a waiver which ended is not left out here.
    """
    held = compiled_for(api, has_limits=False)
    if not anonymous or not opens(api) or WITHOUT_CREDENTIAL not in held:
        return None
    return ends(estate.waivers, RULE, api.name, version)


def _anonymous(api: Api, contract: Contract, opened: CompiledContract, until: date) -> Anonymous:
    limit, bucket = address_limit(api)
    return Anonymous(
        operations=contract.anonymous,
        until=until,
        way_in=opened.way_in_digest,
        way_out=opened.way_out_digest,
        exact=opened.exact_name,
        limit=limit,
        bucket=bucket,
    )


def _reference(one: CompiledLenses) -> LensRef:
    return LensRef(digest=one.digest, speaks=one.speaks, functions=tuple(sorted(one.functions)))


def _of(api: Api, contracts: Mapping[str, Contract]) -> Iterator[tuple[str, str, Contract]]:
    for version in api.versions:
        if version.document is not None and version.document in contracts:
            yield version.name, version.document, contracts[version.document]


def raised_versions(api: Api) -> dict[str, str]:
    """The versions whose service speaks another, and which."""
    spoken = {v.name: (v.upstream or api.upstream).version for v in api.versions}
    return {
        name: speaks for name, speaks in spoken.items() if speaks is not None and speaks != name
    }


def lenses_of(api: Api, between: Sequence[Hop]) -> tuple[CompiledLenses, ...]:
    """The lenses of each version whose service speaks a newer one, where hops lead there."""
    found = []
    for name, speaks in raised_versions(api).items():
        way = hops_between(between, name, speaks)
        if way:
            found.append(compile_lenses(way, prefix=api.prefix_of))
    return tuple(found)


def held_to_it(api: Api) -> tuple[Audience, ...]:
    """The audiences whose calls of an API are held to its contracts."""
    return tuple(c.audience for c in callers_of(api) if c.is_held_to_contract)


def compiled_for(api: Api, *, has_limits: bool) -> tuple[Audience, ...]:
    """The audiences for whose calls of an API a contract is needed: those that are held to it, and
    all where operations have limits of their own, since operations are found in it."""
    return tuple(c.audience for c in callers_of(api)) if has_limits else held_to_it(api)
