"""A folder that is no estate, and how to come by one."""

from __future__ import annotations

import re
import shlex
from contextlib import suppress
from pathlib import Path

from forecourt.source.folder import ENDINGS
from forecourt.source.layout import ORGANIZATION

# How a document begins that `init` could make an estate around.
_OPENAPI = re.compile(rb"""^[\s{]*["']?openapi["']?\s*:""", re.MULTILINE)
_BEGINNING = 4096
_MOST_LOOKED_AT = 200


def is_estate(folder: Path) -> bool:
    """Whether a folder holds the one file that every estate has."""
    return (folder / ORGANIZATION).is_file()


def no_estate(folder: Path) -> str:
    """That a folder is no estate, and how to come by one."""
    says = f"`{folder}` holds no `{ORGANIZATION}`; name the folder of an estate"
    if (document := _document_in(folder)) is None:
        return says
    command = f"forecourt init DIR --openapi {shlex.quote(str(document))} --audience WORD"
    return f"{says}, or make one around a document: `{command}`"


def _document_in(folder: Path) -> Path | None:
    """The first file in the folder, by name, that begins as an OpenAPI document does."""
    with suppress(OSError):
        named = sorted(path for path in folder.iterdir() if path.name.endswith(ENDINGS))
        for path in named[:_MOST_LOOKED_AT]:
            if path.name.isprintable() and path.is_file():
                with suppress(OSError), path.open("rb") as opened:
                    if _OPENAPI.search(opened.read(_BEGINNING)):
                        return path
    return None
