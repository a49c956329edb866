"""Mistakes and remarks in the making, and how what is written is quoted in them."""

from __future__ import annotations

from forecourt.contract import codes
from forecourt.contract.shapes import Form
from forecourt.contract.trouble import Trouble
from forecourt.contract.values import Json, Pointer
from forecourt.source.codes import Code
from forecourt.source.quoting import shown


def error(at: Pointer, message: str, *, help: str | None = None, alike: str = "") -> Trouble:
    """What keeps an operation from being served, at a value."""
    return Trouble(
        code=codes.CONTRACT_SHAPE, at=at, message=message, help=help, on="value", alike=alike
    )


def remark(
    code: Code, at: Pointer, message: str, *, alike: str = "", help: str | None = None
) -> Trouble:
    """What is to be said at a key; those `alike` are told as one."""
    return Trouble(code=code, at=at, message=message, help=help, alike=alike)


def not_as_specified(at: Pointer, message: str, *, help: str | None = None) -> Trouble:
    """What OpenAPI does not allow, and is clear; where it says the same it is told as one."""
    return remark(codes.NOT_AS_SPECIFIED, at, message, alike=message, help=help)


def named(form: Form) -> str:
    """`a parameter`, `a list of schemas`."""
    match form.how:
        case "one" if form.kind in ("components", "info"):  # there is one, and that is its key
            return f"`{form.kind}`"
        case "one":
            return f"{'an' if form.kind[0] in 'aeiou' else 'a'} {form.kind}"
        case "list":
            return f"a list of {form.kind}s"
        case "map":
            return f"a mapping of {form.kind}s"


def quoted(value: Json) -> str:
    """A value as messages repeat it."""
    match value:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case bool():
            return f"`{str(value).lower()}`"
        case None:
            return "nothing"
        case _:
            return shown(str(value))
