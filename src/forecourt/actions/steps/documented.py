"""Where the contract's own document says what a step rests on, as it is on disk."""

from __future__ import annotations

from forecourt.actions.contract_memory import Judged
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.places import api_of, contract_of
from forecourt.compiler.contracts.compile import spelled
from forecourt.contract.matching import best_matches
from forecourt.contract.model import LeftOut, OperationPlace
from forecourt.diagnostics import Span


def operation_place(case: Case) -> Span | None:
    """Where the operation that was found stands; else where `api.yaml` names the contract."""
    document = _document(case)
    places = document.operations if document is not None else ()
    found = (o.span for o in places if spelled(o.method, o.template) == case.operation)
    return next(found, contract_of(case))


def operations_on_path(case: Case) -> tuple[OperationPlace, ...]:
    """Those of the document whose path the request has, seen by the caller or not."""
    document = _document(case)
    if document is None:
        return ()
    fitting = _fitting(case, {o.template for o in document.operations})
    return tuple(o for o in document.operations if o.template in fitting)


def left_out(case: Case) -> LeftOut | None:
    """The operation that the request means and that is not served; and why."""
    document = _document(case)
    if document is None:
        return None
    fitting = _fitting(case, {o.template for o in document.left_out})
    meant = (
        o
        for o in document.left_out
        if o.template in fitting and o.method in (None, case.request.method)
    )
    return next(meant, None)


def _fitting(case: Case, templates: set[str]) -> tuple[str, ...]:
    prefix = case.route.prefix if case.route is not None else "/"
    return best_matches(sorted(templates), f"/{case.request.path.removeprefix(prefix)}")


def _document(case: Case) -> Judged | None:
    api = api_of(case)
    if api is None or case.version is None:
        return None
    named = (v.document for v in api.versions if v.name == case.version.name)
    return case.documents.get(next(named, None) or "")
