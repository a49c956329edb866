"""What lets an editor complete an estate: schemas beside it, and which file has which."""

from __future__ import annotations

from collections.abc import Mapping

from forecourt.cli.schema import schema_text
from forecourt.source.schemas import SCHEMAS, schema_of

FOLDER = ".schemas"


def with_modelines(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of an estate, by path from its root; each that has a schema names it first.

    The line is that of yaml-language-server: https://github.com/redhat-developer/yaml-language-server
    """
    return {path: _modeline(path) + content for path, content in contents.items()}


def schema_files() -> dict[str, bytes]:
    """The schemas, by path from the estate's root."""
    return {f"{FOLDER}/{each.name}.json": schema_text(each).encode() for each in SCHEMAS}


def _modeline(path: str) -> bytes:
    schema = schema_of(path)
    if schema is None:
        return b""
    above = "../" * path.count("/")
    return f"# yaml-language-server: $schema={above}{FOLDER}/{schema.name}.json\n".encode()
