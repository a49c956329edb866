"""The paths of a document, and the names in them."""

from __future__ import annotations

import re

_WELL_FORMED = re.compile(r"/(?:[^{}]|\{[^{}/]+\})*")
_NAME = re.compile(r"\{([^{}/]+)\}")


def is_template(path: str) -> bool:
    """Whether requests can be matched with it: it begins with `/`, and its braces close."""
    return _WELL_FORMED.fullmatch(path) is not None


def all_names(template: str) -> tuple[str, ...]:
    """The names in braces, also in what follows a `?` or `#`."""
    return tuple(dict.fromkeys(_NAME.findall(template)))


def path_names(template: str) -> tuple[str, ...]:
    """The names in braces of the path alone: a query or fragment never arrives in one."""
    path = re.split(r"[?#]", _NAME.sub(lambda m: m[0].translate(_OUT_OF_THE_WAY), template))[0]
    count = len(_NAME.findall(path))
    return tuple(dict.fromkeys(_NAME.findall(template)[:count]))


# Inside of braces these two mean themselves.
_OUT_OF_THE_WAY = str.maketrans("?#", "__")
