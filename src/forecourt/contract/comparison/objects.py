"""The properties of an object: which there are, which must be there, what others may be."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.comparison.difference import Difference, Found, Pair, Step
from forecourt.contract.comparison.shape import Shape
from forecourt.contract.comparison.side import Parts
from forecourt.contract.comparison.wording import listed, told
from forecourt.contract.one_sided import Direction
from forecourt.contract.regular.matching import matches
from forecourt.contract.regular.reading import NotRegular
from forecourt.contract.values import Pointer


def objects(pair: Pair) -> Iterator[Found]:
    """How they differ, and the properties to compare."""
    if not pair.is_about("object"):
        return
    for name in sorted({*pair.old.properties, *pair.new.properties}):
        yield from _property(pair, name)
        yield from _unknown(pair, name)
    for name in sorted({*pair.old.required, *pair.new.required}):
        yield from _required(pair, name)
    yield from _others(pair)
    yield from _dependent(pair)


def _property(pair: Pair, name: str) -> Iterator[Found]:
    before, after = pair.old.properties.get(name), pair.new.properties.get(name)
    if before is not None and after is not None:
        yield Step(name=f".{name}", old=before, new=after)
    elif before is not None:
        if name in pair.new.withheld:
            yield _withheld(pair, name, before, pair.new.withheld[name])
        elif others := _of_others(pair.new, name):
            yield Step(name=f".{name}", old=before, new=others)
        else:
            yield _gone(pair, name, before)
    elif after is not None:
        if name in pair.old.withheld:
            yield _let_go(pair, name, pair.old.withheld[name], after)
        elif others := _of_others(pair.old, name):
            yield Step(name=f".{name}", old=others, new=after)
        else:
            yield _new(pair, name, after)


def _of_others(shape: Shape, name: str) -> Parts:
    """The schemas that hold of a property that is not declared: of patterns, or of all others."""
    found: list[Pointer] = []
    for pattern, parts in shape.several.get("patternProperties", {}).items():
        if _is_matched(pattern, name):
            found += parts
    if found or shape.is_closed:
        return tuple(found)
    return _of_all(shape) or (
        () if shape.is_sealed else shape.singles.get("unevaluatedProperties", ())
    )


def _is_matched(pattern: str, name: str) -> bool | None:
    """None: nobody knows."""
    try:
        return matches(pattern, name)
    except NotRegular:
        return None


def _unknown(pair: Pair, name: str) -> Iterator[Difference]:
    """Of a property that one side declares: patterns of which nobody knows if they speak of it."""
    if (name in pair.old.properties) is (name in pair.new.properties):
        return
    other = pair.old if name in pair.new.properties else pair.new
    for pattern in other.several.get("patternProperties", {}):
        if _is_matched(pattern, name) is None:
            message = f"whether `{name}` matches {told(pattern)} is not known"
            yield pair.difference("pattern-changed", message)


def _gone(pair: Pair, name: str, before: Parts) -> Difference:
    message = f"`{name}` is gone"
    if pair.direction is Direction.REQUEST:
        facet = "property-refused" if pair.new.is_sealed else "property-removed"
    else:
        is_required = name in pair.old.required
        facet = "required-property-removed" if is_required else "property-removed"
    return pair.difference(facet, message, old=before[0])


def _new(pair: Pair, name: str, after: Parts) -> Difference:
    is_required = name in pair.new.required
    message = f"`{name}` is new" + (", and required" if is_required else "")
    facet = "property-added"
    if pair.direction is Direction.REQUEST and is_required:
        # Who sent it before, as one of any others, was let in as well.
        facet = "property-added" if name in pair.old.required else "required-property-added"
    if pair.direction is Direction.RESPONSE and pair.old.is_sealed:
        facet = "property-added-to-closed"
    return pair.difference(facet, message, new=after[0])


def _withheld(pair: Pair, name: str, before: Parts, after: Parts) -> Difference:
    if pair.direction is Direction.REQUEST:
        facet, message = "became-read-only", f"`{name}` is `readOnly` now"
    else:
        is_required = name in pair.old.required
        facet = "became-write-only" if is_required else "property-removed"
        message = f"`{name}` is `writeOnly` now"
    return pair.difference(facet, message, old=before[0], new=after[0])


def _let_go(pair: Pair, name: str, before: Parts, after: Parts) -> Difference:
    if pair.direction is Direction.REQUEST:
        if name in pair.new.required:
            message = f"`{name}` is no longer `readOnly`, and required"
            return pair.difference("required-property-added", message, old=before[0], new=after[0])
        facet, message = "became-writable", f"`{name}` is no longer `readOnly`"
    else:
        facet, message = "became-readable", f"`{name}` is no longer `writeOnly`"
    return pair.difference(facet, message, old=before[0], new=after[0])


def _required(pair: Pair, name: str) -> Iterator[Difference]:
    """Of each, but where it was said already with the property that came or went."""
    before, after = pair.old.required.get(name), pair.new.required.get(name)
    was, is_now = name in pair.old.properties, name in pair.new.properties
    if was is not is_now:
        other = pair.new if was else pair.old
        is_said = after is None if was else before is None
        if name in other.withheld or (is_said and not _of_others(other, name)):
            return
    at = {"old": before or _place(pair.old, name), "new": after or _place(pair.new, name)}
    if before is None and after is not None:
        yield pair.difference("property-became-required", f"`{name}` must be there", **at)
    elif after is None and before is not None:
        yield pair.difference("property-became-optional", f"`{name}` may be missing", **at)


def _place(shape: Shape, name: str) -> Pointer:
    parts = shape.properties.get(name)
    return parts[0] if parts else shape.at


def _others(pair: Pair) -> Iterator[Found]:
    """Properties beside the declared ones: whether there may be any, and what they may be."""
    old, new = pair.old, pair.new
    if old.is_closed is not new.is_closed:
        facet = "other-properties-refused" if new.is_closed else "other-properties-allowed"
        now = "refused" if new.is_closed else "allowed"
        message = f"properties beside the declared ones are {now}"
        yield pair.at_keyword(facet, "additionalProperties", message)
    elif not old.is_closed:
        before, after = (s.singles.get("additionalProperties", ()) for s in (old, new))
        if before or after:
            yield Step(name=".*", old=before, new=after)
    yield from _patterns(pair)
    yield from _named(pair, "dependentSchemas", "dependent-schema", "(with {})")
    before, after = (s.singles.get("propertyNames", ()) for s in (old, new))
    if before and after:
        yield Step(name="(names)", old=before, new=after)
    elif before:
        yield pair.difference("property-names-removed", "names may be any", old=before[0])
    elif after:
        yield pair.difference("property-names-added", "names must fit a schema", new=after[0])


def _patterns(pair: Pair) -> Iterator[Found]:
    """Patterns of names. What one side alone speaks of was or is one of all others of the other."""
    keyword = "patternProperties"
    before, after = pair.old.several.get(keyword, {}), pair.new.several.get(keyword, {})
    own = _of_all(pair.old), _of_all(pair.new)
    for name in sorted({*before, *after}):
        if name in before and name in after:
            yield Step(name=f".{name}", old=before[name], new=after[name])
            continue
        parts, other = (before[name], pair.new) if name in before else (after[name], pair.old)
        at = {"old": parts[0]} if name in before else {"new": parts[0]}
        others, has_patterns = own[name in before], bool(after if name in before else before)
        if other.is_closed:
            facet = "refused" if name in before else "allowed"
            message = f"properties whose names match `{name}` are {facet}"
            yield pair.difference(f"other-properties-{facet}", message, **at)
        elif others:
            old, new = (parts, others) if name in before else (others, parts)
            yield Step(name=f".{name}", old=old, new=new)
        if has_patterns or not (other.is_closed or others):
            facet, word = ("removed", "nothing") if name in before else ("added", "something")
            message = f"`{name}` demands {word} {'any more' if name in before else 'now'}"
            yield pair.difference(f"pattern-property-{facet}", message, **at)


def _of_all(shape: Shape) -> Parts:
    return shape.singles.get("additionalProperties", ())


def _named(pair: Pair, keyword: str, facet: str, step: str) -> Iterator[Found]:
    before, after = pair.old.several.get(keyword, {}), pair.new.several.get(keyword, {})
    for name in sorted({*before, *after}):
        if name in before and name in after:
            yield Step(name=step.format(name), old=before[name], new=after[name])
        elif name in before:
            message = f"`{name}` demands nothing any more"
            yield pair.difference(f"{facet}-removed", message, old=before[name][0])
        else:
            message = f"`{name}` demands something now"
            yield pair.difference(f"{facet}-added", message, new=after[name][0])


def _dependent(pair: Pair) -> Iterator[Difference]:
    keyword = "dependentRequired"
    before, after = _asked(pair.old, keyword), _asked(pair.new, keyword)
    for name in sorted({*before, *after}):
        lost = before.get(name, set()) - after.get(name, set())
        gained = after.get(name, set()) - before.get(name, set())
        if gained:
            message = f"{listed(gained)} must be there where `{name}` is"
            yield pair.at_keyword("dependent-required-added", keyword, message)
        if lost:
            message = f"{listed(lost)} need not be there where `{name}` is"
            yield pair.at_keyword("dependent-required-removed", keyword, message)


def _asked(shape: Shape, keyword: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for said in shape.demands.get(keyword, ()):
        for name, names in said.value.items() if isinstance(said.value, dict) else ():
            if isinstance(names, list):
                found.setdefault(name, set()).update(n for n in names if isinstance(n, str))
    return found
