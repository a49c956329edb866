"""What anybody may call without a credential, as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forecourt.compiler.ir.apis import Anonymous, Api, Version

# How many operations are named, where there are more.
_SOME = 3


def anybody_lines(apis: Iterable[Api]) -> Iterator[str]:
    """A line for each version of which something is open to all."""
    for api in apis:
        for version in api.versions:
            if version.anonymous is not None:
                named = f"{api.name} version {version.name}" if version.name else api.name
                yield f"{named}: {_what(version.anonymous)}"


def _what(opened: Anonymous) -> str:
    some, more = opened.operations[:_SOME], len(opened.operations) - _SOME
    named = ", ".join((*some, f"{more} more") if more > 0 else some)
    return f"{named}; {opened.limit.per_minute:,} a minute by address, until {opened.until}"


def is_for_anybody(version: Version, operation: str) -> bool:
    """Whether it is called without a credential: `GET /rates`."""
    return version.anonymous is not None and operation in version.anonymous.operations
