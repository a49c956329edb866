"""`identity:` in `forecourt.yaml`: who else signs tokens that are accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forecourt.estate.audience import Audience
from forecourt.estate.organization import Issuer
from forecourt.source.codes import DUPLICATE_VALUE
from forecourt.source.quoting import shown
from forecourt.source.tree import Node, Scalar
from forecourt.source.vocabulary.addresses import HTTPS_PATTERN, HTTPS_URL, TOKEN_TEXT
from forecourt.source.vocabulary.collection import Listed
from forecourt.source.vocabulary.names import CLAIM, NAME
from forecourt.source.vocabulary.paths import FILE, FILE_PATTERN
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record, Row, optional, required
from forecourt.source.vocabulary.shape import Shape, text_shape
from forecourt.source.vocabulary.words import Word


@dataclass(frozen=True, slots=True)
class UrlOrFile:
    """An `https` URL, or else a file of the estate."""

    expects: str = "an `https` URL or a file of the estate"

    @property
    def shape(self) -> Shape:
        """The one or the other, for editors."""
        return text_shape(f"{HTTPS_PATTERN}|{FILE_PATTERN}", numbers=True)

    def read(self, node: Node, at: At) -> str | None:
        """The URL as written, or the path from the estate's root."""
        is_url = isinstance(node, Scalar) and "://" in node.text
        return HTTPS_URL.read(node, at) if is_url else FILE.read(node, at)


_NAME = required("name", NAME, "what the issuer is called here")
_ISSUER = required("issuer", TOKEN_TEXT, "the `iss` of its tokens, to the letter")
_JWKS = required(
    "jwks",
    UrlOrFile(),
    "its public keys, an `https` URL or a file of the estate",
    example="https://id.acme.example/jwks.json",
)
_TOKEN_AUDIENCE = required("token_audience", TOKEN_TEXT, "what its tokens' `aud` must hold")
_CALLERS = required(
    "callers",
    Word(
        members=tuple(audience for audience in Audience if audience.is_external),
        because="a token that somebody else signed never makes an internal caller",
    ),
    "the audience of those who bring its tokens",
)
_CONSUMER_CLAIM = optional(
    "consumer_claim",
    CLAIM,
    "the claim that names the application",
    default="azp",
    written="azp",
)
_PLAN = optional(
    "plan",
    NAME,
    "the plan of `plans.yaml` that each public application is on which brings its tokens",
    example="standard",
)


def _issuer(row: Row, at: At) -> Issuer:
    return Issuer(
        name=row[_NAME],
        issuer=row[_ISSUER],
        jwks=row[_JWKS],
        token_audience=row[_TOKEN_AUDIENCE],
        callers=row[_CALLERS],
        consumer_claim=row[_CONSUMER_CLAIM],
        plan=row[_PLAN],
        origin=at.places[at.key],
    )


_ISSUERS = optional(
    "issuers",
    Listed(
        of=Record(
            expects="a mapping with `name`, `issuer`, `jwks`, `token_audience` and `callers`",
            fields=(_NAME, _ISSUER, _JWKS, _TOKEN_AUDIENCE, _CALLERS, _CONSUMER_CLAIM, _PLAN),
            build=_issuer,
        ),
        expects="a list of issuers",
    ),
    "who else signs tokens",
    default=(),
)


def _issuers(row: Row, at: At) -> tuple[Issuer, ...] | None:
    issuers = row[_ISSUERS]
    before = len(at.diagnostics)
    at.attempt(lambda: _refuse_repeats(at, issuers, "name", lambda issuer: issuer.name))
    at.attempt(lambda: _refuse_repeats(at, issuers, "issuer", lambda issuer: issuer.issuer))
    return issuers if at.supposes or len(at.diagnostics) == before else None


def _refuse_repeats(
    at: At, issuers: tuple[Issuer, ...], key: str, value: Callable[[Issuer], str]
) -> None:
    first: dict[str, int] = {}
    repeats = [
        number
        for number, issuer in enumerate(issuers)
        if first.setdefault(value(issuer), number) != number
    ]
    for number in repeats:
        place = at.places[f"{at.key}.issuers.{number}.{key}"]
        message = f"`{key}` is {shown(value(issuers[number]))}, which another issuer has already"
        at.diagnostics.append(DUPLICATE_VALUE.at(place, message))


IDENTITY = Record(expects="a mapping with `issuers`", fields=(_ISSUERS,), build=_issuers)
