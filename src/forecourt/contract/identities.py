"""`$id`, `$anchor` and `$dynamicRef` as plain references, so that whoever reads on needs no others.

JSON Schema 2020-12, core: 8.2.1 (`$id`), 8.2.2 (`$anchor`), 8.2.3 (references). A schema with an
`$id` is a *resource*: what is written within counts from it. What leads nowhere when read so, and
somewhere when read from the document's root, is read from there: generators of documents write an
`$id` beside references that know nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin

from forecourt.contract.references import Found, follow_once, reference_to
from forecourt.contract.values import Json, Pointer, descend
from forecourt.contract.ways import Way, pointer_of, way_to

_NAMES = ("$anchor", "$dynamicAnchor")
IDENTITIES = frozenset({"$id", "$dynamicRef", *_NAMES})

# Beneath these stand values, whatever they look like.
_VALUES = frozenset({"const", "default", "enum", "example", "examples", "value"})
# The keys of these are names, and mean nothing.
NAMED = frozenset(
    {
        *("$defs", "definitions", "dependentSchemas", "patternProperties", "properties"),
        *("callbacks", "content", "headers", "links", "parameters", "pathItems", "paths"),
        *("encoding", "requestBodies", "responses", "schemas", "securitySchemes", "webhooks"),
    }
)

# Relative files need some place to count from; nothing is fetched.
_BASE = "http://estate.invalid/"


@dataclass(slots=True, kw_only=True)
class _Resource:
    """A schema with an identity of its own, or a file. `root` is how references to the file that
    it stands in begin."""

    uri: str
    at: Pointer
    root: str
    anchors: dict[str, Pointer] = field(default_factory=dict)
    dynamic: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A mapping that says where it leads or what it is called, and the resource that it is in."""

    mapping: dict[str, Json]
    resource: _Resource


def resolve_identities(
    root: Json, path: str, files: Iterable[str], *, files_key: str, is_3_0: bool
) -> dict[str, str]:
    """Rewrites references by name, and takes the names away; what was written, by what is now.

    `root` is a document of several files, each at its path below `files_key`; `path` is that of the
    main one. In OpenAPI 3.0 the names mean nothing, and are only taken away. A `$dynamicRef` that
    leads to one schema alone is a plain reference; where there are several, it stays.
    """
    world = _World(root=root, files_key=files_key)
    world.add_file(path, (), "#")
    for other in files:
        world.add_file(other, (files_key, other), reference_to((files_key, other)))
    said = list(world.walk())
    as_written: dict[str, str] = {}
    if not is_3_0:
        for one in said:
            _rewrite(one, world, as_written)
    needless = IDENTITIES if is_3_0 else IDENTITIES - {"$dynamicRef"}
    for one in said:
        for key in needless:
            if isinstance(one.mapping.get(key), str):
                del one.mapping[key]
    return as_written


