"""`forecourt.yaml`: the organisation, its listeners, the issuers it trusts, its channels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from forecourt.estate.audience import Audience
from forecourt.estate.organization import Organization
from forecourt.source.codes import BAD_TEXT, NOT_OVERRIDABLE, SECRET_IN_FILE, UNKNOWN_KEY
from forecourt.source.files.demanded import demanded
from forecourt.source.files.identity import IDENTITY
from forecourt.source.files.listeners import LISTENERS
from forecourt.source.vocabulary.collection import ByName
from forecourt.source.vocabulary.names import NAME
from forecourt.source.vocabulary.quantities import MONTHS
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Elsewhere, Record, Row, optional, required
from forecourt.source.vocabulary.shape import text_shape
from forecourt.source.vocabulary.words import TEXT, Parsed, Word

# --- channels -------------------------------------------------------------------------------------

_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
# For editors.
_SETTING_PATTERN = rf"(?:[^$]|\$(?!\{{)|{_VARIABLE.pattern})+"
_MAIL_PATTERN = rf"(?:smtps?://(?=[^/])|(?=\$\{{)){_SETTING_PATTERN}"


def _secret(text: str) -> str | None:
    return text if _VARIABLE.fullmatch(text) else None


def _setting(text: str) -> str | None:
    rest = _VARIABLE.sub("", text)
    return text if text.strip() and text.isprintable() and "${" not in rest else None


def _mail_server(text: str) -> str | None:
    is_server = re.match(r"smtps?://[^/]|\$\{", text) is not None
    credentials = text.rpartition("@")[0].rpartition("/")[2]
    holds_secret = bool(_VARIABLE.sub("", credentials).replace(":", ""))
    return _setting(text) if is_server and not holds_secret else None


_SECRET = Parsed(
    expects="a variable of the environment such as `${SLACK_WEBHOOK}`",
    code=SECRET_IN_FILE,
    parse=_secret,
    looks=text_shape(_VARIABLE.pattern, example="${SLACK_WEBHOOK}"),
    is_secret=True,
    hint=lambda _: "whoever has this URL can post; put it into the environment",
)
_SETTING = Parsed(
    expects="a text in which `${NAME}` is a variable of the environment",
    code=BAD_TEXT,
    parse=_setting,
    looks=text_shape(_SETTING_PATTERN, example="api@acme.example", numbers=True),
)
_MAIL_SERVER = Parsed(
    expects="a mail server such as `smtp://mail.acme.example:587`, without a password",
    code=BAD_TEXT,
    parse=_mail_server,
    looks=text_shape(_MAIL_PATTERN, example="smtp://mail.acme.example:587"),
    hint=lambda text: "write `smtp://${MAIL_USER}:${MAIL_PASSWORD}@…`" if "@" in text else None,
    is_secret=True,
)

_WEBHOOK = required("webhook", _SECRET, "the URL that posts into the workspace")
_SMTP = required("smtp", _MAIL_SERVER, "the mail server")
_FROM = required("from", _SETTING, "the sender of every mail")


def _texts(row: Row, at: At) -> Mapping[str, str]:
    return {key: str(value) for key, value in row.values.items()}


_CHANNEL_SLACK = optional(
    "slack",
    Record(expects="a mapping with `webhook`", fields=(_WEBHOOK,), build=_texts),
    "where chat messages go",
)
_CHANNEL_EMAIL = optional(
    "email",
    Record(expects="a mapping with `smtp` and `from`", fields=(_SMTP, _FROM), build=_texts),
    "where mail goes",
)


def _channels(row: Row, at: At) -> Mapping[str, Mapping[str, str]]:
    written = {"email": row[_CHANNEL_EMAIL], "slack": row[_CHANNEL_SLACK]}
    return {name: settings for name, settings in written.items() if settings is not None}


_CHANNELS = optional(
    "channels",
    Record(
        expects="a mapping with `slack` or `email`",
        fields=(_CHANNEL_SLACK, _CHANNEL_EMAIL),
        build=_channels,
    ),
    "how people are told",
    default={},
)

# --- floors, features, approvers ------------------------------------------------------------------

_DEPRECATION = optional(
    "deprecation",
    ByName(
        keys=Word(members=tuple(Audience)),
        values=MONTHS,
        expects="a mapping such as `{public: 12 months}`",
    ),
    "how long a version is announced as deprecated, at least",
    default={},
    note=demanded("deprecation"),
    example={"public": "12 months"},
)


def _floors(row: Row, at: At) -> Mapping[Audience, int]:
    return row[_DEPRECATION]


_FLOORS = optional(
    "floors",
    Record(expects="a mapping with `deprecation`", fields=(_DEPRECATION,), build=_floors),
    "what no API may fall below",
    default={},
)
_FEATURES = optional(
    "features",
    ByName(keys=NAME, values=TEXT, expects="a mapping of features to what they are"),
    "the features that a contract may enable, and what they are",
    default={},
    example={"bulk-operations": "enterprise"},
)

_APPROVERS = optional(
    "approvers",
    ByName(keys=NAME, values=TEXT, expects="a mapping of approvers to who they are"),
    "who may agree to a waiver; left out: whoever is named",
    example={"api-review-board": "the API review board"},
)

# --- the file -------------------------------------------------------------------------------------

_ORGANIZATION = required("organization", TEXT, "whose estate this is", example="Acme")
_LISTENERS = required("listeners", LISTENERS, "where calls come in")
_IDENTITY = optional("identity", IDENTITY, "who else signs tokens", default=())


def _approvers(row: Row) -> Mapping[str, str] | None:
    approvers = row[_APPROVERS]
    return None if approvers is None else dict(sorted(approvers.items()))


def _organization(row: Row, at: At) -> Organization:
    listeners = row[_LISTENERS]
    return Organization(
        name=row[_ORGANIZATION],
        external=listeners[0],
        internal=listeners[1],
        issuers=at.attempt(lambda: tuple(sorted(row[_IDENTITY], key=lambda issuer: issuer.name))),
        channels=row[_CHANNELS],
        deprecation_floors=at.attempt(lambda: dict(sorted(row[_FLOORS].items()))),
        features=at.attempt(lambda: dict(sorted(row[_FEATURES].items()))),
        approvers=at.attempt(lambda: _approvers(row)),
        places=at.places,
    )


_NOT_HERE = "does not stand in this file"
_ELSEWHERE: Mapping[str, Elsewhere] = MappingProxyType(
    {
        "upstreams": Elsewhere(
            code=NOT_OVERRIDABLE,
            because="belongs into the file of an environment",
            instead="write each API's `upstream` in its `api.yaml`, "
            "and what differs in `forecourt.<environment>.yaml`",
        ),
        "environments": Elsewhere(
            code=UNKNOWN_KEY,
            because=_NOT_HERE,
            instead="write what differs in one into `forecourt.<environment>.yaml`",
        ),
    }
    | {
        key: Elsewhere(code=UNKNOWN_KEY, because=_NOT_HERE, instead=f"write {where}")
        for key, where in (
            ("apis", "each API into `apis/NAME/api.yaml`"),
            ("services", "the services into `services.yaml`"),
            ("partners", "each partner into `partners/NAME.yaml`"),
            ("plans", "the plans into `plans.yaml`"),
            ("tiers", "the tiers into `sla.yaml`"),
            ("waivers", "each waiver into `waivers/NAME.yaml`"),
        )
    }
)

ORGANIZATION = Record(
    expects="a mapping with `organization` and `listeners`",
    fields=(_ORGANIZATION, _LISTENERS, _IDENTITY, _CHANNELS, _FLOORS, _FEATURES, _APPROVERS),
    build=_organization,
    elsewhere=_ELSEWHERE,
)
