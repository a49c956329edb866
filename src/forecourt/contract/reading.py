"""An OpenAPI document read into a contract, with every mistake located."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from forecourt.contract import codes
from forecourt.contract.anonymous import for_anybody
from forecourt.contract.assembling import Assembled, Others, assembled, no_others
from forecourt.contract.building import Building, Found, at_key, security_schemes, text
from forecourt.contract.contradictions import audience_marks_of, contradictions
from forecourt.contract.elsewhere import Left, LeftOf, nothing
from forecourt.contract.example_faults import example_troubles
from forecourt.contract.explaining import lost_trouble
from forecourt.contract.judging import security_troubles
from forecourt.contract.judging_documents import document_troubles
from forecourt.contract.judging_operations import operation_troubles
from forecourt.contract.lifetimes import undated
from forecourt.contract.limit_marks import LIMIT_MARK, limit_troubles
from forecourt.contract.mark_troubles import mark_troubles
from forecourt.contract.marks import MARKS, Marked, keys_named
from forecourt.contract.model import (
    Contract,
    JudgedElsewhere,
    Operation,
    OperationPlace,
    TemplatePlace,
)
from forecourt.contract.overlays import OverlayText, overlaid
from forecourt.contract.own_paths import may_be_own
from forecourt.contract.places import Places
from forecourt.contract.references import Lost
from forecourt.contract.servers import base_paths
from forecourt.contract.shapes import METHODS, Form
from forecourt.contract.telling import Named, diagnostic, left_out, told
from forecourt.contract.templates import all_names, is_template, path_names, repeated_name
from forecourt.contract.trouble import On, Trouble
from forecourt.contract.unreached import path_remarks, unreached
from forecourt.contract.values import Json, Pointer, child
from forecourt.contract.version import openapi_version
from forecourt.contract.walk import Node, Walk
from forecourt.contract.written import read_document
from forecourt.diagnostics import Diagnostic, in_reading_order
from forecourt.estate.posture import WITHOUT_CREDENTIAL
from forecourt.source.codes import Code
from forecourt.source.growing import without_collection
from forecourt.source.quoting import shown


def read_contract(
    written: str,
    path: str,
    others: Others = no_others,
    *,
    overlays: Iterable[OverlayText] = (),
    left: LeftOf = nothing,
    is_located: bool = False,
) -> tuple[Contract | None, tuple[Diagnostic, ...]]:
    """The contract in a document (OpenAPI 3.0 or 3.1, YAML or JSON), and what is wrong with it.

    `path` is the document's, from the estate's root; `others` gives what stands in other files, by
    theirs. `overlays` are laid over the document before anything else is read in it. `left` says
    what the edge leaves to the control plane. `is_located` asks for the places of all operations,
    for which JSON is read twice. None where there is nothing to serve: the text cannot
    be read, is not OpenAPI 3, or has no `paths`. An operation whose meaning cannot be told is left
    out, with an error; what is against the specification and yet clear is a warning.
    """
    with without_collection():
        return _read(written, path, others, overlays, left, is_located)


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A contract, and where everything in its document was written."""

    contract: Contract
    places: Places


def read_located(
    written: str, path: str, others: Others = no_others, *, overlays: Iterable[OverlayText] = ()
) -> tuple[Located | None, tuple[Diagnostic, ...]]:
    """The same contract with the places of its document; nothing is judged that can be served.

    What is said is why there is none.
    """
    with without_collection():
        document, diagnostics = read_document(written, path)
        if document is None:
            return None, diagnostics[-1:]
        document, mistakes = overlaid(document, written, path, overlays)
        openapi, trouble = openapi_version(document.root)
        if openapi is None:
            found = () if trouble is None else (diagnostic(trouble, document.places),)
            return None, (*mistakes, *found)
        whole = assembled(document, path, others)
        contract = _Reader(whole).contract(openapi, is_judged=False)
        return Located(contract=contract, places=whole.written.places), ()


def _read(
    written: str,
    path: str,
    others: Others,
    overlays: Iterable[OverlayText],
    left: LeftOf,
    is_located: bool,
) -> tuple[Contract | None, tuple[Diagnostic, ...]]:
    document, diagnostics = read_document(written, path)
    if document is None:  # whatever was said before is no matter now
        return None, diagnostics[-1:]
    document, overlay_mistakes = overlaid(document, written, path, overlays)
    diagnostics = (*diagnostics, *overlay_mistakes)
    openapi, trouble = openapi_version(document.root)
    if openapi is None:
        found = () if trouble is None else (diagnostic(trouble, document.places),)
        return None, (*overlay_mistakes, *found)
    whole = assembled(document, path, others)
    reader = _Reader(whole)
    contract = reader.contract(openapi)
    contract = replace(contract, elsewhere=reader.elsewhere(left(contract)))
    if is_located:
        places = tuple(
            OperationPlace(
                method=o.method, template=o.template, span=whole.written.places.key(o.pointer)
            )
            for o in contract.operations
        )
        contract = replace(contract, places=places)
    return contract, in_reading_order((*diagnostics, *whole.diagnostics, *reader.told()))


