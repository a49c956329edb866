"""An API with the changes between its versions, which stand in files of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import cast

from forecourt.diagnostics import Diagnostic, has_errors
from forecourt.estate.api import Api
from forecourt.estate.changes import Changes, in_order
from forecourt.estate.unread import Unknown, Unread
from forecourt.source.codes import BAD_VERSIONS
from forecourt.source.quoting import shown
from forecourt.source.supposing import Value
from forecourt.source.vocabulary.spelling import nearest


def with_changes(api: Value[Api], changes: Mapping[str, Value[Changes]]) -> Value[Api]:
    """The API with its changes, in the order of its versions, each with the version it follows.

    `changes` are by the names of their files. Where one has mistakes, nothing is sound of the API,
    and nobody knows its changes.
    """
    if not changes:
        return api
    mistakes = [mistake for value in changes.values() for mistake in value.mistakes]
    known = api.known
    fitted: dict[str, Changes] = {}
    if known is not None:
        with suppress(Unknown):
            # `str` refuses what is unread
            versions = in_order(str(version.name) for version in known.versions)
            for name, value in changes.items():
                if value.sound is not None:
                    fit = _fitted(value.sound, known.name, versions)
                    if isinstance(fit, Changes):
                        fitted[name] = fit
                    else:
                        mistakes.append(fit)
            mistakes += _forks(fitted)
    if has_errors(mistakes):
        path = next(d.span.path for d in mistakes)
        unread = cast("tuple[Changes, ...]", Unread(path))
        return Value(
            supposed=None if known is None else replace(known, changes=unread),
            mistakes=(*api.mistakes, *mistakes),
        )
    whole = tuple(fitted[name] for name in in_order(fitted))
    return Value(
        sound=None if api.sound is None else replace(api.sound, changes=whole),
        supposed=None if api.supposed is None else replace(api.supposed, changes=whole),
        mistakes=(*api.mistakes, *mistakes),
    )


def _fitted(changes: Changes, api: str, versions: tuple[str, ...]) -> Changes | Diagnostic:
    version, follows = changes.version, changes.follows
    if version not in versions:
        return _unknown(changes, "version", version, api, versions)
    if follows:
        if follows not in versions:
            return _unknown(changes, "follows", follows, api, versions)
        if follows == version:
            message = f"version {shown(version)} cannot follow itself"
            way_out = "name the version that this one is made of"
            return BAD_VERSIONS.at(changes.places["follows"], message, help=way_out)
        return changes
    before = versions[: versions.index(version)]
    if not before:
        message = f"no version of `{api}` comes before {shown(version)} by name"
        way_out = "name it: `follows: …`, or remove this file"
        return BAD_VERSIONS.at(changes.places["version"], message, help=way_out)
    return replace(changes, follows=before[-1])


def _unknown(
    changes: Changes, key: str, name: str, api: str, versions: tuple[str, ...]
) -> Diagnostic:
    known = tuple(filter(None, versions))
    message = f"`{api}` has no version {shown(name)}"
    close = nearest(name, known)
    way_out = "declare it in `api.yaml`, or remove this file"
    if close is not None:
        way_out = f"did you mean `{close}`?"
    elif known:
        way_out = f"its versions are {', '.join(known)}"
    return BAD_VERSIONS.at(changes.places[key], message, help=way_out)


def _forks(changes: Mapping[str, Changes]) -> Iterator[Diagnostic]:
    """Two files that go on from one version: a caller of it could be raised to only one."""
    first: dict[str, Changes] = {}
    for name in in_order(changes):
        each = changes[name]
        other = first.setdefault(each.follows, each)
        if other is not each:
            message = (
                f"version {shown(each.follows)} becomes {shown(other.version)} and "
                f"{shown(each.version)}, and its callers can be raised to only one"
            )
            key = "follows" if "follows" in each.places else "version"
            yield BAD_VERSIONS.at(
                each.places[key], message, help=f"write `follows: {other.version}`"
            )
