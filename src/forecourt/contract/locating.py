"""Which file a `$ref` means, as a path from the estate's root."""

from __future__ import annotations

import re
from dataclasses import dataclass
from posixpath import dirname
from urllib.parse import unquote

from forecourt.source.quoting import shown
from forecourt.source.vocabulary.paths import inside

# Two letters at least: `C:` is a drive, which is no relative path either.
_URL = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]+:|//)")

# The way out; whoever has no estate yet says which folder would have to hold the file.
BY_ITS_PATH = "refer to a file of the estate, by its path from the folder of this one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A file, and what is meant in it: a fragment without its `#`, empty for the whole."""

    path: str
    fragment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Why a reference leads to no file that an estate could hold."""

    message: str
    help: str


def located(reference: str, file: str) -> Target | Outside:
    """What a reference that is written in a file means. Nothing is opened.

    `file` is a path from the estate's root. A file's name may be percent-encoded (RFC 3986, section
    4.2). What is on the network, absolute, or above the root means nothing.
    """
    written, _, fragment = reference.partition("#")
    if not written:
        return Target(path=file, fragment=fragment)
    if _URL.match(written):
        return Outside(
            message=f"{shown(reference)} is a URL, and nothing is fetched",
            help="save that document in the estate, and refer to the file",
        )
    path, wrong = inside(unquote(written), dirname(file))
    if path is None:
        return Outside(
            message=f"{shown(reference)} {wrong}" if wrong else f"{shown(reference)} names no file",
            help=BY_ITS_PATH,
        )
    return Target(path=path, fragment=fragment)
