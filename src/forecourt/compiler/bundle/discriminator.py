"""Which of several schemas a value says it means (OpenAPI 3.1.0, section 4.8.25)."""

from __future__ import annotations

from collections.abc import Mapping

from forecourt.compiler.bundle.containers import Around, unsaid
from forecourt.compiler.bundle.layout import NONE
from forecourt.contract.values import Json, Pointer, child


def discriminator_words(
    schema: dict[str, Json], branches: Mapping[Pointer, int], around: Around
) -> list[int]:
    """`[property, how many values, value, schema, …]`; `[NONE, 0]` where nothing tells them apart.

    `branches` are the schemas by their places. It changes no verdict: it says which of the branches
    that a value breaks is worth telling of, and by which an answer is filtered that keeps none.
    """
    written = schema.get("discriminator")
    name = child(written, "propertyName")
    if not isinstance(name, str) or name in unsaid(around):
        return [NONE, 0]
    chosen = _by_name(schema, branches)
    mapping = child(written, "mapping")
    if isinstance(mapping, dict):
        for value, target in mapping.items():
            number = _mapped(target, branches, chosen, around)
            if number is not None:
                chosen[value] = number
    pairs = [word for value in sorted(chosen) for word in (around.words.text(value), chosen[value])]
    return [around.words.text(name), len(pairs) // 2, *pairs]


def _by_name(schema: dict[str, Json], branches: Mapping[Pointer, int]) -> dict[str, int]:
    """Without a mapping, a branch is meant by the last step of the reference to it."""
    found: dict[str, int] = {}
    for at, number in branches.items():
        keyword, index = at[-2:]
        reference = child(child(child(schema, keyword), index), "$ref")
        if isinstance(reference, str):
            found[reference.rpartition("/")[2]] = number
    return found


def _mapped(
    target: Json, branches: Mapping[Pointer, int], by_name: Mapping[str, int], around: Around
) -> int | None:
    if not isinstance(target, str):
        return None
    if (at := around.references.target(target)) is not None:
        number = around.number(at)
        return number if number in branches.values() else None
    return by_name.get(target)
