"""The paths of a document, and the names in them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_WELL_FORMED = re.compile(r"/(?:[^{}]|\{[^{}/]+\})*")
_NAME = re.compile(r"\{([^{}/]+)\}")


def is_template(path: str) -> bool:
    """Whether requests can be matched with it: it begins with `/`, and its braces close."""
    return _WELL_FORMED.fullmatch(path) is not None


def all_names(template: str) -> tuple[str, ...]:
    """The names in braces, also in what follows a `?` or `#`."""
    return tuple(dict.fromkeys(_NAME.findall(template)))


def without_names(template: str) -> str:
    """`/users/{}` of `/users/{id}`: the same for all that mean the same requests."""
    return _NAME.sub("{}", template)


def renamed(template: str, names: Mapping[str, str]) -> str:
    """The path with other names in its braces; one that has none keeps its own."""
    return _NAME.sub(lambda m: f"{{{names.get(m[1], m[1])}}}", template)


def path_names(template: str) -> tuple[str, ...]:
    """The names in braces of the path alone: a query or fragment never arrives in one."""
    return tuple(dict.fromkeys(_NAME.findall(path_alone(template))))


def repeated_name(template: str) -> str | None:
    """A name that two parameters of the path have, of which nobody could tell them apart."""
    names = _NAME.findall(path_alone(template))
    return next((name for index, name in enumerate(names) if name in names[:index]), None)


def path_alone(template: str) -> str:
    """What stands before a query or fragment: all that a request could be matched with."""
    masked = _NAME.sub(lambda m: m[0].translate(_OUT_OF_THE_WAY), template)
    return template[: len(re.split(r"[?#]", masked, maxsplit=1)[0])]


# Inside of braces these two mean themselves.
_OUT_OF_THE_WAY = str.maketrans("?#", "__")
