"""Several files as one document: each stands in it once, and references lead no further.

Nothing is inlined. The content of each other file stands under `x-forecourt-files`, at its path
from the estate's root, and each `$ref` to a file of the estate is written anew, so that it leads
there. Whoever reads the document then needs no second one; places stay those of the files. What
refers to a schema by a name that it gave itself is written anew as well (`identities`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from forecourt.contract.identities import IDENTITIES, NAMED, resolve_identities
from forecourt.contract.locating import Target, located
from forecourt.contract.places import Places, PlacesInFiles
from forecourt.contract.references import reference_to
from forecourt.contract.values import Json, child, encode
from forecourt.contract.written import Written, read_document
from forecourt.diagnostics import Diagnostic
from forecourt.source.text import decode

# Where the other files stand in a document; what its author wrote there is replaced.
FILES = "x-forecourt-files"

# Values that a schema names, and what holds names that may be spelled like these.
_DATA = frozenset({"const", "default", "enum"})
_NAMES = NAMED | {"examples"}

# What stands in another file, by its path from the estate's root; None where there is none.
Others: TypeAlias = Callable[[str], str | bytes | None]


def no_others(_: str) -> None:
    """For a document that stands alone."""
    return


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """One document of all its files.

    `files` are the paths of the others that stand in it, sorted; `unreadable` those that could not
    be read, and `diagnostics` say why. `as_written` has what the author wrote, by what stands there
    now.
    """

    written: Written
    path: str
    files: tuple[str, ...] = ()
    unreadable: frozenset[str] = frozenset()
    as_written: Mapping[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()

    def file_of(self, pointer: tuple[str, ...]) -> str:
        """The file in which the value at a pointer was written."""
        if len(pointer) > 1 and pointer[0] == FILES and pointer[1] in self.files:
            return pointer[1]
        return self.path


def assembled(main: Written, path: str, others: Others) -> Assembled:
    """The document of a file and of all that its references lead to, directly or not.

    `path` is the main file's, from the estate's root. The values of `main` are changed. Each file
    is read once, so files may refer to each other.
    """
    assembly = _Assembly(path=path, others=others)
    assembly.rewrite(main.root, path)
    while assembly.waiting:
        other = assembly.waiting.popleft()
        assembly.rewrite(assembly.contents[other], other)
    files = tuple(sorted(assembly.contents))
    written = main
    if files and isinstance(main.root, dict):
        main.root[FILES] = {other: assembly.contents[other] for other in files}
    if assembly.has_identities:
        is_3_0 = str(child(main.root, "openapi")).startswith("3.0")
        named = resolve_identities(main.root, path, files, files_key=FILES, is_3_0=is_3_0)
        for now, then in named.items():  # what leads to a name in another file was rewritten before
            assembly.as_written[now] = assembly.as_written.get(then, then)
    if assembly.as_written or assembly.has_identities:
        places = PlacesInFiles(main.places, FILES, assembly.places)
        written = Written(root=main.root, encoded=encode(main.root), places=places)
    return Assembled(
        written=written,
        path=path,
        files=files,
        unreadable=frozenset(path for path, is_there in assembly.absent.items() if is_there),
        as_written=assembly.as_written,
        diagnostics=tuple(assembly.diagnostics),
    )


@dataclass(slots=True, kw_only=True)
class _Assembly:
    path: str
    others: Others
    contents: dict[str, Json] = field(default_factory=dict)
    places: dict[str, Places] = field(default_factory=dict)
    # Files that are not part of it: whether they are there, and only cannot be read.
    absent: dict[str, bool] = field(default_factory=dict)
    as_written: dict[str, str] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    # Whether a mapping holds what looks like the name of a schema.
    has_identities: bool = False
    waiting: deque[str] = field(default_factory=deque)

    def rewrite(self, content: Json, file: str) -> None:
        """Makes each reference of a file lead within the document, if it can."""
        for mapping in _mappings(content):
            self.has_identities = self.has_identities or not IDENTITIES.isdisjoint(mapping)
            self._rewrite_at(mapping, "$ref", file)
            discriminator = mapping.get("discriminator")
            mapped = discriminator.get("mapping") if isinstance(discriminator, dict) else None
            if isinstance(mapped, dict):
                for value in mapped:
                    self._rewrite_at(mapped, value, file)

    def _rewrite_at(self, mapping: dict[str, Json], key: str, file: str) -> None:
        written = mapping.get(key)
        if not isinstance(written, str) or (written.startswith("#") and file == self.path):
            return
        if key != "$ref" and not _is_reference(written):
            return  # a discriminator may also map to a schema's bare name
        target = located(written, file)
        if isinstance(target, Target) and self._holds(target.path):
            mapping[key] = local = self._local(target)
            self.as_written.setdefault(local, written)

    def _holds(self, path: str) -> bool:
        """Whether that file is part of the document; it becomes one where it can."""
        if path == self.path or path in self.contents:
            return True
        if path in self.absent:
            return False
        data = self.others(path)
        written = None if data is None else self._read(data, path)
        if written is None:
            self.absent[path] = data is not None
            return False
        self.contents[path], self.places[path] = written.root, written.places
        self.waiting.append(path)
        return True

    def _read(self, data: str | bytes, path: str) -> Written | None:
        text, mistakes = (data, ()) if isinstance(data, str) else decode(data, path)
        written = None
        if text is not None:
            written, mistakes = read_document(text, path)
        self.diagnostics.extend(mistakes)
        return written

    def _local(self, target: Target) -> str:
        """The reference that leads there within the document."""
        fragment = target.fragment
        if target.path == self.path:
            return f"#{fragment}"
        begin = reference_to((FILES, target.path))
        # A fragment that is no pointer is the name of a schema in that file, or nothing.
        return begin + (fragment if not fragment or fragment.startswith("/") else f"/#{fragment}")


def _mappings(content: Json) -> Iterator[dict[str, Json]]:
    """Each mapping that may refer to something; what a schema names as a value is data.

    The root of a file may be anything, keywords or names, so all that stands in it is looked at.
    """
    waiting = [(content, True, True)]
    while waiting:
        value, is_named, is_root = waiting.pop()
        if isinstance(value, dict):
            yield value
            for key, inner in value.items():
                if is_named or key not in _DATA:
                    holds_names = key in _NAMES and (is_root or not is_named)
                    waiting.append((inner, holds_names, False))
        elif isinstance(value, list):
            waiting.extend((inner, False, False) for inner in value)


def _is_reference(text: str) -> bool:
    path = text.partition("#")[0]
    return "#" in text or "/" in text or path.endswith((".yaml", ".yml", ".json"))
