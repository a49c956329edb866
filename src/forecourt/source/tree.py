"""YAML or JSON as a tree of texts that know where they stand."""

from __future__ import annotations

from forecourt.diagnostics import Diagnostic
from forecourt.source.growing import without_collection
from forecourt.source.json_text import parse_json
from forecourt.source.node import MAX_DEPTH, Mapping, Node, Scalar, Sequence
from forecourt.source.yaml_text import MAX_REPEATED, parse_yaml

__all__ = ["MAX_DEPTH", "MAX_REPEATED", "Mapping", "Node", "Scalar", "Sequence", "parse"]

_LARGE = 100_000


def parse(text: str, path: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """The tree of one document, and what is wrong with it; JSON where the path ends in `.json`.

    None where the text could not be read to its end. With a tree there may be mistakes too (a
    duplicate key: the first counts), so that the rest is still judged. An empty text is an empty
    scalar.
    """
    parse_text = parse_json if path.endswith(".json") else parse_yaml
    if len(text) < _LARGE:
        return parse_text(text, path)
    with without_collection():
        return parse_text(text, path)