@dataclass(slots=True, kw_only=True)
class _World:
    """What there is to refer to. `by_uri` and `by_root` find resources; `dynamic` counts those that
    have a name for dynamic references."""

    root: Json
    files_key: str
    by_uri: dict[str, _Resource] = field(default_factory=dict)
    by_root: dict[str, _Resource] = field(default_factory=dict)
    dynamic: dict[str, int] = field(default_factory=dict)

    def add_file(self, path: str, at: Pointer, root: str) -> None:
        self.by_root[root] = self._add(_BASE + path, at, root)

    def _add(self, uri: str, at: Pointer, root: str) -> _Resource:
        resource = _Resource(uri=uri, at=at, root=root)
        self.by_uri.setdefault(uri, resource)
        return resource

    def walk(self) -> Iterator[_Said]:
        """Each mapping that says something; names are collected on the way."""
        waiting: list[tuple[Json, Way, _Resource, bool]] = []
        for file in self.by_root.values():
            waiting.append((descend(self.root, file.at), way_to(file.at), file, False))
        while waiting:
            value, way, resource, is_named = waiting.pop()
            if isinstance(value, list):
                for index, inner in enumerate(value):
                    waiting.append((inner, (str(index), way), resource, False))
            if not isinstance(value, dict):
                continue
            if not is_named and not IDENTITIES.isdisjoint(value):
                resource = self._entered(value, way, resource)
            if not is_named and ("$ref" in value or not IDENTITIES.isdisjoint(value)):
                yield _Said(mapping=value, resource=resource)
            for key, inner in value.items():
                if is_named or not (key in _VALUES or key.startswith("x-")):
                    inner_named = not is_named and key in NAMED
                    waiting.append((inner, (key, way), resource, inner_named))

    def _entered(self, value: dict[str, Json], way: Way, around: _Resource) -> _Resource:
        resource, at = around, pointer_of(way)
        identity = value.get("$id")
        if isinstance(identity, str) and at:
            if identity.startswith("#"):  # an anchor, before 2019-09
                around.anchors.setdefault(identity[1:], at)
            else:
                resource = self._named(_joined(around.uri, identity)[0], at, around)
        for key in _NAMES:
            if isinstance(anchor := value.get(key), str):
                resource.anchors.setdefault(anchor, at)
        if isinstance(anchor := value.get("$dynamicAnchor"), str):
            self.dynamic[anchor] = self.dynamic.get(anchor, 0) + (anchor not in resource.dynamic)
            resource.dynamic.add(anchor)
        return resource

    def _named(self, uri: str, at: Pointer, around: _Resource) -> _Resource:
        if at != around.at:
            return self._add(uri, at, around.root)
        around.uri = uri  # a whole file that says what it is called
        return self.by_uri.setdefault(uri, around)

    def is_there(self, reference: str) -> bool:
        return isinstance(follow_once(self.root, {"$ref": reference}, ()), Found)

    def means(self, reference: str, resource: _Resource) -> tuple[_Resource, str] | None:
        """The resource and the fragment that a reference within another means."""
        root, _, name = reference.rpartition("/#")  # as a name in another file is written by now
        if root in self.by_root:
            return (resource if root == resource.root else self.by_root[root]), name
        if reference.startswith(resource.root) and (
            resource.root == "#" or reference[len(resource.root) :][:1] in ("", "/")
        ):
            return resource, reference[len(resource.root) :]
        if reference.startswith("#"):
            return None
        uri, fragment = _joined(resource.uri, reference)
        found = self.by_uri.get(uri)
        return None if found is None else (found, fragment)

    def target(self, reference: str, resource: _Resource) -> str | None:
        """The reference from the document's root that means the same; None: as it is written."""
        meant = self.means(reference, resource)
        if meant is None:
            return None
        holder, fragment = meant
        if not fragment or fragment.startswith("/"):
            written = reference_to(holder.at) + fragment
            return written if self.is_there(written) else None
        name = unquote(fragment)
        at = holder.anchors.get(name) or self.by_root[holder.root].anchors.get(name)
        return None if at is None else reference_to(at)

    def is_one(self, reference: str, resource: _Resource) -> bool:
        """Whether a dynamic reference leads to the same schema whoever refers to it."""
        meant = self.means(reference, resource)
        if meant is None or (name := unquote(meant[1])) not in meant[0].dynamic:
            return True
        return self.dynamic[name] == 1


def _joined(base: str, reference: str) -> tuple[str, str]:
    """The URI that a reference is (RFC 3986, section 5), and its fragment."""
    try:
        uri, _, fragment = urljoin(base, reference).partition("#")
    except ValueError:  # brackets that hold no address
        uri, _, fragment = reference.partition("#")
    return uri, fragment


def _rewrite(said: _Said, world: _World, as_written: dict[str, str]) -> None:
    mapping, resource = said.mapping, said.resource
    reference, dynamic = mapping.get("$ref"), mapping.get("$dynamicRef")
    if isinstance(reference, str):
        plain = world.target(reference, resource)
        if plain is not None and plain != reference:
            mapping["$ref"] = plain
            as_written.setdefault(plain, reference)
    if isinstance(dynamic, str) and world.is_one(dynamic, resource):
        plain = world.target(dynamic, resource) or dynamic
        if plain != dynamic:
            as_written.setdefault(plain, dynamic)
        del mapping["$dynamicRef"]
        if "$ref" not in mapping:
            mapping["$ref"] = plain
        else:
            others = mapping.get("allOf")
            mapping["allOf"] = [*(others if isinstance(others, list) else ()), {"$ref": plain}]
