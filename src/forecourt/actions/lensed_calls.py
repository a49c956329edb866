"""Calls before and after the changes between versions, by the contracts' own examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from forecourt.actions.migration_guide import Before, Call, Written
from forecourt.actions.seen_changes import SeenChanges
from forecourt.compiler.lowering.apis import prefix_of
from forecourt.contract import Contract, Operation
from forecourt.contract.given_examples import given_example
from forecourt.contract.lenses.applying import Refused
from forecourt.contract.lenses.interpreting import (
    Answer,
    Gone,
    Nothing,
    Request,
    lowered,
    program_of,
    raised,
)
from forecourt.contract.lenses.program import OperationLens
from forecourt.contract.lenses.steps import Change, Drop, Rename
from forecourt.contract.media_types import is_json
from forecourt.contract.model import Content, Parameter
from forecourt.contract.sampling import NoSample, sample
from forecourt.contract.values import Json, decode, descend
from forecourt.estate.api import Api, Scheme, Version


def calls(api: Api, seen: tuple[SeenChanges, ...]) -> Iterator[Call]:
    """The operations whose messages differ, with examples from the contracts."""
    for operation in seen[0].older.operations:
        lenses, gone = _lenses(operation, seen)
        name = operation.id or str(operation)
        if gone is not None:
            yield Call(name=name, gone=gone)
            continue
        last = seen[-1].newer.operation(*_becomes(lenses[-1]))
        request = _request(api, seen, operation, lenses)
        answer = None if last is None else _answer(seen[-1].newer, last, lenses)
        if request is not None or answer is not None:
            yield Call(name=name, request=request, answer=answer)


def _becomes(lens: OperationLens) -> tuple[str, str]:
    assert lens.becomes is not None  # else it were gone
    return lens.becomes


def _lenses(
    operation: Operation, seen: Iterable[SeenChanges]
) -> tuple[tuple[OperationLens, ...], str | None]:
    """What becomes of an operation hop by hop; or why it is gone."""
    found: list[OperationLens] = []
    at = (operation.method, operation.template)
    for each in seen:
        lens = next(o for o in each.hop.operations if (o.method, o.template) == at)
        if lens.becomes is None:
            return tuple(found), each.hop.because.get(at, each.changes.summary)
        found.append(lens)
        at = lens.becomes
    return tuple(found), None


def _request(
    api: Api, seen: tuple[SeenChanges, ...], operation: Operation, lenses: tuple[OperationLens, ...]
) -> Before | None:
    """An example of a request before and after; None where nothing becomes of it."""
    contract = seen[0].older
    root = decode(contract.document)
    contents = () if operation.body is None else operation.body.contents
    named = _named(lenses[0])
    places: dict[str, dict[str, str]] = {"path": {}, "query": {}, "header": {}, "cookie": {}}
    for parameter in operation.parameters:
        name = parameter.name.lower() if parameter.location == "header" else parameter.name
        if parameter.is_required or (parameter.location, name) in named:
            places[parameter.location][name] = _text(contract, root, parameter)
    for body in _bodies(contract, root, contents):
        before = Request(
            method=operation.method,
            template=operation.template,
            path=places["path"],
            query=places["query"],
            header=places["header"],
            cookie=places["cookie"],
            body=body,
        )
        after: Request | Refused | Gone = before
        for lens in lenses:
            assert isinstance(after, Request)
            after = raised(lens, after)
            if not isinstance(after, Request):
                break
        if isinstance(after, Request):
            return _differing(api, seen, before, after)
    return None


def _named(lens: OperationLens) -> set[tuple[str, str]]:
    """The parameters of which something becomes, by where they stand."""
    steps = ((part, step) for part, steps in lens.parameters.items() for step in steps)
    found = {(part, step.name) for part, step in steps if isinstance(step, Rename | Change | Drop)}
    return {*found, *((move.source, move.name) for move in (*lens.moves, *lens.arrives))}


def _differing(
    api: Api, seen: tuple[SeenChanges, ...], before: Request, after: Request
) -> Before | None:
    versions = {version.name: version for version in api.versions}
    older, newer = versions[seen[0].changes.follows], versions[seen[-1].changes.version]
    if _filled(before) == _filled(after) and before == replace(
        after, template=before.template, path=before.path
    ):
        return None
    return Before(older=_written(api, older, before), newer=_written(api, newer, after))


def _filled(request: Request) -> str:
    path = request.template
    for name, text in request.path.items():
        path = path.replace(f"{{{name}}}", text)
    return f"{request.method} {path}"


def _written(api: Api, version: Version, request: Request) -> Written:
    method, _, path = _filled(request).partition(" ")
    query = "&".join(f"{name}={text}" for name, text in request.query.items())
    line = f"{method} {prefix_of(api, version).rstrip('/')}{path}{'?' * bool(query)}{query}"
    fields = dict(request.header)
    if api.scheme in (Scheme.HEADER, Scheme.DATES):
        fields = {"api-version": version.name, **fields}
    if request.cookie:
        fields["cookie"] = "; ".join(f"{name}={text}" for name, text in request.cookie.items())
    return Written(line=line, headers=tuple(fields.items()), body=request.body)


def _text(contract: Contract, root: Json, parameter: Parameter) -> str:
    """A value of a parameter: its example, or one that is made."""
    if parameter.pointer is not None:
        written = descend(root, parameter.pointer)
        given = given_example(root, written, (), None)
        if given is not None and isinstance(given[1], str | int):
            return str(given[1])
    if parameter.schema is not None:
        made = sample(root, parameter.schema, openapi=contract.openapi)
        if not isinstance(made, NoSample) and isinstance(made.value, str | int):
            return str(made.value)
    return f"{{{parameter.name}}}"


def _bodies(
    contract: Contract, root: Json, contents: Iterable[Content]
) -> Iterator[Json | Nothing]:
    """Examples of a body, those of the contract first; none where there is no body of JSON."""
    has_body = False
    for content in contents:
        if not is_json(content.media_type):
            continue
        has_body = True
        written = descend(root, content.pointer)
        for name in (*content.examples, None):
            given = given_example(root, written, content.examples, name)
            if given is not None:
                yield given[1]
        if content.schema is not None:
            made = sample(root, content.schema, openapi=contract.openapi)
            if not isinstance(made, NoSample):
                yield made.value
    if not has_body:
        yield Nothing()


def _answer(
    contract: Contract, operation: Operation, lenses: tuple[OperationLens, ...]
) -> Before | None:
    """An example of a good answer, before and after; the first that can be said in both."""
    root = decode(contract.document)
    for response in operation.responses:
        if response.status[0] != "2":
            continue
        status = int(response.status.upper().replace("X", "0"))
        has_program = any(program_of(lens, status) is not None for lens in lenses)
        if not has_program and not any(lens.answer_moves for lens in lenses):
            continue
        for body in _bodies(contract, root, response.contents):
            after = Answer(status=status, body=body)
            before: Answer | Refused = after
            for lens in reversed(lenses):
                assert isinstance(before, Answer)
                before = lowered(lens, before)
                if isinstance(before, Refused):
                    break
            if isinstance(before, Answer) and before != after:
                return Before(older=_answered(before), newer=_answered(after))
    return None


def _answered(answer: Answer) -> Written:
    return Written(line=str(answer.status), headers=tuple(answer.header.items()), body=answer.body)
