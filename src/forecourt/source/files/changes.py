"""`apis/NAME/changes/VERSION.yaml`: how the version before becomes this one, lens by lens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast, get_args

from forecourt.estate.changes import (
    Add,
    AnyLens,
    Changes,
    Convert,
    Hoist,
    Loss,
    Map,
    Move,
    Nest,
    Operation,
    Part,
    Remove,
    Rename,
    Unwrap,
    Whole,
    Wrap,
)
from forecourt.source.codes import NAME_MISMATCH
from forecourt.source.files.lens_kinds import LensRecord, OneLens, OnLoss, Pairs, Value
from forecourt.source.quoting import shown
from forecourt.source.vocabulary.collection import Listed
from forecourt.source.vocabulary.names import VERSION_NAME
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Field, Record, Row, optional, required
from forecourt.source.vocabulary.words import PROSE, TEXT, OneOf

# --- what several lenses have ---------------------------------------------------------------------

_IN = required(
    "in",
    Listed(of=TEXT, expects="a list of schemas or operations", at_least=1),
    "the schemas that have it, wherever they are used, or operations",
    example=["Payment", "CreatePayment"],
)
_IN_BODY_OR_PART = optional(
    "in",
    Listed(of=TEXT, expects="a list of schemas or operations", at_least=1),
    "the schemas that have it, wherever they are used, or operations; needed for bodies",
    default=(),
    example=["Payment", "CreatePayment"],
)
_OF_OPERATIONS = required(
    "in",
    Listed(of=TEXT, expects="a list of operations", at_least=1),
    "the operations of the older version in whose messages it moves",
    example=["listPayments"],
)
_BECAUSE = required("because", PROSE, "why it changed, for those who call")
_PART = optional(
    "part",
    OneOf(words=get_args(Part)),
    "where in a request it stands, in which case `in` names operations",
    default="body",
    written="body",
)


def _on_loss(default: Loss, *words: Loss) -> Field[str]:
    return optional(
        "on_loss",
        OnLoss(words),
        "what becomes of a value that the other version cannot say",
        default=default,
        written=default,
    )


# Of one value, and of members of which there is nothing to make null.
_LOSS = _on_loss("refuse", "refuse", "omit", "null")
_LOSS_OF_MEMBERS = _on_loss("refuse", "refuse", "omit")
_LOSS_OMITS = _on_loss("omit", "refuse", "omit")
_NAMES = Listed(of=TEXT, expects="a list of members", at_least=1)


def _common(row: Row, at: At, within: Field[Any] | None = None) -> dict[str, Any]:
    return {
        "because": row[_BECAUSE],
        "within": () if within is None else row[within],
        "places": at.places,
    }


# --- one lens each --------------------------------------------------------------------------------

_RENAMED = required("rename", TEXT, "a member or parameter of the older version")
_TO = required("to", TEXT, "its name in this version")


def _rename(row: Row, at: At) -> Rename:
    return Rename(
        name=row[_RENAMED],
        to=row[_TO],
        part=cast(Part, row[_PART]),
        **_common(row, at, _IN_BODY_OR_PART),
    )


_CONVERTED = required("convert", TEXT, "a member or parameter that both versions have")
_FROM = required("from", TEXT, "how the older version says it", example="minor_units")
_INTO_UNIT = required("to", TEXT, "how this version says it", example="money")
_CURRENCY = optional("currency", TEXT, "the currency of amounts (ISO 4217)", example="USD")


def _convert(row: Row, at: At) -> Convert:
    currency = row[_CURRENCY]
    return Convert(
        name=row[_CONVERTED],
        source=row[_FROM],
        target=row[_INTO_UNIT],
        arguments=() if currency is None else (("currency", currency),),
        on_loss=cast(Loss, row[_LOSS]),
        **_common(row, at, _IN),
    )


_NESTED = required("nest", _NAMES, "members of the older version", example=["street", "city"])
_INTO = required("into", TEXT, "the member of this version that is an object of them")


def _nest(row: Row, at: At) -> Nest:
    return Nest(
        names=row[_NESTED],
        into=row[_INTO],
        on_loss=cast(Loss, row[_LOSS_OF_MEMBERS]),
        **_common(row, at, _IN),
    )


_HOISTED = required("hoist", _NAMES, "members that stand beside others in this version")
_OUT_OF = required("out_of", TEXT, "the object in which they stand in the older version")


def _hoist(row: Row, at: At) -> Hoist:
    return Hoist(
        names=row[_HOISTED],
        out_of=row[_OUT_OF],
        on_loss=cast(Loss, row[_LOSS_OF_MEMBERS]),
        **_common(row, at, _IN),
    )


_WRAPPED = required("wrap", TEXT, "a member that is another kind of value in this version")
_WRAPPER = optional("into", TEXT, "the member that holds it there; left out: it is a list of one")


def _wrap(row: Row, at: At) -> Wrap:
    return Wrap(
        name=row[_WRAPPED],
        into=row[_WRAPPER],
        on_loss=cast(Loss, row[_LOSS]),
        **_common(row, at, _IN),
    )


_UNWRAPPED = required("unwrap", TEXT, "a member that is an object or a list in the older version")
_HOLDER = optional("out_of", TEXT, "the member that holds it there; left out: it is a list of one")


def _unwrap(row: Row, at: At) -> Unwrap:
    return Unwrap(
        name=row[_UNWRAPPED],
        out_of=row[_HOLDER],
        on_loss=cast(Loss, row[_LOSS]),
        **_common(row, at, _IN),
    )


_ADDED = required("add", TEXT, "a member or parameter that is new in this version")
_DEFAULT_UP = optional("default", Value(), "what older callers mean, who do not send it")


def _add(row: Row, at: At) -> Add:
    value = row[_DEFAULT_UP]
    return Add(
        name=row[_ADDED],
        default=None if value is None else value[0],
        has_default=value is not None,
        on_loss=cast(Loss, row[_LOSS_OMITS]),
        part=cast(Part, row[_PART]),
        **_common(row, at, _IN_BODY_OR_PART),
    )


_REMOVED = required("remove", TEXT, "a member or parameter that this version does not have")
_DEFAULT_DOWN = optional("default", Value(), "what older callers read, who expect it")


def _remove(row: Row, at: At) -> Remove:
    value = row[_DEFAULT_DOWN]
    return Remove(
        name=row[_REMOVED],
        default=None if value is None else value[0],
        has_default=value is not None,
        on_loss=cast(Loss, row[_LOSS_OF_MEMBERS]),
        part=cast(Part, row[_PART]),
        **_common(row, at, _IN_BODY_OR_PART),
    )


_MAPPED = required("map", TEXT, "a member or parameter whose words are others in this version")
_VALUES = optional(
    "values",
    Pairs(expects="a mapping from words of the older version to words of this one"),
    "what each word becomes; words that both versions have stay",
    default=(),
    example={"paid": "captured"},
)
_BACK = optional(
    "back",
    Pairs(expects="a mapping from words of this version to words of the older one"),
    "what words of this version become that no word of the older one becomes",
    default=(),
    example={"authorized": "captured"},
)


def _map(row: Row, at: At) -> Map:
    return Map(
        name=row[_MAPPED],
        values=row[_VALUES],
        back=row[_BACK],
        on_loss=cast(Loss, row[_LOSS]),
        part=cast(Part, row[_PART]),
        **_common(row, at, _IN_BODY_OR_PART),
    )


_PLACES = ("body", "query", "header", "path", "cookie")
_MOVED = required("move", TEXT, "a member or parameter of the older version")
_MOVED_FROM = required("from", OneOf(words=_PLACES), "where it stands there")
_MOVED_TO = required("to", OneOf(words=_PLACES), "where it stands in this version")
_AS = optional("as", TEXT, "its name there, if it has another")
_MESSAGE = optional(
    "message",
    OneOf(words=("request", "answer")),
    "the message in which it moves; in answers, between body and header",
    default="request",
    written="request",
)


def _move(row: Row, at: At) -> Move:
    return Move(
        name=row[_MOVED],
        to=row[_MOVED] if row[_AS] is None else cast(str, row[_AS]),
        source=cast(Any, row[_MOVED_FROM]),
        target=cast(Any, row[_MOVED_TO]),
        message=cast(Any, row[_MESSAGE]),
        on_loss=cast(Loss, row[_LOSS]),
        **_common(row, at, _OF_OPERATIONS),
    )


_WRAP_WHOLE = optional("wrap", TEXT, "the member of this version that holds the whole body")
_UNWRAP_WHOLE = optional("unwrap", TEXT, "the member of the older version whose value is the body")


def _whole(row: Row, at: At) -> Whole | None:
    wrap, unwrap = row[_WRAP_WHOLE], row[_UNWRAP_WHOLE]
    if wrap is not None:
        return Whole(lens="wrap", name=wrap)
    return None if unwrap is None else Whole(lens="unwrap", name=unwrap)


_WHOLE = Record(
    expects="`{wrap: …}` or `{unwrap: …}`", fields=(_WRAP_WHOLE, _UNWRAP_WHOLE), build=_whole
)
_OPERATION = required(
    "operation", TEXT, "an operation of the older version: its `operationId`, or `POST /charges`"
)
_BECOMES = optional("becomes", TEXT, "the operation of this version; left out: it is gone")
_PATH = optional(
    "path",
    Pairs(expects="a mapping from parameters of the older path to those of this one"),
    "which parameter stands where; left out: in their order",
    default=(),
    example={"payment_id": "paymentId"},
)
_BODY = optional("body", _WHOLE, "what becomes of the request's body as a whole")
_ANSWER = optional("answer", _WHOLE, "what becomes of a good answer's body as a whole")


def _operation(row: Row, at: At) -> Operation:
    return Operation(
        name=row[_OPERATION],
        becomes=row[_BECOMES],
        path=row[_PATH],
        body=row[_BODY],
        answer=row[_ANSWER],
        **_common(row, at),
    )


def _record(
    build: Callable[[Row, At], AnyLens], first: Field[Any], *others: Field[Any]
) -> LensRecord:
    return Record(
        expects=f"a mapping with `{first.key}`", fields=(first, *others, _BECAUSE), build=build
    )


LENSES: dict[str, LensRecord] = {
    "rename": _record(_rename, _RENAMED, _TO, _IN_BODY_OR_PART, _PART),
    "convert": _record(_convert, _CONVERTED, _FROM, _INTO_UNIT, _CURRENCY, _IN, _LOSS),
    "nest": _record(_nest, _NESTED, _INTO, _IN, _LOSS_OF_MEMBERS),
    "hoist": _record(_hoist, _HOISTED, _OUT_OF, _IN, _LOSS_OF_MEMBERS),
    "wrap": _record(_wrap, _WRAPPED, _WRAPPER, _IN, _LOSS),
    "unwrap": _record(_unwrap, _UNWRAPPED, _HOLDER, _IN, _LOSS),
    "add": _record(_add, _ADDED, _DEFAULT_UP, _IN_BODY_OR_PART, _PART, _LOSS_OMITS),
    "remove": _record(_remove, _REMOVED, _DEFAULT_DOWN, _IN_BODY_OR_PART, _PART, _LOSS_OF_MEMBERS),
    "map": _record(_map, _MAPPED, _VALUES, _BACK, _IN_BODY_OR_PART, _PART, _LOSS),
    "move": _record(_move, _MOVED, _MOVED_FROM, _MOVED_TO, _AS, _OF_OPERATIONS, _MESSAGE, _LOSS),
    "operation": _record(_operation, _OPERATION, _BECOMES, _PATH, _BODY, _ANSWER),
}

# --- the file -------------------------------------------------------------------------------------

_VERSION = required("version", VERSION_NAME, "the version that comes of it, as the file is called")
_FOLLOWS = optional(
    "follows", VERSION_NAME, "the version before; left out: the one before it by name"
)
_SUMMARY = required("summary", PROSE, "what changed, in one sentence for those who call")
_LENSES: Listed[AnyLens] = Listed(of=OneLens(LENSES), expects="a list of lenses", at_least=1)
_CHANGES = required(
    "changes",
    _LENSES,
    "what differs, lens by lens, from the older version to this one",
)


def _changes(row: Row, at: At) -> Changes | None:
    if at.attempt(lambda: row[_VERSION] != at.label) is True:
        place = at.places["version"]
        message = f"`version` is {shown(row[_VERSION])}, but the file is called {shown(at.label)}"
        at.diagnostics.append(
            NAME_MISMATCH.at(place, message, help="write the file's name, or rename the file")
        )
        if not at.supposes:
            return None
    return Changes(
        version=row[_VERSION],
        summary=row[_SUMMARY],
        changes=row[_CHANGES],
        follows=at.attempt(lambda: row[_FOLLOWS] or ""),
        places=at.places,
    )


CHANGES = Record(
    expects="a mapping with `version` and `changes`",
    fields=(_VERSION, _FOLLOWS, _SUMMARY, _CHANGES),
    build=_changes,
)
