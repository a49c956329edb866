"""What a value says that it is, where a `discriminator` asks for it."""

from __future__ import annotations

from collections.abc import Iterable

from forecourt.contract.sampling.conjunction import Node
from forecourt.contract.values import Json, child


def naming(schema: Json, names: Iterable[str]) -> Node | None:
    """What makes a value name itself, for a schema with a `discriminator` (OpenAPI 3.1.0, section
    4.8.25); None where it has none, or nobody's name is known.

    `names` are the definitions that the value is of. The first that the mapping names counts; else
    the first, by the last step of its reference.
    """
    asked = child(schema, "discriminator")
    property_name, mapping = child(asked, "propertyName"), child(asked, "mapping")
    if not isinstance(property_name, str) or not isinstance(mapping, dict):
        return None
    by_target = {str(target): value for value, target in reversed(mapping.items())}
    known = tuple(names)
    mapped = (by_target[name] for name in known if name in by_target)
    implied = (_last_step(name) for name in known)
    value = next(mapped, None) or next(implied, None)
    if value is None:
        return None
    named: Json = {property_name: {"enum": [value]}}
    return Node(schema={"properties": named, "required": [property_name]})


def _last_step(name: str) -> str:
    return name.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
