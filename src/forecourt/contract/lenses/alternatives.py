"""How a value tells which of several schemas it is of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from forecourt.contract.lenses.schemas import Parts, Schemas, name_of
from forecourt.contract.references import look_up
from forecourt.contract.values import Json, Pointer

_COMPOUND = frozenset({"object", "array"})


def overlapping(schemas: Schemas, listed: Iterable[Pointer], live: Iterable[Pointer]) -> bool:
    """Whether a value that a lens may work in could be of another alternative as well."""
    kinds = {at: _kinds(schemas, at) for at in listed}
    return any(kinds[at] & kinds[other] for at in live for other in kinds if other != at)


def _kinds(schemas: Schemas, at: Pointer) -> frozenset[str]:
    """Whether it may be an object, or a list."""
    parts = schemas.all((at,))
    types = schemas.types(parts)
    if types is not None:
        return types & _COMPOUND
    if schemas.members(parts) or schemas.required(parts):
        return frozenset({"object"})
    return frozenset() if schemas.words((at,)) is not None else _COMPOUND


def choice(schemas: Schemas, at: Pointer) -> tuple[str, Mapping[str, Pointer]] | None:
    """The member that tells, and the schema of each of its values; None: nothing tells."""
    discriminator = schemas.said(at).get("discriminator")
    if isinstance(discriminator, dict):
        member = discriminator.get("propertyName")
        if isinstance(member, str):
            return member, _by_discriminator(schemas, at, discriminator.get("mapping"))
    return _by_constant(schemas, schemas.alternatives(at))


def _by_discriminator(schemas: Schemas, at: Pointer, mapping: Json) -> dict[str, Pointer]:
    """OpenAPI 3.1.1, section 4.8.25: by the name of the schema, and by what `mapping` says."""
    found: dict[str, Pointer] = {}
    for alternative in (*schemas.alternatives(at), *schemas.children(at)):
        for part in schemas.together((alternative,)):
            if (name := name_of(part)) is not None:
                found.setdefault(name, alternative)
                break
    base = name_of(at)
    if base is not None and not schemas.alternatives(at):
        found.setdefault(base, at)
    for word, reference in mapping.items() if isinstance(mapping, dict) else ():
        if isinstance(reference, str) and (target := _target(schemas, reference)) is not None:
            found[word] = target
    return found


def _target(schemas: Schemas, reference: str) -> Pointer | None:
    if not reference.startswith("#"):
        return schemas.named(reference)
    found = look_up(schemas.root, reference)
    return None if found is None else found.at


def _by_constant(schemas: Schemas, listed: Parts) -> tuple[str, Mapping[str, Pointer]] | None:
    """A member that each requires, with texts that no other has."""
    every = [schemas.all((at,)) for at in listed]
    if not every:
        return None
    for member in schemas.members(every[0]):
        words: dict[str, Pointer] = {}
        count = 0
        for at, parts in zip(listed, every, strict=True):
            starts = schemas.members(parts).get(member, ())
            said = schemas.words(starts)
            if said is None or member not in schemas.required(parts):
                break
            texts = [word for word in said if isinstance(word, str)]
            if len(texts) < len(said):
                break
            count += len(texts)
            words |= dict.fromkeys(texts, at)
        else:
            if count == len(words):
                return member, words
    return None
