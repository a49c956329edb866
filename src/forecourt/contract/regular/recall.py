r"""Whether what a pattern refers back to was surely matched before.

Of a group that took no part `\1` is the empty text in ECMAScript, and matches nothing elsewhere
(ECMA-262, section 22.2.2.9, note): such a pattern means two things.
"""

from __future__ import annotations

from forecourt.contract.regular.tree import (
    Back,
    Boundary,
    Chain,
    Chars,
    Choice,
    Edge,
    Group,
    Look,
    Repeat,
    Tree,
)


def recalls_surely(tree: Tree) -> bool:
    """Whether every engine reads its back references alike, if it has any."""
    return _after(tree, frozenset()) is not None


def _after(tree: Tree, known: frozenset[str]) -> frozenset[str] | None:
    """The groups that are surely matched after it; None where it refers to another."""
    match tree:
        case Chars() | Edge() | Boundary():
            return known
        case Back(name=name):
            return known if name in known else None
        case Chain(parts=parts):
            after: frozenset[str] | None = known
            for part in parts:
                after = None if after is None else _after(part, after)
            return after
        case Choice(branches=branches):
            ends = [_after(branch, known) for branch in branches]
            whole = [end for end in ends if end is not None]
            return frozenset.intersection(*whole) if len(whole) == len(ends) else None
        case Repeat(inner=inner, least=least):
            end = _after(inner, known)
            return end if end is None or least > 0 else known
        case Group(names=names, inner=inner):
            end = _after(inner, known)
            return None if end is None else end | set(names)
        case Look(inner=inner):
            # What is matched within counts for the inside only; backwards it is read backwards.
            return None if _after(inner, known) is None else known
