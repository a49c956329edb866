"""What the edge reaches of the control plane, on one Unix socket."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from forecourt.server import leak_reports


def control(*, resolve: ASGIApp, leaks: ASGIApp) -> ASGIApp:
    """The application: what leaked to `leaks`; all else, mostly credentials, to `resolve`."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        is_leaks = scope["type"] == "http" and scope["path"] == leak_reports.PATH
        await (leaks if is_leaks else resolve)(scope, receive, send)

    return application
