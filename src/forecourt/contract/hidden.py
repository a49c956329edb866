"""What of a contract an audience does not see, in a few words each: compared before and after."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.mark_troubles import is_mark
from forecourt.contract.marks import audience_marks
from forecourt.contract.model import Contract
from forecourt.contract.references import reference_of
from forecourt.contract.shapes import METHODS
from forecourt.contract.sight import Sight, sees_mark, sight_of
from forecourt.contract.values import Json, Pointer, child, decode, descend
from forecourt.estate.audience import Audience


def hidden_from(contract: Contract, audience: Audience) -> tuple[str, ...]:
    """Where the audience ceases to see: the marked elements, sorted.

    Each is a JSON pointer (RFC 6901) into the contract's document, in which a parameter stands as
    `query:limit` and a branch as what it refers to, wherever they stand among others. A hidden
    value of an `enum` stands below it.
    """
    if not contract.audience_marks:
        return ()
    root = decode(contract.document)
    return tuple(sorted(set(_hidden(root, audience))))


def shows(contract: Contract, audience: Audience, key: str) -> bool:
    """Whether the audience sees what `hidden_from` called so; not where it is no longer there."""
    root = decode(contract.document)
    sight = sight_of(root, audience)
    at = _found(root, key)
    if at is None or sight.hides_place(at):
        return False
    value = descend(root, at)
    if at[-2:-1] == ("enum",):
        schema = descend(root, at[:-2])
        return isinstance(schema, dict) and value not in sight.choices(schema)[1]
    return not (sight.hides("path item", value) or sight.hides_schema(value))


def spoken(key: str) -> str:
    """What a person calls it."""
    steps = tuple(map(_unescaped, key.split("/")[1:]))
    match steps:
        case ("paths", template):
            return f"the path `{template}`"
        case ("paths", template, method) if method in METHODS:
            return f"the operation `{method.upper()} {template}`"
        case _:
            return _within(steps)


def _within(steps: Pointer) -> str:
    match steps:
        case (*_, "properties", name):
            what = f"the property `{name}`"
        case (*_, "parameters", name):
            what = f"the parameter `{name.partition(':')[2] or name}`"
        case (*_, "enum", value):
            what = f"the value `{value}`"
        case (*_, "responses", status):
            what = f"the response `{status}`"
        case ("components", _, name):
            return f"what refers to `{name}`"
        case _:
            what = f"`{steps[-1]}`"
    match steps:
        case ("paths", template, method, *_) if method in METHODS:
            return f"{what} of `{method.upper()} {template}`"
        case ("paths", template, *_):
            return f"{what} of the path `{template}`"
        case ("components", _, name, *_):
            return f"{what} of `{name}`"
        case (_, *inner):
            return f"{what} in `{'/'.join(inner)}`"
        case _:
            return what


# --- from marks to names, and back ----------------------------------------------------------------


def _hidden(root: Json, audience: Audience) -> Iterator[str]:
    for mark in audience_marks(root):
        if not is_mark(root, mark):
            continue
        around, written = mark[:-1], descend(root, mark)
        if mark[-1] == "x-audience":
            if not sees_mark(audience, written):
                yield _key(root, around)
        elif isinstance(written, dict):
            for value, word in written.items():
                if not sees_mark(audience, word):
                    yield f"{_key(root, around)}/enum/{_escaped(value)}"


def _key(root: Json, at: Pointer) -> str:
    sight = sight_of(root, Audience.INTERNAL)  # any will do: it only follows references
    value, steps = root, []
    for step in at:
        item = child(value, step)
        steps.append((_name(item, sight) if isinstance(value, list) else "") or step)
        value = item
    return "".join(f"/{_escaped(step)}" for step in steps)


def _name(item: Json, sight: Sight) -> str:
    """What an item of a list is known by: a parameter's place and name, a branch's reference."""
    referred = sight.referred(item) or item
    name, location = child(referred, "name"), child(referred, "in")
    if isinstance(name, str) and isinstance(location, str):
        return f"{location}:{name}"
    return reference_of(item) or ""


def _found(root: Json, key: str) -> Pointer | None:
    """Where what is called so stands now."""
    sight = sight_of(root, Audience.INTERNAL)
    value, at = root, []
    for called in map(_unescaped, key.split("/")[1:]):
        items = enumerate(value) if isinstance(value, list) else ()
        step = next((str(n) for n, item in items if _is_called(item, called, sight)), called)
        if (inner := child(value, step)) is None:
            return None
        value = inner
        at.append(step)
    return tuple(at)


def _is_called(item: Json, step: str, sight: Sight) -> bool:
    return item == step or _name(item, sight) == step


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")
