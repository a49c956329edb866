"""Examples as a contract gives them, and what they show."""

from __future__ import annotations

from collections.abc import Sequence

from forecourt.contract.references import Found, Lost, follow
from forecourt.contract.values import Json, Pointer, child


def given_example(
    document: Json, written: Json, names: Sequence[str], wanted: str | None
) -> tuple[str | None, Json] | None:
    """The example of that name; else the single `example`, else the first there is, with its name.

    `written` is what has them: a media type, a parameter or a header field, whose `examples` have
    these `names`. One that is kept in another file (`externalValue`) cannot be shown.
    """
    single = child(written, "example")
    tried: Sequence[str] = names if single is None else ()
    if wanted is not None and wanted in names:
        tried = (wanted, *names)
    examples = follow(document, child(written, "examples"), ())
    if not isinstance(examples, Lost):
        for name in tried:
            example = follow(document, child(examples.value, name), ())
            if not isinstance(example, Lost) and "value" in _keys(example.value):
                return name, example_meant(document, child(example.value, "value"), ()).value
    return None if single is None else (None, example_meant(document, single, ()).value)


def example_meant(document: Json, value: Json, at: Pointer) -> Found:
    """The value that an example shows, and where it stands.

    One that is nothing but a `$ref` that leads somewhere stands for what is there, or for the value
    of the example that is there: OpenAPI has no reference at that place, and nobody means one as an
    answer.
    """
    if _keys(value) == {"$ref"} and isinstance(other := follow(document, value, at), Found):
        if "value" in _keys(other.value) and _keys(other.value) <= _OF_AN_EXAMPLE:
            return Found(value=child(other.value, "value"), at=(*other.at, "value"))
        return other
    return Found(value=value, at=at)


_OF_AN_EXAMPLE = frozenset({"summary", "description", "value", "externalValue"})


def _keys(value: Json) -> set[str]:
    return set(value) if isinstance(value, dict) else set()
