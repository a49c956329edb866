"""A page for people: one on the web, or a file of the estate."""

from __future__ import annotations

from dataclasses import dataclass

from forecourt.source.tree import Node, Scalar
from forecourt.source.vocabulary.addresses import URL, URL_PATTERN
from forecourt.source.vocabulary.paths import FILE, FILE_PATTERN
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.shape import Shape, text_shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A URL that callers can open, or the path of a file, from the folder of what names it."""

    expects: str = "an `http` or `https` URL, or the path of a file in the estate"

    @property
    def shape(self) -> Shape:
        """Either, for editors."""
        return text_shape(f"{URL_PATTERN}|{FILE_PATTERN}", numbers=True)

    def read(self, node: Node, at: At) -> str | None:
        """The URL as it is written, or the path from the estate's root."""
        is_url = isinstance(node, Scalar) and "://" in node.text
        return URL.read(node, at) if is_url else FILE.read(node, at)


PAGE = Page()