@dataclass(slots=True)
class _Reader:
    whole: Assembled
    walk: Walk = field(init=False)
    is_3_0: bool = field(init=False)
    # Each operation of the document, and the node of the walk that it is.
    found: dict[Node, Found] = field(default_factory=dict)
    # Paths in which no operation was found, by their node.
    lost_paths: dict[Node, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        whole = self.whole  # not `self`, which holds the walk: a cycle keeps a document for long

        def lost(lost: Lost, matters: bool) -> Trouble:
            return lost_trouble(lost, whole, matters=matters)

        root = whole.written.root
        self.is_3_0 = str(child(root, "openapi")).startswith("3.0")
        self.walk = Walk(root=root, honours_siblings=not self.is_3_0, lost=lost)

    def contract(self, openapi: str, *, is_judged: bool = True) -> Contract:
        root = self.whole.written.root
        self._find()
        for node, found in self.found.items():
            self._need(node, found)
        found_marks = tuple(keys_named(MARKS | {LIMIT_MARK}, root))
        limits = tuple(at for at in found_marks if at[-1] == LIMIT_MARK)
        marks = tuple(at for at in found_marks if at[-1] != LIMIT_MARK)
        marked = Marked(marks)
        shadowed = self._unreached()
        spoiled = self.walk.spoiled()
        schemes = security_schemes(root)
        build = Building(root=root, schemes=frozenset(scheme.name for scheme in schemes))
        clear = sorted(
            (
                (build.operation(found, is_marked=marked.holds(found.at, found.path_at)), node)
                for node, found in self.found.items()
                if node not in spoiled
            ),
            key=lambda o: (o[0].template, o[0].method),
        )
        operations = [operation for operation, node in clear if node not in shadowed]
        if not self.found and not spoiled:
            self._remark(codes.NO_OPERATIONS, ("paths",), "no path offers an operation")
        mistaken = tuple(mark_troubles(root, marks))
        if is_judged:
            self._judge(clear, build.schemes)
            self.walk.remarks.extend(mistaken)
            self.walk.remarks.extend(limit_troubles(root, limits))
            self.walk.remarks.extend(example_troubles(root, operations, openapi=openapi))
        places = self.whole.written.places
        info = child(root, "info")
        contract = Contract(
            title=text(child(info, "title")),
            version=text(child(info, "version")),
            openapi=openapi,
            operations=tuple(operations),
            left_out=left_out({**spoiled, **shadowed}, self.names(), places),
            base_paths=base_paths(root),
            security_schemes=schemes,
            files=self.whole.files,
            audience_marks=tuple(sorted({places.key(m) for m in marks})),
            marks=audience_marks_of(root, marks, places),
            undated=tuple(sorted({places.key(at) for at in undated(root, operations)})),
            own=tuple(
                TemplatePlace(template=template, span=places.key(("paths", template)))
                for template in may_be_own(operation.template for operation in operations)
            ),
            document=self.whole.written.encoded,
        )
        if mistaken or not is_judged:  # what follows from marks that mean nothing is no news
            return contract
        return replace(
            contract,
            anonymous=tuple(map(str, for_anybody(contract, WITHOUT_CREDENTIAL).operations)),
            contradictions=contradictions(contract, places),
        )

    # --- paths and operations ---------------------------------------------------------------------

    def _find(self) -> None:
        """The operations of all paths, and what is wrong with the paths themselves."""
        paths = child(self.whole.written.root, "paths")
        security = child(self.whole.written.root, "security")
        for trouble in security_troubles(security, ("security",)):
            self.walk.add("security", trouble)
        if not isinstance(paths, dict):
            message = "`paths` is no mapping, so there is nothing to serve"
            trouble = Trouble(code=codes.CONTRACT_SHAPE, at=("paths",), message=message, on="value")
            self.walk.add("paths", trouble)
            return
        for template, item in paths.items():
            if not template.startswith("x-"):
                self._find_in(template, item)

    def _find_in(self, template: str, item: Json) -> None:
        root, at = self.whole.written.root, ("paths", template)
        path = ("path", template)
        self._check_template(template, path)
        if item is not None:
            self.walk.need(path, item, at, Form("path item"))
        # A path may refer to another and add to it; what stands here goes first.
        referred, referred_at = at_key(root, item, at)
        own = item if isinstance(item, dict) else {}
        before = len(self.found)
        for method in METHODS:
            for around, around_at in ((own, at), (referred, referred_at)):
                if method in around:
                    self.found["operation", template, method] = Found(
                        method=method.upper(),
                        template=template,
                        at=(*around_at, method),
                        path_at=tuple(dict.fromkeys((at, referred_at))),
                    )
                    break
        if len(self.found) == before:
            self.lost_paths[path] = template

    def _check_template(self, template: str, path: Node) -> None:
        twice = repeated_name(template)
        if is_template(template) and twice is None:
            return
        if twice is not None:
            message = f"{shown(template)} has two parameters called {shown(twice)}"
            way_out = "give each a name of its own"
        elif template.startswith("/"):
            message = f"the braces of {shown(template)} do not close"
            way_out = "write a parameter as `{name}`"
        else:
            message = f"the path {shown(template)} does not begin with `/`"
            way_out = f"write {shown('/' + template)}"
        trouble = Trouble(
            code=codes.BAD_TEMPLATE, at=("paths", template), message=message, help=way_out
        )
        self.walk.add(path, trouble)

    def _need(self, node: Node, found: Found) -> None:
        """Everything that the operation cannot be without."""
        around = self.whole.written.root
        for step in found.at:
            around = child(around, step)
        self.walk.depend(node, ("path", found.template))
        if child(around, "security") is None:
            self.walk.depend(node, "security")
        if around is not None:
            self.walk.need(node, around, found.at, Form("operation"))

    def _unreached(self) -> dict[Node, Trouble]:
        """The clear operations that give way to others; one that no request means is a mistake."""
        spoiled = self.walk.spoiled()
        clear = {node: found for node, found in self.found.items() if node not in spoiled}
        missed = unreached(clear)
        for node, trouble in missed.unmatched.items():
            self.walk.add(node, trouble)
        for trouble in missed.shadowed.values():
            message = f"{trouble.message}; it is left out"
            self.walk.remarks.append(replace(trouble, message=message))
        served = (f for n, f in clear.items() if n not in missed.shadowed | missed.unmatched)
        self.walk.remarks.extend(path_remarks(served))
        return missed.shadowed

    def _judge(self, clear: Iterable[tuple[Operation, Node]], schemes: frozenset[str]) -> None:
        """What is against the specification, and clear."""
        root = self.whole.written.root
        self._look_at(operation for operation, _ in clear)
        self.walk.remarks.extend(document_troubles(root, is_3_0=self.is_3_0))
        for operation, node in clear:
            self.walk.remarks.extend(
                operation_troubles(root, operation, self.found[node], schemes, is_3_0=self.is_3_0)
            )

    # --- what can be said of operations together --------------------------------------------------

    def _look_at(self, operations: Iterable[Operation]) -> None:
        ids: dict[str, Operation] = {}
        for operation in operations:
            self._look_at_names(operation)
            if operation.id is not None:
                first = ids.setdefault(operation.id, operation)
                if first is not operation:
                    place = (*operation.pointer, "operationId")
                    names = f"{shown(operation.id)} is the `operationId` of {shown(str(first))}"
                    self._remark(codes.SAME_OPERATION_ID, place, f"{names} too", on="value")

    def _look_at_names(self, operation: Operation) -> None:
        """Whether the template and the parameters speak of the same names."""
        in_path = {p.name: p.pointer for p in operation.parameters if p.location == "path"}
        place = ("paths", operation.template)
        for name in path_names(operation.template):
            if in_path[name] is None:
                message = f"no parameter says what {shown('{' + name + '}')} may be"
                self._remark(codes.PATH_PARAMETERS, place, f"{message}; any text is taken")
        for name in sorted(set(in_path) - set(all_names(operation.template))):
            if (pointer := in_path[name]) is not None:
                message = f"the path {shown(operation.template)} has no {shown('{' + name + '}')}"
                self._remark(codes.PATH_PARAMETERS, pointer, f"{message}, so nobody can send it")

    def elsewhere(self, left: Iterable[Left]) -> tuple[JudgedElsewhere, ...]:
        """What others judge, at its place; what nobody does is a mistake."""
        places = self.whole.written.places
        found: list[JudgedElsewhere] = []
        for each in left:
            if each.is_judged:
                found.append(
                    JudgedElsewhere(
                        method=each.method,
                        template=each.template,
                        part=each.part,
                        reason=each.reason,
                        span=places.key(each.at),
                    )
                )
            else:
                message = "this schema asks itself about the same value, which means nothing"
                self._remark(codes.UNJUDGEABLE, each.at, message)
        return tuple(found)

    # --- what is told -----------------------------------------------------------------------------

    def told(self) -> Iterable[Diagnostic]:
        """Everything that is wrong: mistakes with what they cost, and remarks."""
        return told(self.walk, self.names(), self.whole.written.places)

    def names(self) -> dict[Node, Named]:
        """The operations by their nodes, and the paths of which nothing can be told."""
        operations: dict[Node, Named] = {n: (f.method, f.template) for n, f in self.found.items()}
        return operations | {node: (None, path) for node, path in self.lost_paths.items()}

    def _remark(self, code: Code, at: Pointer, message: str, on: On = "key") -> None:
        self.walk.remarks.append(Trouble(code=code, at=at, message=message, on=on))
