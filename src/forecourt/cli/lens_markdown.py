"""The pages of all lenses as documentation: `docs/lenses/`."""

from __future__ import annotations

import json
from collections.abc import Iterator

from forecourt.cli.rule_markdown import MADE
from forecourt.contract.lenses.catalogue import KINDS, MESSAGE_LENSES
from forecourt.contract.lenses.converters import CONVERTERS
from forecourt.contract.lenses.kind import Example, LensKind, MessageLens, Shown
from forecourt.source.files.changes import LENSES
from forecourt.source.vocabulary.record import Field

_HEAD = f"""\
# Lenses

A lens is one thing that differs between two versions of an API, said once for both ways: requests
of the older version go up, answers of the newer one come down. [Changes](../changes.md) are lists
of them.

{MADE}"""


_EVERY: tuple[LensKind | MessageLens, ...] = (*KINDS, *MESSAGE_LENSES)


def lens_pages() -> dict[str, str]:
    """Every page by the name of its file."""
    pages = {f"{lens.key}.md": _page(lens) for lens in _EVERY}
    return {"README.md": _index(), **pages}


def _index() -> str:
    lenses = "".join(f"| [`{lens.key}`]({lens.key}.md) | {lens.summary} |\n" for lens in _EVERY)
    converters = "".join(f"| `{c.one}` | `{c.other}` | {c.about} |\n" for c in CONVERTERS)
    return (
        f"{_HEAD}\n| lens | |\n| --- | --- |\n{lenses}\n## Converters\n\n"
        "[`convert`](convert.md) goes from one unit to the other, in either direction. What has no "
        f"exact\nother side is lost.\n\n| unit | unit | |\n| --- | --- | --- |\n{converters}"
    )


def _page(lens: LensKind | MessageLens) -> str:
    body, _, losses = lens.page.partition("\nLosses\n")
    sentence, _, rest = body.partition("\n\n")
    lost = "\n".join(line.strip() for line in losses.strip().splitlines())
    fields = "".join(_row(field) for field in LENSES[lens.key].fields)
    shown = lens.shown if isinstance(lens, MessageLens) else lens.examples
    return (
        f"# {lens.key}\n\n{MADE}\n{sentence}\n\n{rest.strip()}\n\n## Keys\n\n"
        f"| key | | |\n| --- | --- | --- |\n{fields}\n## Losses\n\n{lost}\n\n## Example\n"
        + "".join(f"\n{part}" for each in shown for part in _shown(each))
    )


def _row(field: Field[object]) -> str:
    must = "must be there" if field.is_required else "may be left out"
    if field.written is not None:
        must = f"`{field.written}`, unless written"
    return f"| `{field.key}` | {field.about} | {must} |\n"


def _shown(example: Example | Shown) -> Iterator[str]:
    yield f"{example.title}:\n\n```yaml\n{example.lens}\n```\n"
    if isinstance(example, Shown):
        yield f"A caller of the older version sends\n\n```http\n{example.below}\n```\n"
        yield f"and the service receives\n\n```http\n{example.above}\n```\n"
        return
    arrow = {"both": "is", "up": "goes up as", "down": "comes down from"}[example.direction]
    row = f"| {_said(example.below)} | {arrow} | {_said(example.above)} |"
    yield f"| older | | newer |\n| --- | --- | --- |\n{row}\n"


def _said(value: object) -> str:
    return "refused: `not-representable`" if value is None else f"`{json.dumps(value)}`"
