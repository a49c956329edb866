"""Pages of the documentation as tests read them: blocks, commands with what they print, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_ANCHOR = re.compile(r'<a id="([^"]+)">')


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block: its language, its text, and the line of the page where it begins."""

    language: str
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A command of a `console` block, and what the page says that it prints."""

    command: str
    prints: str


def page(path: str) -> str:
    """The text of a page, by its path from the root."""
    return (ROOT / path).read_text()


def pages() -> list[str]:
    """Every page that people read, by its path from the root."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*/*.md")]
    return sorted(p.relative_to(ROOT).as_posix() for p in found)


def blocks(text: str, *languages: str) -> Iterator[Block]:
    """The page's blocks in these languages, in order."""
    for fence in _FENCE.finditer(text):
        if fence[1] in languages:
            line = text.count("\n", 0, fence.start()) + 1
            yield Block(language=fence[1], text=fence[2], line=line)


def runs(block: Block) -> Iterator[Run]:
    """The commands of a block. A line that ends in a backslash goes on in the next."""
    joined = re.sub(r"\\\n(?!\$ )", "\0", block.text)
    for part in re.split(r"^\$ ", joined, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield Run(command=command.replace("\0", "\\\n"), prints=printed.replace("\0", "\\\n"))


def is_as_printed(expected: str, said: str) -> bool:
    """Whether a text is as the page says; `…` alone in a line stands for lines, else for text."""
    pattern = ""
    for line in expected.rstrip("\n").split("\n"):
        if line == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*?".join(map(re.escape, line.split("…"))) + r"\s*?\n"
    return re.fullmatch(pattern, said.rstrip("\n") + "\n") is not None


def patched(text: str, diff: str) -> str:
    """A file after a `diff` block: each removed line is there once; added lines take its place."""
    lines = diff.splitlines()[1:]
    removed = [line[1:] for line in lines if line.startswith("-")]
    added = [line[1:] for line in lines if line.startswith("+")]
    kept = text.split("\n")
    for line in removed:
        assert kept.count(line) == 1, f"`{line}` stands there {kept.count(line)} times"
    kept[kept.index(removed[-1])] = "\n".join(added)
    return "\n".join(k for k in kept if k not in removed)


def links(text: str) -> Iterator[str]:
    """Where a page's links lead; those inside blocks are not links."""
    prose = _FENCE.sub("", text)
    return (match[1] for match in _LINK.finditer(prose))


def anchors(text: str) -> set[str]:
    """What a link into the page may name, as GitHub names headings."""
    prose = _FENCE.sub("", text)
    headings = (re.sub(r"[^\w\- ]", "", h[1].lower()) for h in _HEADING.finditer(prose))
    return {h.strip().replace(" ", "-") for h in headings} | set(_ANCHOR.findall(text))


def section(text: str, title: str) -> str:
    """The text under a heading of the second level."""
    _, found, rest = text.partition(f"\n## {title}\n")
    assert found, title
    return rest.partition("\n## ")[0]


def first_column(text: str) -> list[str]:
    """What stands in backquotes in the first column of the tables in a text."""
    rows = re.findall(r"^\| (`.+?) \|", text, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]
