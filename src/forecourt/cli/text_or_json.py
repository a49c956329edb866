"""`--format text|json`: what a verb prints is for a person or for a program."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import msgspec
import typer

from forecourt.cli.words import word_option


class TextOrJson(Enum):
    """How something is printed."""

    TEXT = "text"
    JSON = "json"


Form = Annotated[TextOrJson, word_option("--format", TextOrJson, "For a person or a program.")]


def print_json(plain: object) -> None:
    """A document on stdout, of mappings, lists and plain values; times as RFC 3339 has them."""
    typer.echo(msgspec.json.format(msgspec.json.encode(plain)))
