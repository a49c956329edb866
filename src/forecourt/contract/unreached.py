"""Operations that no request would ever reach, by the paths of all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from forecourt.contract import codes
from forecourt.contract.building import Found
from forecourt.contract.matching import Segment, segments
from forecourt.contract.templates import path_alone
from forecourt.contract.trouble import Trouble
from forecourt.contract.walk import Node
from forecourt.source.quoting import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """`shadowed`: another operation takes the requests; a warning, since they are answered.
    `unmatched`: nothing takes them as they are meant; an error.
    """

    shadowed: dict[Node, Trouble]
    unmatched: dict[Node, Trouble]


def unreached(operations: Mapping[Node, Found]) -> Unreached:
    """What requests would not reach of these, each by its name.

    Only the path of a request chooses its operation. Of two that match the same, the one whose
    path is no more than a path goes first, then the one whose template sorts before.
    """
    first: dict[tuple[str, tuple[Segment, ...]], Found] = {}
    shadowed: dict[Node, Trouble] = {}
    unmatched: dict[Node, Trouble] = {}
    for name in sorted(operations, key=lambda name: _precedence(operations[name])):
        found = operations[name]
        other = first.setdefault((found.method, segments(found.template)), found)
        if other is not found:
            shadowed[name] = _shadowed(found, other)
        elif _beyond_path(found.template).startswith("?"):
            unmatched[name] = _unmatched(found)
    return Unreached(shadowed=shadowed, unmatched=unmatched)


def path_remarks(operations: Iterable[Found]) -> Iterator[Trouble]:
    """What is odd about paths that are served all the same."""
    first: dict[tuple[Segment, ...], str] = {}
    for template in sorted({found.template for found in operations}):
        at = ("paths", template)
        if _beyond_path(template).startswith("#"):
            path = shown(path_alone(template))
            message = f"what follows a `#` never arrives: {shown(template)} is served as {path}"
            yield Trouble(code=codes.NOT_AS_SPECIFIED, at=at, message=message)
        other = first.setdefault(segments(template), template)
        if other != template:
            message = f"{shown(template)} is the path {shown(other)} once more, and served with it"
            yield Trouble(code=codes.NOT_AS_SPECIFIED, at=at, message=message)


def _precedence(found: Found) -> tuple[bool, str, str]:
    return bool(_beyond_path(found.template)), found.template, found.method


def _beyond_path(template: str) -> str:
    return template.removeprefix(path_alone(template))


def _shadowed(found: Found, other: Found) -> Trouble:
    message = f"{shown(str(found))} matches what {shown(str(other))} matches, which goes first"
    return Trouble(code=codes.SAME_TEMPLATE, at=("paths", found.template), message=message)


def _unmatched(found: Found) -> Trouble:
    path = path_alone(found.template)
    return Trouble(
        code=codes.BAD_TEMPLATE,
        at=("paths", found.template),
        message=f"{shown(found.template)} holds a query, and only a path chooses an operation",
        help=f"describe {shown(path)}, with the query as parameters `in: query`",
        alike=f"query {found.template}",
    )
