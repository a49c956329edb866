"""What may come in: the parameters and the body of an operation, as the edge judges them."""

from __future__ import annotations

from collections.abc import Iterable

from forecourt.compiler.contracts.bodies import body_side
from forecourt.compiler.contracts.fields import is_spread, parameter_field
from forecourt.compiler.contracts.lives import life_of
from forecourt.compiler.contracts.readings import Readings
from forecourt.compiler.contracts.serialized import LuaValue
from forecourt.compiler.contracts.side import Side
from forecourt.compiler.limits import operation_shift, spelled_limit
from forecourt.contract.building import security_schemes, text
from forecourt.contract.model import Operation, Parameter, ParameterIn
from forecourt.contract.openapi_3_0 import dialect_of
from forecourt.contract.sight import Sight
from forecourt.contract.templates import path_names
from forecourt.contract.values import Json, Pointer, child, descend

# The first three are not parameters, whatever a contract says (OpenAPI 3.1.1, section 4.8.12.1);
# the others are ours: the gate reads them, and some never reach the upstream.
_NOT_PARAMETERS = frozenset(
    {
        "accept",
        "authorization",
        "content-type",
        "api-version",
        "x-api-key",
        "x-forwarded-client-cert",
        "x-internal-service-token",
    }
)
_ALLOWS_UNKNOWN = "x-allow-unknown-parameters"


def inward(
    operation: Operation, number: int, document: Json, *, sight: Sight | None = None
) -> Side:
    """The table of one operation's way in, and the schemas of its parameters and bodies.

    `path` (in the order of the template), `query`, `header` and `cookie` are lists of fields
    (`fields.py`); `names` says where in `query` a name stands. `spread`: the place of a parameter
    of `query` whose members come under their own names. `ignored`: names of the query that the
    contract's security schemes have, as keys. `open`: other names may come. `body`: `bodies.py`.
    `readings`: what negative readings name (`readings.py`). `life`: `lives.py`. `limit`:
    `compiler/limits.py`. What is not there is empty or does not hold. What `sight` hides is any
    other name; None sees everything.
    """
    dialect = dialect_of(text(child(document, "openapi")))
    readings = Readings(document=document, dialect=dialect, sight=sight)
    keys = _keys(document)
    table: dict[str, LuaValue] = {}
    roots: dict[str, Pointer] = {}
    for location, parameters in _by_location(operation, keys):
        fields: list[LuaValue] = []
        for parameter in parameters:
            root = f"{number}.{location}.{parameter.name}"
            field = parameter_field(parameter, root, readings)
            if "root" in field:
                schema = parameter.contents[0].schema if parameter.contents else parameter.schema
                assert schema is not None
                roots[root] = schema
            fields.append(field)
        table[location] = fields
        if location == "query":
            table["names"] = {p.name: index for index, p in enumerate(parameters, 1)}
            for index, parameter in enumerate(parameters, 1):
                if is_spread(parameter, readings):
                    table.setdefault("spread", index)
    if ignored := sorted(name for location, name in keys if location == "query"):
        table["ignored"] = dict.fromkeys(ignored, True)
    if _allows_unknown(operation, document):
        table["open"] = True
    if operation.body is not None:
        side = body_side(operation.body, f"{number}.body.", readings)
        table["body"] = side.table
        roots |= side.roots
    if life := life_of(operation, document):
        table["life"] = life
    if operation.rate_limit is not None:
        limit = operation.rate_limit
        shift = operation_shift(operation.method, operation.template, limit)
        table["limit"] = spelled_limit(limit, shift)
    if readings.tables:
        table["readings"] = readings.tables
    return Side(table=table, roots=roots)


def _by_location(
    operation: Operation, keys: frozenset[tuple[str, str]]
) -> Iterable[tuple[ParameterIn, list[Parameter]]]:
    """The parameters that are judged, in the order in which the edge has them."""
    found: dict[ParameterIn, list[Parameter]] = {}
    for parameter in operation.parameters:
        name = parameter.name
        if parameter.location == "header":
            name = name.lower()
            if name in _NOT_PARAMETERS:
                continue
        if parameter.location != "path" and (parameter.location, name) in keys:
            continue
        found.setdefault(parameter.location, []).append(parameter)
    if path := {p.name: p for p in found.pop("path", ())}:
        found["path"] = [path[name] for name in path_names(operation.template) if name in path]
    return found.items()


def _keys(document: Json) -> frozenset[tuple[str, str]]:
    """Where the contract's schemes have keys: descriptive, and never parameters."""
    return frozenset(
        (
            scheme.location,
            scheme.parameter.lower() if scheme.location == "header" else scheme.parameter,
        )
        for scheme in security_schemes(document)
        if scheme.type == "apiKey"
    )


def _allows_unknown(operation: Operation, document: Json) -> bool:
    own = child(descend(document, operation.pointer), _ALLOWS_UNKNOWN)
    return (child(document, _ALLOWS_UNKNOWN) if own is None else own) is True
