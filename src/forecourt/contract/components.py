"""Where what is referred to stands in a document that is written anew."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

from forecourt.contract.shapes import Kind
from forecourt.contract.values import Json, Pointer

# The things that a reference may stand for, and where OpenAPI keeps them.
SECTIONS: dict[Kind, str] = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "example": "examples",
    "request body": "requestBodies",
    "header": "headers",
    "link": "links",
    "callback": "callbacks",
    "path item": "pathItems",
}

_UNFIT = re.compile(r"[^a-zA-Z0-9._-]+")


@dataclass(slots=True, kw_only=True)
class Components:
    """The components of the new document. What stood elsewhere, or in another file, moves here.

    `taken` are the names that the old document has by section: nothing that moves takes one.
    """

    taken: dict[str, set[str]]
    contents: dict[str, dict[str, Json]] = field(default_factory=dict)
    waiting: deque[tuple[Kind, Pointer, str]] = field(default_factory=deque)
    _names: dict[tuple[Kind, Pointer], str] = field(default_factory=dict)

    def reference(self, kind: Kind, at: Pointer) -> str:
        """The reference, in the new document, to what stood at a place of the old one."""
        name = self._names.get((kind, at))
        if name is None:
            name = self._names[kind, at] = self._name(SECTIONS[kind], at)
            self.waiting.append((kind, at, name))
        return f"#/components/{SECTIONS[kind]}/{_escaped(name)}"

    def put(self, kind: Kind, name: str, value: Json) -> None:
        """Keeps the copy of what is referred to."""
        self.contents.setdefault(SECTIONS[kind], {})[name] = value

    def _name(self, section: str, at: Pointer) -> str:
        if len(at) == 3 and at[:2] == ("components", section):
            return at[2]
        taken = self.taken.setdefault(section, set())
        name = plain = _UNFIT.sub("-", at[-1] if at else "document").strip("-") or "item"
        number = 2
        while name in taken:
            name, number = f"{plain}-{number}", number + 1
        taken.add(name)
        return name


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1").replace("%", "%25")
