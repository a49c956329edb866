"""What is said about a value without limiting it."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.comparison.difference import Difference, Pair
from forecourt.contract.comparison.wording import told
from forecourt.contract.values import encode


def remarks(pair: Pair) -> Iterator[Difference]:
    """How default and deprecation differ."""
    before, after = pair.old.said.get("default"), pair.new.said.get("default")
    if before is None and after is not None:
        message = f"the default is {told(after.value)}"
        yield pair.at_keyword("default-added", "default", message)
    elif after is None and before is not None:
        message = f"the default was {told(before.value)}"
        yield pair.at_keyword("default-removed", "default", message)
    elif before is not None and after is not None and encode(before.value) != encode(after.value):
        message = f"the default was {told(before.value)}, is {told(after.value)}"
        yield pair.at_keyword("default-changed", "default", message)
    was, is_now = (
        (said := shape.said.get("deprecated")) is not None and said.value is True
        for shape in (pair.old, pair.new)
    )
    if is_now and not was:
        yield pair.at_keyword("deprecated", "deprecated", "it is deprecated")
    elif was and not is_now:
        yield pair.at_keyword("reactivated", "deprecated", "it is no longer deprecated")
