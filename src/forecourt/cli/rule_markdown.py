"""The pages of all codes as documentation: `docs/rules/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import dedent

from forecourt.cli.rule_page import Page

MADE = "<!-- Written from the code itself: pytest tests/cli --update-golden -->\n"

_HEAD = f"""\
# Rules and mistakes

Each thing that `forecourt check` can say has a code and a name; both are printed with it, and
`forecourt explain FC012` prints the page that is linked here. Errors keep their part of the estate
from being published. A rule that can be waived takes a
[waiver](../guide.md#rules-and-waivers).

{MADE}"""

# The first digit of a code says what it is about.
_FAMILIES = {
    "FC0": "The text of a file",
    "FC1": "Contracts",
    "FC2": "Who can reach what",
    "FC3": "Promises and versions",
    "FC4": "Names that lead somewhere",
    "FC9": "Waivers",
}


def index_page(pages: Iterable[Page]) -> str:
    """The table of all, by family."""
    of_family: dict[str, list[Page]] = {family: [] for family in _FAMILIES}
    for page in pages:
        of_family[page.code[:3]].append(page)
    return _HEAD + "".join(_family(_FAMILIES[f], of_family[f]) for f in _FAMILIES)


def _family(title: str, pages: Iterable[Page]) -> str:
    rows = "".join(
        f"| [{p.code}]({p.code}.md) | `{p.name}` | {p.matters} | "
        f"{'yes' if p.waivable else 'no'} | {p.summary} |\n"
        for p in pages
    )
    return (
        f"\n## {title}\n\n| code | name | | waivable | |\n| --- | --- | --- | --- | --- |\n{rows}"
    )


def rule_markdown(page: Page) -> str:
    """One page, as Markdown."""
    sentence, _, rest = page.text.partition("\n\n")
    head = f"# {page.code} {page.name}\n\n{MADE}\n{sentence}\n\n*{page.standing}*\n"
    return head + "".join(_section(title, body) for title, body in sections(rest))


def sections(text: str) -> Iterator[tuple[str, str]]:
    """The titles of a page's sections, each with its text, no longer indented."""
    title, lines = "", list[str]()
    for line in text.splitlines():
        if line and not line.startswith(" "):
            if title:
                yield title, dedent("\n".join(lines)).strip("\n")
            title, lines = line, []
        else:
            lines.append(line)
    yield title, dedent("\n".join(lines)).strip("\n")


def parts(body: str) -> Iterator[tuple[bool, str]]:
    """A section's paragraphs: whether each is an example, and its text.

    Pieces of files that follow each other are one example, and so are commands.
    """
    kinds = groupby(body.split("\n\n"), key=lambda p: (is_example(p), is_command(p)))
    for (shows, _), paragraphs in kinds:
        if shows:
            yield True, "\n\n".join(paragraphs)
        else:
            yield from ((False, paragraph) for paragraph in paragraphs)


def is_example(paragraph: str) -> bool:
    """Whether a paragraph is a piece of a file or a command; all others are sentences."""
    return paragraph.startswith("#") or is_command(paragraph) or not paragraph.endswith((".", ":"))


def is_command(paragraph: str) -> bool:
    """Whether a paragraph is something to type."""
    return paragraph.startswith("$ ")


def _section(title: str, body: str) -> str:
    written = "\n\n".join(
        f"```{_language(text)}\n{dedent(text)}\n```" if is_code else text
        for is_code, text in parts(body)
    )
    return f"\n## {title}\n\n{written}\n"


def _language(example: str) -> str:
    return "console" if is_command(example) else "yaml"
