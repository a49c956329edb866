"""Security schemes that are used: what they are, where tokens are got, which scopes there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forecourt.contract.building import at_key
from forecourt.contract.comparison.met import Between, Told
from forecourt.contract.comparison.side import Side
from forecourt.contract.comparison.wording import told
from forecourt.contract.values import Json, Pointer, child

# What makes credentials others: presented as before, they are not found, or not understood.
_WHAT = ("type", "scheme", "in", "name")
_ADDRESSES = ("authorizationUrl", "tokenUrl", "refreshUrl", "openIdConnectUrl")


def schemes(old: Side, new: Side, used: Iterable[str]) -> Iterator[Told]:
    """How those differ that both documents describe and an operation uses."""
    for name in sorted(used):
        before, old_at = _scheme(old, name)
        after, new_at = _scheme(new, name)
        if before and after:
            yield from _both(name, before, after, Between(old_at, new_at))


def _scheme(side: Side, name: str) -> tuple[dict[str, Json], Pointer]:
    around = child(child(side.root, "components"), "securitySchemes")
    return at_key(side.root, child(around, name), ("components", "securitySchemes", name))


def _both(
    name: str, before: dict[str, Json], after: dict[str, Json], at: Between
) -> Iterator[Told]:
    def change(kind: str, message: str) -> Told:
        return at.told(kind, "", f"`{name}`: {message}")

    for key in _WHAT:
        one, other = before.get(key), after.get(key)
        if _folded(key, one) != _folded(key, other):
            message = f"`{key}` was {told(one)}, is {told(other)}"
            yield change("security-scheme-changed", message)
    flows, new_flows = _mapping(before.get("flows")), _mapping(after.get("flows"))
    for flow in sorted(flows.keys() - new_flows.keys()):
        if new_flows:
            yield change("security-scheme-changed", f"the flow `{flow}` is gone")
    pairs = [(before, after), *((flows[f], new_flows[f]) for f in flows if f in new_flows)]
    for one, other in pairs:
        for key in _ADDRESSES:
            if child(one, key) != child(other, key):
                message = f"`{key}` was {told(child(one, key))}, is {told(child(other, key))}"
                yield change("security-address-changed", message)
        scopes, new_scopes = (_mapping(child(each, "scopes")).keys() for each in (one, other))
        for scope in sorted(scopes - new_scopes):
            yield change("offered-scope-removed", f"there is no scope `{scope}` any more")
        for scope in sorted(new_scopes - scopes):
            yield change("offered-scope-added", f"there is a scope `{scope}`")


def _folded(key: str, value: Json) -> Json:
    """Names of header fields and of schemes of HTTP are the same in any case."""
    return value.lower() if key in ("scheme", "name") and isinstance(value, str) else value


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
