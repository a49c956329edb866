"""One of two contracts that are compared: read, with the places of its document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from forecourt.contract import Contract
from forecourt.contract.places import Places
from forecourt.contract.reading import read_located
from forecourt.contract.values import Pointer
from forecourt.diagnostics import Diagnostic, Span
from forecourt.estate.api import Api, Version
from forecourt.source.text import decode

# What stands at a path from a root, with `/`; None where there is nothing.
Read: TypeAlias = "Callable[[str], str | bytes | None]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The version of an API that a contract is of."""

    api: Api
    version: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A contract as it was named on the command line. `declared` None: no estate knows it.

    `revision` is that of Git in which its files stand; "" where they stand in the folder.
    """

    name: str
    contract: Contract
    places: Places
    declared: Declared | None = None
    revision: str = ""

    def place(self, at: Pointer) -> Span:
        """Where the key stands that leads there; of another revision with its name."""
        return self.of_revision(self.places.key(at))

    def of_revision(self, span: Span) -> Span:
        """A place in its files; of another revision with its name."""
        if not self.revision:
            return span
        return Span(f"{self.revision}:{span.path}", span.line, span.column)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRead:
    """There is no contract to compare, and why. `diagnostics` are what is wrong with its file."""

    because: str
    diagnostics: tuple[Diagnostic, ...] = ()


def read_edition(
    name: str, path: str, read: Read, *, declared: Declared | None = None, revision: str = ""
) -> Edition | NotRead:
    """The contract in a document, and in the files that it refers to.

    `path` is from the root from which `read` reads. What is laid over it, is.
    """
    text, mistakes = _text(read, path)
    if text is None:
        return NotRead(because=f"`{name}` cannot be read", diagnostics=mistakes)
    overlays = []
    for overlay in () if declared is None else declared.version.overlays:
        laid, _ = _text(read, overlay)
        if laid is not None:
            overlays.append((overlay, laid))
    located, mistakes = read_located(text, path, read, overlays=overlays)
    if located is None:
        return NotRead(because=f"`{name}` is no contract", diagnostics=mistakes)
    return Edition(
        name=name,
        contract=located.contract,
        places=located.places,
        declared=declared,
        revision=revision,
    )


def _text(read: Read, path: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    content = read(path)
    if content is None or isinstance(content, str):
        return content, ()
    return decode(content, path)
