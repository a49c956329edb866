"""What is wrong with one operation, as it stands among what its document declares."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from forecourt.contract import codes
from forecourt.contract.building import Found, at_key
from forecourt.contract.model import Operation
from forecourt.contract.references import Lost, follow
from forecourt.contract.remarks import not_as_specified, remark
from forecourt.contract.trouble import Trouble
from forecourt.contract.values import Json, Pointer, child, descend
from forecourt.source.quoting import shown

# Methods whose requests have no body, or one that means nothing (RFC 9110, section 9.3).
_WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE", "TRACE"})


def operation_troubles(
    root: Json, operation: Operation, found: Found, schemes: Collection[str], *, is_3_0: bool
) -> Iterator[Trouble]:
    """Remarks about an operation. `schemes` are the names of the security schemes there are."""
    for around in dict.fromkeys((operation.pointer, *found.path_at)):
        yield from _twice(root, around)
    yield from _unknown_schemes(root, operation, schemes)
    if is_3_0 and operation.body is not None and operation.method in _WITHOUT_BODY:
        message = f"OpenAPI 3.0 lets a {operation.method} have no body; it is taken as it is"
        yield not_as_specified((*operation.pointer, "requestBody"), message)


def _twice(root: Json, around: Pointer) -> Iterator[Trouble]:
    """Parameters that stand twice in one list; those of a path may be written anew."""
    at = (*around, "parameters")
    listed = follow(root, child(descend(root, around), "parameters"), at)
    if isinstance(listed, Lost) or not isinstance(listed.value, list):
        return
    known: set[tuple[str, str]] = set()
    for index, item in enumerate(listed.value):
        written, _ = at_key(root, item, (*listed.at, str(index)))
        name, location = written.get("name"), written.get("in")
        if not isinstance(name, str) or not isinstance(location, str):
            continue
        key = (location, name.lower() if location == "header" else name)
        if key in known:
            message = f"the parameter {shown(name)} in {shown(location)} stands here twice"
            place = (*listed.at, str(index))
            yield remark(codes.SAME_PARAMETER, place, f"{message}; the first counts")
        known.add(key)


def _unknown_schemes(
    root: Json, operation: Operation, schemes: Collection[str]
) -> Iterator[Trouble]:
    at = (*operation.pointer, "security")
    security = descend(root, at)
    if security is None:
        at = ("security",)
        security = child(root, "security")
    requirements = security if isinstance(security, list) else []
    named = [list(each) if isinstance(each, dict) else [] for each in requirements]
    is_lost = [any(name not in schemes for name in names) for names in named]
    for index, names in enumerate(named):
        for name in names:
            if name not in schemes:
                what = "; no caller can present it" if not all(is_lost) else ""
                message = f"no security scheme is called {shown(name)}{what}"
                place = (*at, str(index), name)
                yield remark(
                    codes.UNKNOWN_SCHEME,
                    place,
                    message,
                    alike=message,
                    help="declare it below `components.securitySchemes`, or correct its name",
                )
