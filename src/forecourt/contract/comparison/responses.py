"""What operations answer: statuses, media types, header fields."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.comparison.media import Matching, matching
from forecourt.contract.comparison.met import Between, Met, Told, start
from forecourt.contract.model import Header, Operation, Response
from forecourt.contract.one_sided import Direction


def responses(before: Operation, after: Operation) -> Iterator[Met]:
    """How they differ, and the schemas to compare."""
    was = {r.status: r for r in before.responses}
    is_now = {r.status: r for r in after.responses}
    old_at, new_at = (*before.pointer, "responses"), (*after.pointer, "responses")
    for status in sorted({*was, *is_now}):
        one, other = _of(was, status), _of(is_now, status)
        kind = "success" if status.startswith("2") else "failure"
        where = f"answer {status}"
        if one is not None and other is not None:
            at = Between((*old_at, one.status), (*new_at, other.status))
            yield from _both(one, other, where, at)
        if _stated(is_now, status) is None:
            yield Told(
                kind=f"{kind}-removed",
                where=where,
                old=(*old_at, status),
                new=new_at,
                message="not answered any more",
            )
        elif _stated(was, status) is None:
            yield Told(
                kind=f"{kind}-added",
                where=where,
                old=old_at,
                new=(*new_at, status),
                message="answered now",
            )


def _of(responses: dict[str, Response], status: str) -> Response | None:
    """That of a status, of the range that it is in, or that of all others.

    `default` is what goes wrong, unless nothing is said of what goes well. A status that only one
    side names is told for itself, too.
    """
    found = _stated(responses, status)
    if found is None and not (status.startswith("2") and any(s.startswith("2") for s in responses)):
        return responses.get("default")
    return found


def _stated(responses: dict[str, Response], status: str) -> Response | None:
    return responses.get(status) or responses.get(f"{status[0]}XX")


def _both(one: Response, other: Response, where: str, at: Between) -> Iterator[Met]:
    if one.contents and not other.contents:
        old = one.contents[0].pointer
        yield Told(
            kind="response-body-removed", where=where, old=old, new=at.new, message="has no body"
        )
    elif other.contents and not one.contents:
        new = other.contents[0].pointer
        yield Told(
            kind="response-body-added", where=where, old=at.old, new=new, message="has a body"
        )
    else:
        found = matching(one.contents, other.contents)
        yield from media_types(found, where, at, "answered")
    yield from _headers(one, other, where, at)


def media_types(found: Matching, where: str, at: Between, sent: str) -> Iterator[Met]:
    """How those of something that we send differ; `sent` is how that is said: `answered`."""
    for content in found.gone:
        message = f"`{content.media_type}` is not {sent} any more"
        gone = Between(content.pointer, at.new)
        yield gone.told("response-media-type-removed", where, message)
    for content in found.new:
        message = f"`{content.media_type}` is {sent}, too"
        new = Between(at.old, content.pointer)
        yield new.told("response-media-type-added", where, message)
    for word, pairs in (("narrowed", found.narrowed), ("widened", found.widened)):
        for before, after in pairs:
            message = f"was `{before.media_type}`, is `{after.media_type}`"
            both = Between(before.pointer, after.pointer)
            yield both.told(f"response-media-type-{word}", where, message)
    for before, after in (*found.same, *found.narrowed, *found.widened, *found.parted):
        yield start(where, before.schema, after.schema, Direction.RESPONSE)


def _headers(one: Response, other: Response, where: str, at: Between) -> Iterator[Met]:
    was = {h.name.lower(): h for h in one.headers}
    is_now = {h.name.lower(): h for h in other.headers}
    for name in sorted({*was, *is_now}):
        before, after = was.get(name), is_now.get(name)
        if before is not None and after is not None:
            yield from _header(before, after, f"{where} header {before.name}")
        elif before is not None:
            required = "required-" if before.is_required else ""
            yield Told(
                kind=f"{required}response-header-removed",
                where=f"{where} header {before.name}",
                old=before.pointer,
                new=at.new,
                message="gone",
            )
        elif after is not None:
            yield Told(
                kind="response-header-added",
                where=f"{where} header {after.name}",
                old=at.old,
                new=after.pointer,
                message="new",
            )


def _header(before: Header, after: Header, where: str) -> Iterator[Met]:
    at = Between(before.pointer, after.pointer)
    if before.is_required and not after.is_required:
        kind, message = "response-header-became-optional", "may be missing"
        yield at.told(kind, where, message)
    elif after.is_required and not before.is_required:
        kind, message = "response-header-became-required", "is always there"
        yield at.told(kind, where, message)
    yield start(where, before.schema, after.schema, Direction.RESPONSE, is_text=True)
