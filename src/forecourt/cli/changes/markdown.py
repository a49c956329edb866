"""Changes as an entry of a changelog, in Markdown: what breaks first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forecourt.actions.compare_contracts import Compared, LocatedChange
from forecourt.cli.changes.wording import others, sentence, verdicts
from forecourt.cli.formats.report import printable
from forecourt.contract.comparison import Verdict

_TITLES = {
    Verdict.BREAKING: "Breaking",
    Verdict.RISKY: "Risky",
    Verdict.SAFE: "Also changed",
}
# What Markdown would read as its own, outside of what stands in backticks.
_ITS_OWN = re.compile(r"([\\*_<>\[\]#|])")
_ANYWHERE = re.compile(r"([`\\*_<>\[\]#|])")


def written(compared: Compared, changes: tuple[LocatedChange, ...]) -> str:
    """A heading, and a list for each verdict.

    Not what follows: who calls is nobody's business who reads a changelog.
    """
    blocks = [f"## {plain(compared.old.name)} → {plain(compared.new.name)}"]
    for verdict, title in _TITLES.items():
        items = [c for c in changes if c.change.verdict is verdict]
        if items:
            blocks.append("\n".join([f"### {title}", "", *_items(compared, items)]))
    if len(blocks) == 1:
        blocks.append(_nothing(compared))
    return "\n\n".join(blocks)


def _nothing(compared: Compared) -> str:
    if compared.changes:
        return "What changed is less harmful."
    return "Nothing changed in what was compared." if compared.not_compared else "Nothing changed."


def _items(compared: Compared, changes: list[LocatedChange]) -> Iterator[str]:
    for located in changes:
        change = located.change
        subject = change.operations[0] if change.operations else "The whole document"
        said = f"- **{plain(subject)}**: {plain(sentence(change))}"
        for more in (others(change), verdicts(change, compared.audiences)):
            said += f" ({plain(more)})" if more else ""
        yield said
        if change.verdict is not Verdict.SAFE:
            yield f"  To make it safe: {plain(change.kind.remedy)}."


def plain(text: str) -> str:
    """The text, read as it is written; what stands in backticks stays."""
    text = printable(text)
    if "``" in text or text.count("`") % 2:  # of a value, and nobody can tell what stands in them
        return _ANYWHERE.sub(r"\\\1", text)
    parts = text.split("`")
    shown = [p if n % 2 else _ITS_OWN.sub(r"\\\1", p) for n, p in enumerate(parts)]
    return "`".join(shown)
