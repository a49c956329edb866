"""A changelog in Markdown, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.actions.write_changelog import Changelog, Entry
from forecourt.cli.changes.markdown import plain
from forecourt.cli.changes.wording import sentence
from forecourt.contract.comparison import Change, Verdict
from forecourt.contract.values import Json, encode

_TITLES = {Verdict.BREAKING: "Breaking", Verdict.RISKY: "Risky", Verdict.SAFE: "Also changed"}


def markdown(changelog: Changelog) -> str:
    """The changelog for people."""
    blocks = [f"# {changelog.api.title}: changes"]
    for entry in changelog.entries:
        blocks += _entry(entry)
    return "\n\n".join(blocks) + "\n"


def _entry(entry: Entry) -> Iterator[str]:
    version = entry.version
    yield f"## Version {version.name}" if version.name else "## The version there is"
    yield _life(entry)
    if entry.step is not None:
        yield f"{entry.step.summary}."
        yield "\n".join(f"- {told.sentence}: {told.because}." for told in entry.step.told)
    for verdict, title in _TITLES.items():
        changes = [c for c in entry.others if c.verdict is verdict]
        if changes:
            items = (f"- **{plain(_subject(c))}**: {plain(sentence(c))}" for c in changes)
            yield "\n".join((f"### {title}", "", *items))


def _subject(change: Change) -> str:
    return change.operations[0] if change.operations else "The whole document"


def _life(entry: Entry) -> str:
    """Where it stands, and from when it is gone."""
    version = entry.version
    said = f"It is {version.status.value}"
    if version.deprecated is not None:
        said += f", since {version.deprecated.isoformat()}"
    if version.sunset is not None:
        said += f", and gone from {version.sunset.isoformat()} on"
    return f"{said}. It follows version {entry.follows}." if entry.follows else f"{said}."


def json_text(changelog: Changelog) -> str:
    """The changelog for programs."""
    document: Json = {
        "api": changelog.api.name,
        "audience": changelog.audience.value,
        "versions": [_entry_json(entry) for entry in changelog.entries],
    }
    return encode(document).decode() + "\n"


def _entry_json(entry: Entry) -> Json:
    version = entry.version
    said: dict[str, Json] = {"version": version.name, "status": version.status.value}
    for key, day in (("deprecated", version.deprecated), ("sunset", version.sunset)):
        if day is not None:
            said[key] = day.isoformat()
    if entry.follows is not None:
        said["follows"] = entry.follows
    if entry.step is not None:
        said["summary"] = entry.step.summary
        said["changes"] = [
            {"what": told.sentence, "because": told.because} for told in entry.step.told
        ]
    said["differences"] = [
        {"verdict": c.verdict.value, "kind": c.kind.id, "where": _subject(c), "what": sentence(c)}
        for c in entry.others
    ]
    return said
