"""`waivers/NAME.yaml`: an exception with an owner and an end."""

from __future__ import annotations

from forecourt.estate.posture import DIMENSIONS
from forecourt.estate.waiver import Waiver
from forecourt.source.vocabulary.collection import Listed
from forecourt.source.vocabulary.names import NAME, VERSION_NAME
from forecourt.source.vocabulary.quantities import DATE
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record, Row, optional, required
from forecourt.source.vocabulary.words import PROSE, TEXT, OneOf

_RULE = required(
    "rule", TEXT, "the rule that is waived, by name or code", example="deprecation-too-short"
)
_API = required("api", NAME, "the API it is waived for")
_VERSION = optional("version", VERSION_NAME, "the one version it is waived for")
_DIMENSION = optional(
    "dimension",
    OneOf(words=tuple(d.key for d in DIMENSIONS if d.is_settable)),
    "the dimension of the posture that may be laxer",
)
_OWNER = required("owner", TEXT, "who answers for the exception")
_BECAUSE = required("because", PROSE, "why the exception is right")
_APPROVED_BY = required(
    "approved_by",
    Listed(of=TEXT, expects="a list of names", at_least=1),
    "who agreed to it",
    example=["api-review-board"],
)
_EXPIRES = required("expires", DATE, "the first day on which it no longer counts")


def _waiver(row: Row, at: At) -> Waiver:
    return Waiver(
        name=at.label,
        rule=row[_RULE],
        api=row[_API],
        version=row[_VERSION],
        owner=row[_OWNER],
        because=row[_BECAUSE],
        approved_by=row[_APPROVED_BY],
        expires=row[_EXPIRES],
        dimension=row[_DIMENSION],
        places=at.places,
    )


WAIVER = Record(
    expects="a mapping with `rule`, `api` and `expires`",
    fields=(_RULE, _API, _VERSION, _DIMENSION, _OWNER, _BECAUSE, _APPROVED_BY, _EXPIRES),
    build=_waiver,
)
