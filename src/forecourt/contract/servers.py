"""The base paths of a document's servers."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from forecourt.contract.values import Json, child

_VARIABLE = re.compile(r"\{([^{}]*)\}")


def base_paths(root: Json) -> tuple[str, ...]:
    """The path of each server, once, in the order written: `/v2` of `https://{host}/v2/`.

    Variables take their defaults. What is no URL is passed over.
    """
    servers = child(root, "servers")
    paths = (_base_path(s) for s in servers) if isinstance(servers, list) else ()
    return tuple(dict.fromkeys(p for p in paths if p is not None))


def _base_path(server: Json) -> str | None:
    url = child(server, "url")
    if not isinstance(url, str):
        return None
    variables = child(server, "variables")

    def default(match: re.Match[str]) -> str:
        value = child(child(variables, match[1]), "default")
        return value if isinstance(value, str) else str(value or "")

    try:
        path = urlsplit(_VARIABLE.sub(default, url)).path
    except ValueError:  # an IPv6 address without its end
        return None
    return "/" + path.strip("/")
