"""The document of a projection: what is left of the whole one, put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forecourt.contract.assembling import FILES
from forecourt.contract.marks import OURS
from forecourt.contract.model import Operation
from forecourt.contract.projecting import Projecting
from forecourt.contract.sight import Sight
from forecourt.contract.values import Json, child, descend, is_among
from forecourt.contract.words import texts

Keyed = dict[str, Json]


def projected_document(
    sight: Sight, all_operations: Iterable[Operation], visible: Iterable[Operation]
) -> Keyed:
    """The document in which only those operations stand, and what they lead to.

    It is written twice. What may be said in an extension or a link is known only when everything
    that is hidden has been met; the first pass meets it.
    """
    visible = tuple(visible)
    served = frozenset((o.method, o.template) for o in visible)
    hidden = tuple(o for o in all_operations if (o.method, o.template) not in served)
    uses = _Uses(visible, hidden)
    known: frozenset[str] = frozenset(uses.hidden_words)
    for _ in range(2):
        projecting = Projecting(
            root=sight.root,
            sight=sight,
            served=served,
            ids=frozenset(o.id for o in visible if o.id is not None),
            known=known,
        )
        document = _document(projecting, uses)
        known = frozenset(uses.hidden_words | projecting.words.secret)
    return document


class _Uses:
    """What operations use by name: tags, security schemes and scopes."""

    def __init__(self, visible: Iterable[Operation], hidden: Iterable[Operation]) -> None:
        seen, unseen = tuple(visible), tuple(hidden)
        self.schemes = {name for o in seen for name, _ in _schemes(o)}
        self.hidden_tags = {t for o in unseen for t in o.tags} - {t for o in seen for t in o.tags}
        self.hidden_scopes = _scopes(unseen) - _scopes(seen)
        ids = {o.id for o in unseen if o.id is not None}
        self.hidden_words = self.hidden_tags | self.hidden_scopes | ids


def _schemes(operation: Operation) -> Iterator[tuple[str, tuple[str, ...]]]:
    for requirement in operation.security or ():
        for use in requirement.schemes:
            yield use.scheme, use.scopes


def _scopes(operations: Iterable[Operation]) -> set[str]:
    return {scope for o in operations for _, scopes in _schemes(o) for scope in scopes}


def _document(projecting: Projecting, uses: _Uses) -> Keyed:
    root = projecting.root
    assert isinstance(root, dict)
    paths, webhooks = projecting.paths(), projecting.webhooks()
    components: Keyed = {**projecting.work()}
    if schemes := _security_schemes(root, uses):
        components["securitySchemes"] = schemes
    made: Keyed = {"paths": paths, "webhooks": webhooks, "components": components}
    document: Keyed = {}
    # An extension to which something refers is a place for things, which moved from there.
    definitions = {text[2:].partition("/")[0] for text in texts(root) if text.startswith("#/x-")}
    for key, value in root.items():
        if key in OURS or key == FILES:
            continue
        if key in made:
            if made[key] or key == "paths":
                document[key] = made[key]
        elif key in definitions or (key.startswith("x-") and projecting.gives_away(key, value)):
            continue
        else:
            document[key] = value
    if components:  # also where all of them stood in other files
        document["components"] = components
    if isinstance(tags := root.get("tags"), list):
        document["tags"] = [t for t in tags if not is_among(child(t, "name"), uses.hidden_tags)]
    if isinstance(security := root.get("security"), list):
        document["security"] = [r for r in security if _is_used(r, uses)]
    return document


def _is_used(requirement: Json, uses: _Uses) -> bool:
    return isinstance(requirement, dict) and requirement.keys() <= uses.schemes


def _security_schemes(root: Json, uses: _Uses) -> Keyed:
    """The schemes that are used, without the scopes that only hidden operations need."""
    written = descend(root, ("components", "securitySchemes"))
    found: Keyed = {}
    for name, scheme in written.items() if isinstance(written, dict) else ():
        if name in uses.schemes:
            found[name] = _without_scopes(scheme, uses.hidden_scopes)
    return found


def _without_scopes(scheme: Json, hidden: set[str]) -> Json:
    flows = child(scheme, "flows")
    if not isinstance(scheme, dict) or not isinstance(flows, dict):
        return scheme
    return {
        **scheme,
        "flows": {name: _flow(flow, hidden) for name, flow in flows.items()},
    }


def _flow(flow: Json, hidden: set[str]) -> Json:
    scopes = child(flow, "scopes")
    if not isinstance(flow, dict) or not isinstance(scopes, dict):
        return flow
    return {**flow, "scopes": {s: about for s, about in scopes.items() if s not in hidden}}
