"""Compiles a contract, for the callers of one audience, into what the edge loads by digest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import quote

from forecourt.compiler.bundle.compile import compile_bundle
from forecourt.compiler.bundle.dialect import Dialect
from forecourt.compiler.bundle.projection import Direction, View
from forecourt.compiler.contracts.inward import inward
from forecourt.compiler.contracts.outward import outward
from forecourt.compiler.contracts.scopes import demanded
from forecourt.compiler.contracts.serialized import LuaTable, LuaValue, serialize
from forecourt.compiler.contracts.side import Side
from forecourt.compiler.contracts.trie import trie
from forecourt.contract import Contract, Operation
from forecourt.contract.values import Json, decode
from forecourt.estate.audience import Audience

# Counts changes of what the tables below hold; the edge refuses another (forecourt.contracts).
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledContract:
    """A contract as the edge loads it: `way_in` judges requests, `way_out` filters answers.

    Equal contracts give equal bytes. An operation has the same number in both.
    """

    way_in: bytes = field(repr=False)
    way_out: bytes = field(repr=False)

    @property
    def way_in_digest(self) -> str:
        return digest_of(self.way_in)

    @property
    def way_out_digest(self) -> str:
        return digest_of(self.way_out)


def digest_of(content: bytes) -> str:
    """The name of one side of a compiled contract: 32 hexadecimal digits."""
    return sha256(content).hexdigest()[:32]


def compile_contract(contract: Contract, audience: Audience) -> CompiledContract:
    """The contract as callers of that audience see it."""
    document = decode(contract.document)
    dialect = dialect_of(contract.openapi)
    named: list[LuaTable] = [
        {"name": spelled(o), "scopes": demanded(o, contract.security_schemes)}
        for o in contract.operations
    ]

    def half(sides: Iterable[Side], direction: Direction, **more: LuaValue) -> bytes:
        made = list(sides)
        roots = {name: at for side in made for name, at in side.roots.items()}
        view = View(audience=audience, direction=direction)
        bundle = compile_bundle(document, roots, view=view, dialect=dialect)
        operations = [{**name, **side.table} for name, side in zip(named, made, strict=True)]
        return serialize(
            {"format": FORMAT, "operations": operations, "bundle": bundle.content, **more}
        )

    return CompiledContract(
        way_in=half(
            _sides(contract, document, inward), Direction.REQUEST, trie=trie(contract.operations)
        ),
        way_out=half(_sides(contract, document, outward), Direction.RESPONSE),
    )


def dialect_of(openapi: str) -> Dialect:
    """How the schemas of a document of that version are to be read."""
    return Dialect.OPENAPI_3_0 if openapi.startswith("3.0") else Dialect.JSON_SCHEMA_2020_12


def spelled(operation: Operation) -> str:
    """An operation as the access log and the upstream have it: `GET /payments/{id}`, in ASCII."""
    return f"{operation.method} {quote(operation.template, safe=_AS_THEY_ARE)}"


# What may stand in a header field, and means nothing to who reads a log.
_AS_THEY_ARE = "/{}!$&'()*+,;=:@?#-._~%"


def _sides(
    contract: Contract, document: Json, side: Callable[[Operation, int, Json], Side]
) -> Iterable[Side]:
    return (side(o, number, document) for number, o in enumerate(contract.operations, start=1))
