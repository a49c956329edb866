"""Who set each value of an API's posture, and why it is what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forecourt.diagnostics import Span
from forecourt.estate.api import Api
from forecourt.estate.audience import Audience
from forecourt.estate.model import Estate
from forecourt.estate.posture import DIMENSIONS, Dimension, JudgedBy, is_laxer, posture_of
from forecourt.estate.scale import Accepted, Comparison
from forecourt.estate.waiver import Waiver
from forecourt.estate.wording import worded
from forecourt.governance.lifecycle.deprecation_too_short import demanded_months
from forecourt.governance.lifecycle.laxer_than_posture import RULE
from forecourt.governance.rule import Finding
from forecourt.governance.waiving import covering


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One dimension of one API, as it holds for callers of one audience.

    `set_by` is the audience whose column of the table it comes from, or the place where the estate
    says otherwise. `is_laxer` than the table; `waiver` is the one that allows it.
    """

    dimension: Dimension
    value: str
    set_by: Audience | Span
    because: str
    is_laxer: bool = False
    waiver: Waiver | None = None


def explained(api: Api, caller: Audience, estate: Estate, today: date) -> tuple[Explained, ...]:
    """Every dimension of the table, in its order."""
    return tuple(_dimension(d, api, caller, estate, today) for d in DIMENSIONS)


def _dimension(
    dimension: Dimension, api: Api, caller: Audience, estate: Estate, today: date
) -> Explained:
    match dimension.key:
        case "versioning":
            return _versioning(dimension, api, estate, today)
        case "deprecation":
            return _deprecation(dimension, api, estate, today)
        case key:
            value = getattr(posture_of(api, caller), key)
            is_own = key in api.posture and value == api.posture[key]
            place = api.places[f"posture.{key}"] if is_own else None
            return _row(dimension, api, caller, value, place, estate, today)


def _deprecation(dimension: Dimension, api: Api, estate: Estate, today: date) -> Explained:
    months, place = demanded_months(api, estate.organization)
    return _row(dimension, api, api.audience, months, place, estate, today)


def _versioning(dimension: Dimension, api: Api, estate: Estate, today: date) -> Explained:
    """The scheme that is used, which says more than the set of those that are accepted."""
    scheme = frozenset({api.scheme.value})
    place = api.places["versioning.scheme"] if "versioning" in api.places else None
    return _row(dimension, api, api.audience, scheme, place, estate, today)


def _row(
    dimension: Dimension,
    api: Api,
    caller: Audience,
    value: object,
    place: Span | None,
    estate: Estate,
    today: date,
) -> Explained:
    column = _column(dimension, api, caller)
    lax = is_laxer(dimension.key, value, column)
    return Explained(
        dimension=dimension,
        value=worded(dimension, value),
        set_by=column if place is None else place,
        because=_because(dimension, column, value, is_own=place is not None),
        is_laxer=lax,
        waiver=_waiver(dimension, api, estate, today) if lax else None,
    )


def _because(dimension: Dimension, column: Audience, value: object, *, is_own: bool) -> str:
    """The reason in the table; for a value of the estate's own, how it stands to the table's."""
    cell = dimension.values[column]
    if not is_own:
        return cell.because
    usual = worded(dimension, cell.value)
    match dimension.scale, dimension.scale.compare(value, cell.value):
        case Accepted(), Comparison.LAXER:
            return f"not among {usual}: {cell.because}"
        case Accepted(), _:
            return f"among {usual}: {cell.because}"
        case _, Comparison.SAME:
            return cell.because
        case _, how:
            return f"{how.value} than {usual}: {cell.because}"


def _column(dimension: Dimension, api: Api, caller: Audience) -> Audience:
    """The audience whose column of the table decides."""
    match dimension.judged_by:
        case JudgedBy.CALLER:
            return caller
        case JudgedBy.API:
            return api.audience
        case JudgedBy.BOTH:
            own = dimension.values[api.audience].value
            return caller if is_laxer(dimension.key, own, caller) else api.audience


def _waiver(dimension: Dimension, api: Api, estate: Estate, today: date) -> Waiver | None:
    asked = Finding(
        message="", span=api.places.origin, help="", api=api.name, dimension=dimension.key
    )
    those = covering(estate.waivers, RULE, asked)
    return next((w for w in those if not w.is_expired(today)), None)
