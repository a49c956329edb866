"""Every lens, in the order in which people learn them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from forecourt.contract.lenses.kind import LensKind, MessageLens
from forecourt.contract.lenses.kinds import (
    add,
    convert,
    hoist,
    map,
    move,
    nest,
    operation,
    remove,
    rename,
    unwrap,
    wrap,
)
from forecourt.estate.changes import Lens

KINDS: tuple[LensKind, ...] = (
    rename.KIND,
    convert.KIND,
    nest.KIND,
    hoist.KIND,
    wrap.KIND,
    unwrap.KIND,
    add.KIND,
    remove.KIND,
    map.KIND,
)

MESSAGE_LENSES: tuple[MessageLens, ...] = (move.LENS, operation.LENS)

_BY_TYPE: Mapping[type[Lens], LensKind] = MappingProxyType({kind.declared: kind for kind in KINDS})


def kind_of(lens: Lens) -> LensKind | None:
    """What a lens is; None of those that work on whole messages, `move` and `operation`."""
    return _BY_TYPE.get(type(lens))
