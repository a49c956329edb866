"""Changes for people, by operation; those that harm with their places and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import typer

from forecourt.actions.compare_contracts import Compared, LocatedChange
from forecourt.cli.changes.wording import consequence, others, sentence, verdicts
from forecourt.cli.formats.heading import styled
from forecourt.cli.formats.report import printable
from forecourt.contract.comparison import Verdict

_COLOURS = {
    Verdict.BREAKING: typer.colors.RED,
    Verdict.RISKY: typer.colors.YELLOW,
    Verdict.SAFE: typer.colors.GREEN,
}


def written(compared: Compared, changes: tuple[LocatedChange, ...], *, has_colour: bool) -> str:
    """A block for each operation, then what follows."""
    blocks = [
        "\n".join(_block(heading, tuple(group), compared, has_colour))
        for heading, group in groupby(changes, key=_heading)
    ]
    if compared.consequences:
        lines = [f"  {consequence(each, compared)}" for each in compared.consequences]
        blocks.append("\n".join([styled("What follows", has_colour, bold=True), *lines]))
    return "\n\n".join(blocks)


def _heading(located: LocatedChange) -> str:
    operations = located.change.operations
    return operations[0] if operations else "The whole document"


def _block(
    heading: str, changes: tuple[LocatedChange, ...], compared: Compared, has_colour: bool
) -> Iterator[str]:
    yield styled(printable(heading), has_colour, bold=True)
    for located in changes:
        change = located.change
        worst = change.verdict
        painted = styled(f"{worst.value:8}", has_colour, fg=_COLOURS[worst])
        whom = verdicts(change, compared.audiences)
        said = f" {whom}" if whom else ""
        yield f"  {painted}  {printable(sentence(change))} [{change.kind.id}]{said}"
        if worst is Verdict.SAFE:
            continue
        for line in (others(change), f"{located.old} -> {located.new}"):
            if line:
                yield f"            {printable(line)}"
        yield f"            help: {printable(change.kind.remedy)}"
