"""What a client sends: a form, each word of it once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from forecourt.server.oauth.refusal import Refused

_MOST_BYTES = 64 * 1024
_MOST_FIELDS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of a form; `resources` is the one that may be repeated (RFC 8707, section 2)."""

    fields: Mapping[str, str]
    resources: tuple[str, ...]

    def get(self, name: str) -> str | None:
        """A field; None where it is absent or empty (RFC 6749, section 3.2)."""
        return self.fields.get(name) or None


async def read_form(request: Request) -> Form:
    """The form of a request. Raises `Refused`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Refused("invalid_request", "send a form: `application/x-www-form-urlencoded`")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise Refused("invalid_request", "the form is too long", status=413)
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise Refused("invalid_request", "the form cannot be read") from None
    single = [(name, value) for name, value in pairs if name != "resource"]
    if len({name for name, _ in single}) != len(single):
        raise Refused("invalid_request", "a field stands there twice")
    resources = tuple(value for name, value in pairs if name == "resource")
    return Form(fields=dict(single), resources=resources)
