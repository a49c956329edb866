"""Compiles a contract, for the callers of one audience, into what the edge loads by digest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from urllib.parse import quote

from forecourt.compiler.bundle.compile import compile_bundle
from forecourt.compiler.bundle.projection import View
from forecourt.compiler.bundle.writing import Bundle
from forecourt.compiler.contracts.exact import exact_schemas
from forecourt.compiler.contracts.hidden import hidden_parts
from forecourt.compiler.contracts.inward import inward
from forecourt.compiler.contracts.outward import outward
from forecourt.compiler.contracts.scopes import demanded
from forecourt.compiler.contracts.serialized import LuaTable, LuaValue, serialize
from forecourt.compiler.contracts.side import Side
from forecourt.compiler.contracts.trie import shut, trie
from forecourt.contract import Contract, Operation
from forecourt.contract.anonymous import for_anybody
from forecourt.contract.one_sided import Direction
from forecourt.contract.openapi_3_0 import dialect_of
from forecourt.contract.projection import seen
from forecourt.contract.sight import sight_of
from forecourt.contract.values import Json, Pointer, decode
from forecourt.estate.audience import Audience

# Counts changes of what the tables below hold; the edge refuses another (forecourt.contracts).
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledContract:
    """A contract as the edge loads it: `way_in` judges requests, `way_out` filters answers.

    Equal contracts give equal bytes. An operation has the same number in both. `exact` are the
    schemas of the way in that the control plane judges for the edge; empty if there are none.
    `has_lives`: answers may say that an operation or parameter is deprecated. `has_limits`: some
    operation has a limit of its own.
    """

    way_in: bytes = field(repr=False)
    way_out: bytes = field(repr=False)
    exact: bytes = field(default=b"", repr=False)
    has_lives: bool = False
    has_limits: bool = False

    @property
    def way_in_digest(self) -> str:
        return digest_of(self.way_in)

    @property
    def way_out_digest(self) -> str:
        return digest_of(self.way_out)

    @property
    def exact_name(self) -> str:
        """Under which name the exact schemas are kept: that of the way in, and `.exact`."""
        return f"{self.way_in_digest}.exact" if self.exact else ""

    @property
    def contents(self) -> dict[str, bytes]:
        """All of it, by the name that the edge and the control plane ask for."""
        named = {self.way_in_digest: self.way_in, self.way_out_digest: self.way_out}
        return named | ({self.exact_name: self.exact} if self.exact else {})


def digest_of(content: bytes) -> str:
    """The name of one side of a compiled contract: 32 hexadecimal digits."""
    return sha256(content).hexdigest()[:32]


def compile_contract(
    contract: Contract, audience: Audience, *, anonymous: bool = False
) -> CompiledContract:
    """The contract as callers of that audience see it; `anonymous`: those without a credential.

    Operations and their parts are those of the projection; schemas are compiled from the whole
    document with the audience's marks, since a name that is hidden must be known to be held back.
    What asks for a credential is hidden from who has none, in each spelling that servers may read
    as its path.
    """
    closed = (*(o.template for o in contract.operations), *(o.template for o in contract.left_out))
    whole, left_out = {(o.method, o.template): o for o in contract.operations}, contract.left_out
    contract = (for_anybody if anonymous else seen)(contract, audience)
    document = decode(contract.document)
    dialect = dialect_of(contract.openapi)
    named: list[LuaTable] = [
        {
            "name": spelled(o.method, o.template),
            "scopes": demanded(o, contract.security_schemes),
            **hidden_parts(whole[o.method, o.template], o),
        }
        for o in contract.operations
    ]

    def compiled(made: Sequence[Side], direction: Direction) -> Bundle:
        view = View(audience=audience, direction=direction)
        return compile_bundle(document, _roots(made), view=view, dialect=dialect)

    def half(made: Sequence[Side], bundle: Bundle, **more: LuaValue) -> bytes:
        operations = [{**name, **side.table} for name, side in zip(named, made, strict=True)]
        return serialize(
            {"format": FORMAT, "operations": operations, "bundle": bundle.content, **more}
        )

    sight = sight_of(document, audience)
    ways_in = _sides(contract, document, partial(inward, sight=sight))
    ways_out = _sides(contract, document, outward)
    judging = compiled(ways_in, Direction.REQUEST)
    exact = exact_schemas(
        judging.roots,
        _roots(ways_in),
        openapi=contract.openapi,
        sight=sight,
    )
    more: dict[str, LuaValue] = {"trie": trie(contract.operations, closed)}
    hidden = [("*" if o.method is None else o.method, o.template) for o in left_out]
    hidden += sorted(whole.keys() - {(o.method, o.template) for o in contract.operations})
    if folded := shut(contract.operations, hidden):
        more["shut"] = folded
    if exact:
        more["exact"] = digest_of(exact)  # so that the way in is another when these are others
    return CompiledContract(
        way_in=half(ways_in, judging, **more),
        way_out=half(ways_out, compiled(ways_out, Direction.RESPONSE)),
        exact=exact,
        has_lives=any("life" in side.table for side in ways_in),
        has_limits=any("limit" in side.table for side in ways_in),
    )


def spelled(method: str, template: str) -> str:
    """An operation as the access log and the upstream have it: `GET /payments/{id}`, in ASCII."""
    return f"{method} {quote(template, safe=_AS_THEY_ARE)}"


# What may stand in a header field, and means nothing to who reads a log.
_AS_THEY_ARE = "/{}!$&'()*+,;=:@?#-._~%"


def _sides(
    contract: Contract, document: Json, side: Callable[[Operation, int, Json], Side]
) -> tuple[Side, ...]:
    return tuple(side(o, number, document) for number, o in enumerate(contract.operations, start=1))


def _roots(sides: Iterable[Side]) -> dict[str, Pointer]:
    return {name: at for side in sides for name, at in side.roots.items()}
