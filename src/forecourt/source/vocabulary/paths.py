"""Paths: of the estate's own files, and those that APIs are served under."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from forecourt.source.codes import BAD_PATH
from forecourt.source.quoting import shown
from forecourt.source.tree import Node
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.shape import Shape, text_shape
from forecourt.source.vocabulary.words import Parsed

# RFC 3986, section 2.3: what never needs to be escaped, so that a path has one spelling.
_SEGMENT = re.compile(r"[A-Za-z0-9._~-]+")
_LONGEST = 255
# As `inside` and `served_path` have it, for editors, who do not know the folder.
FILE_PATTERN = r"(?![/~]|[A-Za-z]:)(?!.*://)(?!(?:.*/)?\s*\.{0,2}\s*$)[^\\]+"
_SERVED_PATTERN = rf"/?(?:{_SEGMENT.pattern}(?:/{_SEGMENT.pattern})*/?)?"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePath:
    """A file of the estate, written relative to the folder of the file that names it."""

    expects: str = "the path of a file in the estate"

    @property
    def shape(self) -> Shape:
        """A relative path, for editors."""
        return text_shape(FILE_PATTERN, numbers=True)

    def read(self, node: Node, at: At) -> str | None:
        """The path from the estate's root."""
        if (scalar := at.text(node, self.expects)) is None:
            return None
        path, wrong = inside(scalar.text, at.folder)
        if wrong is not None:
            at.refuse(BAD_PATH, node, f"{at.what} is {shown(scalar.text)}, which {wrong}")
        return path


FILE = FilePath()


def inside(text: str, folder: str) -> tuple[str | None, str | None]:
    """The path from the estate's root, or what is wrong with it."""
    if text.startswith(("/", "~")) or "://" in text or re.match(r"[A-Za-z]:", text):
        return None, "is not relative; write the path from this file's folder"
    if "\\" in text or not text.isprintable():
        return None, "has characters that no path here has; separate folders with `/`"
    if text.rpartition("/")[2].strip() in {"", ".", ".."}:
        return None, "names no file"
    path = posixpath.normpath(posixpath.join(folder, text))
    if path.startswith("../"):
        return None, "leaves the estate's folder"
    return path, None


def served_path(text: str) -> str | None:
    """A path that begins and ends with `/`; None where it could be spelt in two ways."""
    inner = text.removeprefix("/").removesuffix("/")
    if not inner:
        return "/" if text in {"/", ""} else None
    segments = inner.split("/")
    is_plain = all(_SEGMENT.fullmatch(s) and s not in {".", ".."} for s in segments)
    return f"/{inner}/" if is_plain and len(inner) <= _LONGEST else None


SERVED_PATH = Parsed(
    expects="a path of letters, digits, `-`, `.`, `_`, `~` and single `/`",
    code=BAD_PATH,
    parse=served_path,
    looks=text_shape(_SERVED_PATTERN, example="/payments", numbers=True),
)
