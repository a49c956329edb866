"""A document as text that people read, and that reads back as the same document."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import yaml

from forecourt.contract.values import Json, encode
from forecourt.diagnostics import Span
from forecourt.source.plain import plain
from forecourt.source.tree import Scalar

_NOWHERE = Span("", 1, 1)


def json_text(document: Json) -> str:
    """Indented JSON; numbers as they were written."""
    return msgspec.json.format(encode(document), indent=2).decode() + "\n"


def yaml_text(document: Json) -> str:
    """YAML in blocks; what would be read as another kind of value is quoted."""
    return yaml.dump(
        document,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=100,
    )


class _Dumper(yaml.SafeDumper):
    """PyYAML writes the YAML of 2005; what it leaves bare must mean the same in that of today."""

    def ignore_aliases(self, data: object) -> bool:
        """Nothing is said by reference: equal values are written out."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Items of a list are set off from the key above them."""
        super().increase_indent(flow, False)


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = None
    if "\n" in text and not text.startswith((" ", "\n")):
        style = "|"
    elif text and plain(Scalar(text=text, span=_NOWHERE)) != text:
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _decimal(dumper: _Dumper, number: Decimal) -> yaml.ScalarNode:
    mantissa, exponent, power = encode(number).decode().partition("E")
    if exponent and "." not in mantissa:
        mantissa += ".0"  # without a point it was a text in 2005
    return dumper.represent_scalar("tag:yaml.org,2002:float", f"{mantissa}{exponent}{power}")


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Decimal, _decimal)
