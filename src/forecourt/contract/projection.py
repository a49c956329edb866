"""A contract as one audience sees it.

Marks are `x-audience` on a path item, operation, parameter, header, request body, response, media
type or schema (of a property, a branch, or anything that a `$ref` leads to), and `x-enum-audience`
on a schema with `enum`. An element is seen where nothing on the way to it is for a narrower
audience.

There are two views of the same. `project` gives a document that can be shown: nothing narrower is
in it. `seen` gives the same operations, in the same order and with the same parts, whose pointers
lead into the contract's own document. Whoever judges bodies compiles from that, with the audience's
marks, and not from what can be shown: it must know the names that are hidden. Where a schema lets
any member pass, a hidden one must still be held back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from forecourt.contract.building import Building, Found, security_schemes
from forecourt.contract.model import Body, Content, Contract, Operation, Parameter, Response
from forecourt.contract.projected_document import projected_document
from forecourt.contract.sight import Sight, sight_of
from forecourt.contract.values import child, decode, descend, encode
from forecourt.estate.audience import Audience


def project(contract: Contract, audience: Audience) -> Contract:
    """The contract with what the audience sees, and a document that holds nothing else.

    No mark is left in the document, nor what only hidden things use: components, tags, security
    schemes, scopes. What other files say stands among the components. Examples are shown without
    what is hidden in them, or not at all. What people wrote in descriptions stays as it is.
    Pointers lead into the new document. The same contract where nothing is marked.
    """
    return projected(contract, audience) if contract.audience_marks else contract


def projected(contract: Contract, audience: Audience) -> Contract:
    """The same, written anew also where nothing is marked: to be shown as a document of its own."""
    root = decode(contract.document)
    sight = sight_of(root, audience)
    visible = tuple(o for o in contract.operations if is_seen(sight, o))
    document = projected_document(sight, contract.operations, visible)
    build = Building(root=document)
    return replace(
        contract,
        operations=tuple(
            build.operation(_found(operation), is_marked=False) for operation in visible
        ),
        left_out=(),
        security_schemes=security_schemes(document),
        files=(),
        audience_marks=(),
        document=encode(document),
    )


def seen(contract: Contract, audience: Audience) -> Contract:
    """The contract's own document, with the operations and their parts that the audience sees.

    The same contract where nothing is marked.
    """
    if not contract.audience_marks:
        return contract
    shown = project(contract, audience)
    whole = {(o.method, o.template): o for o in contract.operations}
    operations = tuple(_kept(whole[o.method, o.template], o) for o in shown.operations)
    return replace(contract, operations=operations, left_out=())


def is_seen(sight: Sight, operation: Operation) -> bool:
    """Whether an audience sees an operation: nothing on its path is for others only."""
    item = child(child(sight.root, "paths"), operation.template)
    if sight.hides("path item", item) or sight.hides_place(operation.pointer):
        return False
    own = child(item, operation.method.lower())
    return not sight.hides("operation", own or descend(sight.root, operation.pointer))


def _found(operation: Operation) -> Found:
    path = ("paths", operation.template)
    return Found(
        method=operation.method,
        template=operation.template,
        at=(*path, operation.method.lower()),
        path_at=(path,),
    )


# --- the parts of an operation that a projection has too ------------------------------------------


def _kept(whole: Operation, shown: Operation) -> Operation:
    parameters = {(p.location, p.name): p for p in shown.parameters}
    responses = {r.status: r for r in shown.responses}
    return replace(
        whole,
        parameters=tuple(
            _parameter(p, parameters[p.location, p.name])
            for p in whole.parameters
            if (p.location, p.name) in parameters
        ),
        body=_body(whole.body, shown.body),
        responses=tuple(
            _response(r, responses[r.status]) for r in whole.responses if r.status in responses
        ),
        tags=shown.tags,
        security=shown.security,
    )


def _parameter(whole: Parameter, shown: Parameter) -> Parameter:
    if shown.pointer is None:  # a name of the path of which nothing is said to this audience
        return shown
    return replace(whole, contents=_contents(whole.contents, shown.contents))


def _body(whole: Body | None, shown: Body | None) -> Body | None:
    if whole is None or shown is None:
        return None
    return replace(whole, contents=_contents(whole.contents, shown.contents))


def _response(whole: Response, shown: Response) -> Response:
    names = {header.name for header in shown.headers}
    return replace(
        whole,
        contents=_contents(whole.contents, shown.contents),
        headers=tuple(header for header in whole.headers if header.name in names),
    )


def _contents(whole: Iterable[Content], shown: Iterable[Content]) -> tuple[Content, ...]:
    kept = {content.media_type: content for content in shown}
    return tuple(
        replace(content, examples=kept[content.media_type].examples)
        for content in whole
        if content.media_type in kept
    )
