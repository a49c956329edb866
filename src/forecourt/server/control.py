"""What the edge asks on the control socket, by path."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send


def control(by_path: Mapping[str, ASGIApp], otherwise: ASGIApp) -> ASGIApp:
    """One application of several. `otherwise` answers for every other path."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await by_path.get(scope.get("path", ""), otherwise)(scope, receive, send)

    return application
