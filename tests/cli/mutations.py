"""Estates that nobody meant: files of real ones, mutated as text, as bytes and as values."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import yaml
from hypothesis import strategies as st

Files = dict[str, bytes]

# What YAML, references, quantities and names are made of, and what breaks them.
_PIECES = st.one_of(
    st.sampled_from(
        [
            *":-{}[],'\"#|?%&*!~\\/@<0 \n\t\r",
            *("- ", "&a ", "*a", "&a [*a]", "<<: *a", "<<: [1]", "!x ", "!!binary ", "---\n"),
            *("null", "~", "yes", "1e999", "0x", "-1", "99.9%", "12 months", "2024-02-30", ".inf"),
            *("$ref: '#'", "$ref: '#/paths'", "../../../etc/passwd", "file:///", "http://[", "${"),
            *("9" * 400, "A" * 4000, "[" * 300, "{a: " * 300, "\u2028", "\u0085", "😀", "\ufeff"),
        ]
    ),
    st.text(max_size=8).map(lambda text: text.encode("utf-8", "replace").decode()),
)


def _nested(depth: int) -> Any:
    value: Any = "deep"
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


_ODD_TEXTS = ("", "0", "-1", "9" * 400, "1" + "0" * 30, "2999-12-31", "0001-01-01", "*", "#")

# Copied, since what is drawn is mutated further.
_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(_ODD_TEXTS),
    st.sampled_from([[], {}, [[[]]], {"$ref": "#"}, {"$ref": "openapi.yaml"}]).map(deepcopy),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
    st.lists(st.text(max_size=5), max_size=3),
    st.integers(1, 400).map(_nested),
)


@st.composite
def mutated_estate(draw: st.DrawFn, files: Files) -> Files:
    """The files with one to three of them mutated, taken away, doubled or moved."""
    changed = dict(files)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(sorted(changed)))
        match draw(st.sampled_from(["bytes", "text", "values", "values", "values", "move"])):
            case "bytes":
                changed[path] = draw(_mutated_bytes(changed[path]))
            case "text":
                text = draw(_mutated_text(changed[path].decode(errors="replace")))
                changed[path] = text.encode("utf-8", "replace")
            case "values":
                changed[path] = draw(_mutated_values(changed[path]))
            case _:
                targets = [*sorted(files), "apis/x/api.yaml", "waivers/x.yaml"]
                changed[draw(st.sampled_from(targets))] = changed[path]
    return changed


@st.composite
def _mutated_bytes(draw: st.DrawFn, data: bytes) -> bytes:
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        data = data[:at] + draw(st.binary(max_size=3)) + data[at + draw(st.integers(0, 3)) :]
    return data


@st.composite
def _mutated_text(draw: st.DrawFn, text: str) -> str:
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(_PIECES) + text[at + draw(st.integers(0, 12)) :]
    return text


_MUTATIONS = ("replace", "replace", "rename", "remove", "wrap", "elsewhere")
_OF_DOCUMENTS = (*_MUTATIONS, *("mark", "mark", "choices", "refer", "refer"))

_AUDIENCES = ("internal", "partner", "public", "nobody")
_ODD_REFERENCES = (
    *("#", "#/", "#/paths", "#/components/schemas", "#a"),
    *("%zz", "//x", "", "x.yaml#/a"),
)


@st.composite
def _mutated_values(draw: st.DrawFn, data: bytes) -> bytes:
    """As values: keys renamed, values of another type, entries taken away or doubled in."""
    try:
        root = yaml.load(data, Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return data
    for _ in range(draw(st.integers(1, 4))):
        places = _places(root)
        if not places:
            return _dumped(draw(_VALUES))
        around, step = draw(st.sampled_from(places))
        is_document = isinstance(root, dict) and "openapi" in root
        match draw(st.sampled_from(_OF_DOCUMENTS if is_document else _MUTATIONS)):
            case "replace":
                around[step] = draw(_VALUES)
            case "rename" if isinstance(around, dict):
                around[draw(_renamed(step))] = around.pop(step)
            case "mark" if isinstance(around[step], dict):
                around[step]["x-audience"] = draw(st.sampled_from(_AUDIENCES))
            case "choices" if isinstance(around[step], dict):
                around[step]["enum"] = ["a", "b"]
                around[step]["x-enum-audience"] = {"a": draw(st.sampled_from(_AUDIENCES))}
            case "refer" if isinstance(around[step], dict):
                around[step]["$ref"] = draw(_references(root))
            case "remove":
                del around[step]
            case "wrap":
                around[step] = [around[step]]
            case _:
                other, key = draw(st.sampled_from(places))
                around[step] = other[key] if key in _keys(other) else None
    try:
        return _dumped(root)
    except (RecursionError, ValueError):  # a value that holds itself has no end
        return data


def _renamed(key: str) -> st.SearchStrategy[str]:
    near = (key.upper(), key + "s", key[1:], key[:-1], f"x-{key}", key.replace("_", "-"))
    return st.one_of(st.sampled_from(near), st.text(max_size=8))


@st.composite
def _references(draw: st.DrawFn, root: Any) -> str:
    """To some place of a document, be it one to which nobody would refer; or to none."""
    if draw(st.booleans()):
        return draw(st.sampled_from(_ODD_REFERENCES))
    steps: list[str] = []
    while isinstance(root, dict | list) and root and draw(st.integers(0, 5)):
        step = draw(st.sampled_from(sorted(_keys(root), key=str)))
        steps.append(str(step).replace("~", "~0").replace("/", "~1"))
        root = root[step]
    return "".join(["#", *(f"/{step}" for step in steps)])


def _keys(value: Any) -> Any:
    return value if isinstance(value, dict) else range(len(value))


def _places(root: Any) -> list[tuple[Any, Any]]:
    """Every place of a tree: what is around it, and its key or index. No place twice."""
    found: list[tuple[Any, Any]] = []
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if not isinstance(value, dict | list) or id(value) in seen:
            continue
        seen.add(id(value))
        for key in _keys(value):
            found.append((value, key))
            waiting.append(value[key])
    return found


def _dumped(value: Any) -> bytes:
    text: bytes = yaml.dump(value, Dumper=yaml.CSafeDumper, encoding="utf-8", allow_unicode=True)
    return text
