"""The examples of a code's page, laid over a whole estate that is right without them."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forecourt.cli.rule_markdown import parts, sections
from forecourt.cli.rule_page import Page
from forecourt.source.environment import merged
from forecourt.source.tree import Mapping, Node, Scalar, Sequence, parse
from tests.cli.command import forecourt

_ACME = Path(__file__).parents[2] / "examples" / "acme"
_USUALLY = "check --local --at 2029-03-01"
_FILE = re.compile(r"^# ([\w./-]+\.(?:yaml|yml|py))$", re.MULTILINE)

# An API with nothing remarkable, for pages that need one.
_REFUNDS = {
    "apis/refunds/api.yaml": """\
name: refunds
audience: public
owner: {team: payments}
upstream: {url: http://refunds.shop.svc:8080}
sla: {tiers: [standard]}
versions: {"1": {contract: v1.openapi.yaml}}
""",
    "apis/refunds/v1.openapi.yaml": """\
openapi: 3.1.0
info: {title: Refunds, version: "1"}
paths: {/refunds: {get: {responses: {"200": {description: all of them}}}}}
""",
}


# What was published of it before: besides, a version that ended two months before the day.
_SERVED = [
    {
        "policy": {
            "api": "refunds",
            "audience": "public",
            "versions": [version],
            "prefix": f"/refunds/v{version['name']}/",
        }
    }
    for version in (
        {"name": "0.9", "status": "deprecated", "sunset": 1_861_920_000},
        {"name": "1", "status": "current"},
    )
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What one section shows: pieces of files by path, and commands."""

    files: dict[str, str]
    commands: tuple[str, ...]


def example(page: Page, section: str) -> Example:
    """What the page shows under `Bad` or `Good`."""
    body = dict(sections(page.text.partition("\n\n")[2]))[section]
    shown = "\n\n".join(text for is_example, text in parts(body) if is_example)
    commands = re.findall(r"^\$ (.+)$", shown, re.MULTILINE)
    _, *pieces = _FILE.split(re.sub(r"^\$ .+\n?", "", shown, flags=re.MULTILINE))
    return Example(
        files=dict(zip(pieces[::2], (p.lstrip("\n") for p in pieces[1::2]), strict=True)),
        commands=tuple(commands),
    )


def codes_of(shown: Example, folder: Path) -> set[str]:
    """The codes that `forecourt check` finds in the example estate with this laid over it."""
    shutil.copytree(_ACME, folder, ignore=shutil.ignore_patterns(".forecourt"))
    if any(path.startswith("apis/refunds/") for path in shown.files):
        for path, text in _REFUNDS.items():
            if not path.endswith(".openapi.yaml") or path not in shown.files:
                _write(folder / path, text)
    if any("0.9" in text for text in shown.files.values()):
        _write(folder / ".forecourt/current/routes-internal.json", json.dumps(_SERVED))
    for path, text in shown.files.items():
        _lay(folder / path, text)
    check, variables = _USUALLY, dict[str, str]()
    for command in shown.commands:
        if "forecourt check" in command:
            check, variables = _checking(command)
        else:
            subprocess.run(["bash", "-c", command], cwd=folder, check=True)
    words = [*shlex.split(check), str(folder), "--format", "json"]
    result = forecourt(*words, env=variables)
    assert result.exit_code in {0, 1}, result.output
    return {d["code"] for d in json.loads(result.stdout)["diagnostics"]}


def _checking(command: str) -> tuple[str, dict[str, str]]:
    """The arguments of a `forecourt check`, on the day it is to be read if none is named."""
    before, _, arguments = command.partition("forecourt ")
    at = "" if "--at" in arguments else " --at 2029-03-01"
    local = "" if arguments.strip() == "check" else " --local"
    return f"{arguments}{at}{local}", dict(v.split("=", 1) for v in before.split())


def _lay(path: Path, text: str) -> None:
    """Over a file that is there, key by key; what is no tree stands by itself."""
    over, mistakes = parse(text, path.name)
    if path.exists() and over is not None and not mistakes:
        base, _ = parse(path.read_text(), path.name)
        assert base is not None
        text = "\n".join(_lines(merged(base, over))) + "\n"
    _write(path, text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _lines(node: Node) -> Iterator[str]:
    """A tree as YAML again, in blocks; a text with or without quotes, as it was."""
    match node:
        case Mapping(entries=entries) if entries:
            for key, value in entries:
                yield from _beside(f"{_text(key)}:", value)
        case Sequence(items=items) if items:
            for item in items:
                yield from _beside("-", item)
        case Mapping():
            yield "{}"
        case Sequence():
            yield "[]"
        case Scalar():
            yield _text(node)


def _beside(before: str, value: Node) -> Iterator[str]:
    inner = list(_lines(value))
    if isinstance(value, Scalar) or inner in (["{}"], ["[]"]):
        yield f"{before} {inner[0]}"
        return
    yield before
    yield from (f"  {line}" for line in inner)


def _text(scalar: Scalar) -> str:
    return json.dumps(scalar.text) if scalar.is_quoted else scalar.text
