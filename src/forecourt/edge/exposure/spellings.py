"""Ways to write one path so that somebody may read another: each has been a hole somewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType


def _first(path: str, change: Callable[[str], str]) -> str:
    """A path with its first segment changed."""
    _, first, *rest = path.split("/")
    return "/".join(["", change(first), *rest])


def _encoded(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


def _wide(text: str) -> str:
    """Full-width letters, which some fold to plain ones; as UTF-8, percent-encoded."""
    return "".join(
        _encoded(chr(ord(c) + 0xFEE0)) if c.isascii() and c.isalnum() else c for c in text
    )


# By the words that a report has for them. `outside` is where an API of the listener stands.
SPELLINGS: Mapping[str, Callable[[str, str], str]] = MappingProxyType(
    {
        "as it is": lambda path, _: path,
        "without the slash at the end": lambda path, _: path.rstrip("/") or "/",
        "with a slash at the end": lambda path, _: f"{path.rstrip('/')}/",
        "two slashes before it": lambda path, _: f"/{path}",
        "two slashes within": lambda path, _: path[0] + path[1:].replace("/", "//", 1),
        "a dot segment before it": lambda path, _: f"/.{path}",
        "a segment and back": lambda path, _: f"/x/..{path}",
        "above the root": lambda path, _: f"/../..{path}",
        "an encoded dot segment": lambda path, _: f"/x/%2e%2e{path}",
        "a dot segment encoded twice": lambda path, _: f"/x/%252e%252e{path}",
        "from an API outside and back": lambda path, out: f"{out}..{path}",
        "back by as many as it takes": lambda path, out: f"{out}{'../' * 6}{path[1:]}",
        "back by encoded segments": lambda path, out: f"{out}{'%2e%2e/' * 6}{path[1:]}",
        "back by encoded slashes": lambda path, out: f"{out}{'..%2f' * 6}{path[1:]}",
        "back by backslashes": lambda path, out: f"{out}{'..%5c' * 6}{path[1:]}",
        "back by bare backslashes": lambda path, out: f"{out}{'..' + chr(92)}{path[1:]}",
        "back with parameters": lambda path, out: f"{out}{'..;/' * 6}{path[1:]}",
        "below an API outside": lambda path, out: f"{out}{path[1:]}",
        "in capitals": lambda path, _: path.upper(),
        "with a capital": lambda path, _: _first(path, str.capitalize),
        "a letter encoded": lambda path, _: _first(path, lambda s: f"%{ord(s[0]):02x}{s[1:]}"),
        "a letter encoded twice": lambda path, _: _first(
            path, lambda s: f"%25{ord(s[0]):x}{s[1:]}"
        ),
        "all letters encoded": lambda path, _: _first(path, _encoded),
        "full-width letters": lambda path, _: _first(path, _wide),
        "encoded slashes": lambda path, _: f"/{path[1:].replace('/', '%2f')}",
        "an encoded slash before it": lambda path, _: f"/%2f{path[1:]}",
        "a backslash before it": lambda path, _: f"/%5c{path[1:]}",
        "bare backslashes": lambda path, _: path.replace("/", "\\"),
        "a matrix parameter": lambda path, _: _first(path, lambda s: f"{s};a=b"),
        "an empty parameter": lambda path, _: _first(path, lambda s: f"{s};"),
        "a parameter before it": lambda path, _: f"/;a=b{path}",
        "a null byte": lambda path, _: f"{path}%00",
        "a null byte within": lambda path, _: _first(path, lambda s: f"{s}%00"),
        "a space after it": lambda path, _: _first(path, lambda s: f"{s}%20"),
        "a dot after it": lambda path, _: _first(path, lambda s: f"{s}."),
        "an overlong slash": lambda path, _: f"/x%c0%af..{path}",
        "a line end within": lambda path, _: f"{path}%0d%0a",
        "an extension": lambda path, _: f"{path.rstrip('/')}.json",
        "a query that is a path": lambda path, out: f"{out}?/..{path}",
        "a fragment": lambda path, out: f"{out}#{path}",
    }
)
