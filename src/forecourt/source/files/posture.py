"""`posture:` in `api.yaml`: the dimensions that a team sets itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from forecourt.estate.api import BodyLimits
from forecourt.estate.audience import Audience
from forecourt.estate.posture import BY_KEY, DIMENSIONS
from forecourt.estate.rate_limit import RateLimit
from forecourt.estate.scale import Accepted, Count, Ladder, Limits, Rate, Scale
from forecourt.source.codes import UNKNOWN_KEY
from forecourt.source.files.demanded import demanded
from forecourt.source.files.rate_limits import OF_AN_API
from forecourt.source.vocabulary.collection import OneOrMoreOf
from forecourt.source.vocabulary.quantities import MONTHS_OR_NUMBER, SIZE, whole
from forecourt.source.vocabulary.reading import At, Kind
from forecourt.source.vocabulary.record import Elsewhere, Field, Record, Row, optional
from forecourt.source.vocabulary.words import OneOf


def _written(row: Row, at: At) -> Mapping[str, object]:
    return row.values


BODY_LIMITS = Record(
    expects="a mapping with `bytes`, `depth` or `keys`",
    fields=(
        optional("bytes", SIZE, "the largest body"),
        optional("depth", whole(1, 1000), "how deeply JSON may be nested"),
        optional("keys", whole(1, 10_000_000), "how many keys a body may have"),
    ),
    build=_written,
)


def _kind_of(scale: Scale) -> Kind[object] | None:
    match scale:
        case Ladder(words=words):
            return OneOf(words=words)
        case Accepted(words=words):
            return OneOrMoreOf(of=OneOf(words=words), expects=f"a list of {', '.join(words)}")
        case Count(unit="calendar months"):
            return MONTHS_OR_NUMBER
        case Count():
            return whole(0, 1000)
        case Limits():
            return BODY_LIMITS
        case Rate():
            return OF_AN_API
        case _:
            return None


def _about(scale: Scale) -> str:
    values = scale.describe()
    return f"from lax to strict: {values}" if isinstance(scale, Ladder) else values


def _fields() -> tuple[Field[Any], ...]:
    kinds = ((dimension, _kind_of(dimension.scale)) for dimension in DIMENSIONS)
    return tuple(
        optional(dimension.key, kind, _about(dimension.scale), note=demanded(dimension.key))
        for dimension, kind in kinds
        if dimension.is_settable and kind is not None
    )


POSTURE = Record(
    expects="a mapping of dimensions, such as `{body_limits: {bytes: 256 KB}}`",
    fields=_fields(),
    build=_written,
    elsewhere=MappingProxyType(
        {
            dimension.key: Elsewhere(
                code=UNKNOWN_KEY,
                because="follows from the audience and cannot be set",
                instead="remove it",
            )
            for dimension in DIMENSIONS
            if not dimension.is_settable
        }
    ),
)


def completed(written: Mapping[str, object], audience: Audience, at: At) -> Mapping[str, object]:
    """The dimensions as their own types: what was written in part is completed from the table."""
    return {
        key: at.attempt(partial(_completed, key, written[key], audience)) for key in sorted(written)
    }


def _completed(key: str, value: Any, audience: Audience) -> object:
    usual = BY_KEY[key].values[audience].value
    if isinstance(usual, RateLimit) and isinstance(value, Mapping):
        # An API limits callers, whomever they act for.
        return replace(usual, per_user=None, **value)
    if isinstance(usual, BodyLimits) and isinstance(value, Mapping):
        return replace(usual, **value)
    return value
