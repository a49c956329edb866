"""What a caller of a mock would rather be answered (`Prefer`, RFC 7240)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.request import parse_http_list

from starlette.datastructures import Headers

from forecourt.contract.examples import Example

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SEED = re.compile(r"[0-9A-Za-z._~-]{1,64}")
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """The status, the name of the example, and the seed that a caller would rather have."""

    status: int | None = None
    example: str | None = None
    seed: str | None = None

    def applied(self, example: Example) -> dict[str, str]:
        """`Preference-Applied` (RFC 7240, section 3), for what was honoured."""
        honoured = []
        if self.status is not None and example.status == self.status:
            honoured.append(f"status={self.status}")
        if self.example is not None and example.name == self.example:
            honoured.append(f"example={_quoted(self.example)}")
        if self.seed is not None and example.seed == self.seed:
            honoured.append(f"seed={_quoted(self.seed)}")
        return {"preference-applied": ", ".join(honoured)} if honoured else {}


def preference_of(headers: Headers) -> Preference:
    """From `Prefer`: the first of each counts, and what makes no sense is passed over."""
    stated: dict[str, str] = {}
    for item in parse_http_list(",".join(headers.getlist("prefer"))):
        name, _, value = item.partition("=")
        stated.setdefault(name.strip().lower(), _unquoted(value.strip()))
    status, seed = stated.get("status", ""), stated.get("seed", "")
    return Preference(
        status=int(status) if re.fullmatch(r"[2-5][0-9]{2}", status) else None,
        example=stated.get("example") or None,
        seed=seed if _SEED.fullmatch(seed) else None,
    )


def _unquoted(value: str) -> str:
    if value.startswith('"'):
        return _ESCAPED.sub(r"\1", value[1:].removesuffix('"'))
    return value.partition(";")[0].rstrip()


def _quoted(value: str) -> str:
    if _TOKEN.fullmatch(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
