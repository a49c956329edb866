"""Which paths of a contract may be the gateway's own, wherever its API stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forecourt.contract.matching import Segment, segment_fits, segments
from forecourt.estate.own_paths import OWN_PATHS


def may_be_own(templates: Iterable[str]) -> Iterator[str]:
    """Those that fit the end of an own path, or what is below it: where its beginning is the path
    of the API, it is that one."""
    ends = [end for paths in OWN_PATHS.values() for path in paths for end in _ends(path)]
    for template in dict.fromkeys(templates):
        if any(_begins(segments(template), end) for end in ends):
            yield template


def takes(prefix: str, template: str, own: str) -> bool:
    """Whether what a template means below a prefix (`/oauth/`) is an own path, or below it."""
    rest = own.removeprefix(prefix)
    return own.startswith(prefix) and _begins(segments(template), rest.split("/"))


def names_it(prefix: str, template: str, own: str) -> bool:
    """Whether one that `takes` an own path has it written out, and so means nothing else."""
    steps = own.removeprefix(prefix).split("/")
    return all(len(parts) == 1 for parts in segments(template)[: len(steps)])


def _ends(path: str) -> Iterator[list[str]]:
    steps = path.removeprefix("/").split("/")
    return (steps[i:] for i in range(len(steps)))


def _begins(template: tuple[Segment, ...], steps: list[str]) -> bool:
    return len(template) >= len(steps) and all(map(segment_fits, template, steps))
