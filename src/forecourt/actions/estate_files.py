"""Which files an estate's folder holds, whatever their kind; and a folder that is no estate."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from forecourt.source.folder import ENDINGS
from forecourt.source.layout import ORGANIZATION

# A bundle of authorities is some hundred kilobytes at most.
_MOST_BYTES = 1024 * 1024
_AUTHORITIES = (".pem", ".crt", ".cer")

# How a document begins that `init` could make an estate around.
_OPENAPI = re.compile(rb"""^[\s{]*["']?openapi["']?\s*:""", re.MULTILINE)
_BEGINNING = 4096
_MOST_LOOKED_AT = 200


def authority_digests(root: Path, paths: Iterable[str]) -> dict[str, str]:
    """SHA-256, in hex, of those files from the root that can be certificates; others left out."""
    found: dict[str, str] = {}
    for path in paths:
        if path.endswith(_AUTHORITIES):
            with suppress(OSError):
                if (file := root / path).stat().st_size <= _MOST_BYTES:
                    found[path] = sha256(file.read_bytes()).hexdigest()
    return found


def files_below(root: Path) -> frozenset[str]:
    """The paths of all files from the root, with `/`; hidden folders and files left out."""
    found: set[str] = set()
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        at = Path(folder).relative_to(root)
        found |= {(at / name).as_posix() for name in files if not name.startswith(".")}
    return frozenset(found)


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
