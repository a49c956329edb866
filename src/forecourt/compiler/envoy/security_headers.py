"""Fields that keep a browser from misusing an answer (OWASP REST Security Cheat Sheet)."""

from __future__ import annotations

from forecourt.compiler.envoy.spelling import Json

_EVERYWHERE = {
    # An answer is what its media type says, whatever it looks like.
    "x-content-type-options": "nosniff",
    # An answer is data: it loads nothing and stands in nobody's frame.
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
# Two years, as browsers' preload lists ask.
_OUTSIDE = {"strict-transport-security": "max-age=63072000; includeSubDomains"}


def security_headers(*, is_external: bool) -> list[Json]:
    """The fields that answers of a listener carry; an upstream's own value is not trusted."""
    fields = {**_EVERYWHERE, **(_OUTSIDE if is_external else {})}
    return [
        {
            "header": {"key": name, "value": value},
            "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
        }
        for name, value in sorted(fields.items())
    ]
