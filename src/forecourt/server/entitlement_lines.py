"""How the edge reads an entitlement: a line a fact, words separated by spaces."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from urllib.parse import quote

from forecourt.actions.entitlement import Entitlement
from forecourt.actions.networks import network_digits
from forecourt.actions.quota import Window
from forecourt.compiler.envoy.policy import epoch
from forecourt.compiler.ir.callers import Grant
from forecourt.edge.buckets import bucket_id

# Seconds after which an answer is asked for again in which something was not known.
_ASK_AGAIN = 5


def entitlement_lines(entitlement: Entitlement, *, news: int, bucket_key: bytes) -> str:
    """One `name value…` line each, values percent-encoded (RFC 3986) but for `:/@`.

    `api *` is every API the audience sees, `api NAME *` every version it sees, `api -` no API at
    all. `scopes *` is every scope that needs no user. `bucket` is what the limit belongs to, as an
    id of 13 hexadecimal digits (`forecourt.edge.buckets`); `limit` its requests a minute,
    `capacity` what may come at once. `beside` is the bucket beside which those of APIs and
    operations lie, where that is another. `user` is the bucket of the person for whom it acts,
    `user_limit` and `user_capacity` what each person may use. `concurrent` is how many
    requests may be under way at a time; without it nobody counts. `quota WINDOW N` is a quota,
    `exhausted WINDOW EPOCH` one that is used up until then. `pin API VERSION` is what the
    application gets where it names no version; `pins unknown`: nobody could say. `addresses` are
    the networks that the credential may come from, as `network_digits` spells them; without such a
    line it may come from anywhere. `mode` is `live`, or `test`: the mock answers. `blocked` is the
    second until which it is refused, `-` without an end; where it is not, there is no such line.
    `class` says who is turned away first (`forecourt.estate.precedence`). `news` is the number of
    the latest news that this answer surely knows of: an edge that has acted on later ones does not
    keep it.
    """
    return "".join(f"{' '.join(line)}\n" for line in _lines(entitlement, news, bucket_key))


def _lines(e: Entitlement, news: int, bucket_key: bytes) -> Iterator[tuple[str, ...]]:
    yield "credential", _word(e.credential)
    yield "application", _word(e.application)
    yield "consumer", _word(e.consumer)
    yield "audience", e.audience.value
    yield "mode", "test" if e.is_test else "live"
    yield "class", str(e.precedence)
    yield "bucket", bucket_id(e.bucket, bucket_key)
    if e.beside is not None:
        yield "beside", bucket_id(e.beside, bucket_key)
    yield "limit", str(e.limit.per_minute)
    yield "capacity", repr(e.limit.capacity)
    if e.limit.at_once is not None:
        yield "concurrent", str(e.limit.at_once)
    if e.user_bucket is not None and e.limit.per_user is not None:
        yield "user", bucket_id(e.user_bucket, bucket_key)
        yield "user_limit", str(e.limit.per_user.per_minute)
        yield "user_capacity", repr(e.limit.per_user.capacity)
    if e.limit.per_day is not None:
        yield "quota", Window.DAY.value, str(e.limit.per_day)
    if e.limit.per_month is not None:
        yield "quota", Window.MONTH.value, str(e.limit.per_month)
    if e.exhausted is not None:
        until = int(e.exhausted.resets.timestamp())
        yield "exhausted", e.exhausted.window.value, str(until)
    yield from _grants(e.grants)
    yield "scopes", *(("*",) if e.scopes is None else map(_word, e.scopes))
    yield "features", *map(_word, e.features)
    if e.subject is not None:
        yield "subject", _word(e.subject)
    for sunset in e.sunsets:
        yield "sunset", _word(sunset.api), _word(sunset.version), str(epoch(sunset.on))
    if e.pins is None:
        yield "pins", "unknown"
    for pin in e.pins or ():
        yield "pin", _word(pin.api), _word(pin.version)
    if e.stop is not None:
        yield "blocked", "-" if e.stop.until is None else str(ceil(e.stop.until.timestamp()))
    if e.addresses:
        yield "addresses", *map(network_digits, e.addresses)
    if e.must_bring_certificate:
        yield "certificate", "required"
    if e.expires_at is not None:
        yield "expires", str(int(e.expires_at.timestamp()))
    yield "fresh", str(e.memory.fresh if e.pins is not None else _ASK_AGAIN)
    yield "grace", str(e.memory.grace)
    yield "news", str(news)


def _grants(grants: tuple[Grant, ...] | None) -> Iterator[tuple[str, ...]]:
    if grants is None:
        yield "api", "*"
    elif not grants:
        yield "api", "-"
    else:
        for grant in grants:
            versions = ("*",) if grant.versions is None else map(_word, grant.versions)
            yield "api", _word(grant.api), *versions


def _word(text: str) -> str:
    """Without a space, a line's end or a bare `*`."""
    return quote(text, safe=":/@")
