"""Who may call, as it was last published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from forecourt.compiler.ir.callers import Callers, Issuer, Limit, Partner, Plan, Service
from forecourt.compiler.lowering.callers import standard_limit

PREFIX = "callers/"
_SERVICES, _PLANS, _STANDARD, _ISSUERS = (
    f"{PREFIX}{part}" for part in ("services", "plans", "standard", "issuers")
)
PARTNER = f"{PREFIX}partner/"

_T = TypeVar("_T")


def callers_from_parts(parts: Mapping[str, str]) -> Callers:
    """The callers that a revision's parts hold (part name → JSON); other parts are passed over.

    With no parts at all: nobody declared, and the standard limit of the posture. Raises
    `msgspec.DecodeError` for text that no release of Forecourt wrote.
    """
    partners = (_one(parts, name, Partner) for name in parts if name.startswith(PARTNER))
    return Callers(
        services=_many(parts, _SERVICES, Service),
        partners=tuple(sorted(partners, key=lambda p: p.name)),
        plans=_many(parts, _PLANS, Plan),
        issuers=_many(parts, _ISSUERS, Issuer),
        standard=_one(parts, _STANDARD, Limit) if _STANDARD in parts else standard_limit(),
    )


def parts_from_callers(callers: Callers) -> dict[str, str]:
    """The parts that hold them. The same callers give the same text, wherever they are written."""
    return {
        _SERVICES: _json([_without_place(s) for s in callers.services]),
        _PLANS: _json([_without_place(p) for p in callers.plans]),
        _STANDARD: _json(callers.standard),
        _ISSUERS: _json([_without_place(i) for i in callers.issuers]),
        **{f"{PARTNER}{p.name}": _json(_without_place(p)) for p in callers.partners},
    }


def _json(value: object) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


def _without_place(value: object) -> dict[str, Any]:
    """Where it was written is left out: moving a line in a file changes no part."""
    fields: dict[str, Any] = msgspec.to_builtins(value)
    del fields["origin"]
    return fields


def _many(parts: Mapping[str, str], part: str, kind: type[_T]) -> tuple[_T, ...]:
    fields = msgspec.json.decode(parts.get(part, "[]"), type=list[dict[str, Any]])
    return tuple(msgspec.convert(_with_place(f, part), type=kind) for f in fields)


def _one(parts: Mapping[str, str], part: str, kind: type[_T]) -> _T:
    fields = msgspec.json.decode(parts[part], type=dict[str, Any])
    return msgspec.convert(_with_place(fields, part), type=kind)


def _with_place(fields: dict[str, Any], part: str) -> dict[str, Any]:
    return {"origin": {"path": part, "line": 1, "column": 1}, **fields}
