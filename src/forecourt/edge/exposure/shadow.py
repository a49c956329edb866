"""What is called and declared by no contract: shadow operations, from the access log."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from forecourt.edge.exposure.guarded import Guarded, GuardedOperation
from forecourt.edge.logged_request import LoggedRequest, logged_request

# Of the log its end is read: some 30,000 requests that led somewhere, at most four times as far
# back, in blocks.
MOST_BYTES = 16 << 20
_TIMES_AS_FAR = 4
_BLOCK = 1 << 20
_NOWHERE = b'"route":null'
_MOST_TOLD = 100
_FIRST_FAULT = 400

# What a programmer calls a step of a path; whatever else stands there may be somebody's data.
_A_NAME = re.compile(r"[A-Za-z][A-Za-z_.-]{0,39}")

# Where versions of APIs stand: prefix, API and version.
Standing = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Shadow:
    """Something that an API answered and none of its contracts declares, and how often. What may be
    a value is `*` in the path."""

    api: str
    method: str
    path: str
    times: int


def shadow_operations(
    requests: Iterable[LoggedRequest], standing: Collection[Standing], apis: Collection[Guarded]
) -> tuple[Shadow, ...]:
    """The most frequent first. APIs without a contract declare nothing, and are left out."""
    declared = {api.name: api.operations for api in apis if api.operations}
    places = {
        name: sorted({(p, v) for p, n, v in standing if n == name}, reverse=True)
        for name in declared
    }
    found = Counter(
        (request.api, request.method, _shown(path))
        for request in requests
        if request.api in declared and _was_answered(request)
        for path in [unquote(request.path.partition("?")[0])]
        if not _is_declared(request.method, path, places[request.api], declared[request.api])
    )
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Shadow(api=api, method=method, path=path, times=times)
        for (api, method, path), times in ordered[:_MOST_TOLD]
    )


def latest_requests(log: Path, most: int = MOST_BYTES) -> Iterator[LoggedRequest]:
    """The requests at the end of an access log that led somewhere, oldest first; none where there
    is no log. Those that led nowhere count for nothing: one search for openings leaves thousands.
    """
    try:
        with log.open("rb") as file:
            lines = _latest_lines(file, most)
    except FileNotFoundError:
        return
    yield from filter(None, map(logged_request, lines))


def _latest_lines(file: BinaryIO, most: int) -> list[bytes]:
    """Whole lines, some `most` bytes of them."""
    end = file.seek(0, os.SEEK_END)
    furthest = max(0, end - most * _TIMES_AS_FAR)
    blocks: list[list[bytes]] = []
    found, rest = 0, b""
    while end > furthest and found < most:
        start = max(furthest, end - min(_BLOCK, most))
        file.seek(start)
        first, *lines = (file.read(end - start) + rest).split(b"\n")
        rest, end = first, start
        blocks.append([line for line in lines if line and _NOWHERE not in line])
        found += sum(map(len, blocks[-1]))
    if end == 0 and rest and _NOWHERE not in rest:
        blocks.append([rest])
    return [line for block in reversed(blocks) for line in block]


def _was_answered(request: LoggedRequest) -> bool:
    return not request.is_test and request.reason is None and 0 < request.status < _FIRST_FAULT


def _is_declared(
    method: str,
    path: str,
    places: Iterable[tuple[str, str]],
    operations: Collection[GuardedOperation],
) -> bool:
    """Whether any version that stands there declares it; one that is found nowhere is not judged,
    since it stood elsewhere when it was called."""
    below = [(path.removeprefix(p), v) for p, v in places if f"{path}/".startswith(p)]
    if not below:
        return True
    asked = _AS.get(method, method)
    return any(
        o.version == version
        and _AS.get(o.method, o.method) == asked
        and _fits(o.template.strip("/").split("/"), rest.strip("/").split("/"))
        for rest, version in below
        for o in operations
    )


# HEAD asks for what GET does.
_AS: Mapping[str, str] = {"HEAD": "GET"}


def _fits(template: list[str], segments: list[str]) -> bool:
    return len(template) == len(segments) and all(
        "{" in wanted or wanted == segment
        for wanted, segment in zip(template, segments, strict=True)
    )


def _shown(path: str) -> str:
    steps = path.split("/")
    return "/".join(s if not s or _A_NAME.fullmatch(s) or _is_version(s) else "*" for s in steps)


def _is_version(step: str) -> bool:
    return re.fullmatch(r"v[0-9]{1,3}", step) is not None
