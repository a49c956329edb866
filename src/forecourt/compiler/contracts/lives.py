"""What answers say of an operation, or of a parameter that the request carries, that will end."""

from __future__ import annotations

from datetime import UTC, datetime, time

from forecourt.compiler.contracts.serialized import LuaValue
from forecourt.contract.lifetimes import Lifetime, lifetime
from forecourt.contract.model import Operation, Parameter
from forecourt.contract.values import Json


def life_of(operation: Operation, document: Json) -> dict[str, LuaValue]:
    """`since` and `sunset` in seconds since 1970, each where it is dated; and `parameters`, a list
    of the same with `location` and `name` (in lower case for a header). Empty: nothing to say.

    A parameter of the path is always carried, so it counts for the operation.
    """
    lives = [lifetime(document, operation.pointer)] if operation.is_deprecated else []
    carried: list[LuaValue] = []
    for parameter in operation.parameters:
        its = _of(parameter, document)
        if its is None:
            continue
        if parameter.location == "path":
            lives.append(its)
        else:
            is_header = parameter.location == "header"
            name = parameter.name.lower() if is_header else parameter.name
            carried.append({**_spelled([its]), "location": parameter.location, "name": name})
    return {**_spelled(lives), **({"parameters": carried} if carried else {})}


def _of(parameter: Parameter, document: Json) -> Lifetime | None:
    if not parameter.is_deprecated or parameter.pointer is None:
        return None
    its = lifetime(document, parameter.pointer)
    return its if its.is_dated else None


def _spelled(lives: list[Lifetime]) -> dict[str, LuaValue]:
    """The earliest of each."""
    since = min((each.since for each in lives if each.since is not None), default=None)
    sunset = min((each.sunset for each in lives if each.sunset is not None), default=None)
    days = {"since": since, "sunset": sunset}
    return {
        name: int(datetime.combine(day, time(), UTC).timestamp())
        for name, day in days.items()
        if day is not None
    }
