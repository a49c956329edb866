"""What a caller must hold to use an operation, from the `security` of its contract.

The schemes only describe: which kinds of credential count is the posture's to say. Scopes count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from forecourt.compiler.contracts.serialized import LuaValue
from forecourt.contract.model import Operation, Requirement, SecurityScheme


def demanded(operation: Operation, schemes: Iterable[SecurityScheme]) -> Sequence[LuaValue]:
    """The alternatives, one of which a caller must hold whole; none: nothing is demanded.

    Each has `all`, its scopes, and `is_users` where one of them is given to people only, so that a
    key that holds everything else does not hold it.
    """
    alternatives = operation.security or ()
    if any(not _scopes(requirement) for requirement in alternatives):
        return ()
    by_name = {scheme.name: scheme for scheme in schemes}
    return tuple(_alternative(requirement, by_name) for requirement in alternatives)


def _scopes(requirement: Requirement) -> tuple[str, ...]:
    return tuple(dict.fromkeys(scope for use in requirement.schemes for scope in use.scopes))


def _alternative(
    requirement: Requirement, by_name: Mapping[str, SecurityScheme]
) -> dict[str, LuaValue]:
    written: dict[str, LuaValue] = {"all": _scopes(requirement)}
    if any(
        scope in by_name[use.scheme].user_scopes
        for use in requirement.schemes
        if use.scheme in by_name
        for scope in use.scopes
    ):
        written["is_users"] = True
    return written
