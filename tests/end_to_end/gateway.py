"""A real gateway for tests: an estate that is changed and called, on loopback."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import httpx
from typer.testing import Result

from forecourt.edge.authority import KeyPair
from tests.cli.command import forecourt
from tests.end_to_end.eventually import eventually
from tests.end_to_end.running import Ports, Running

__all__ = ["Gateway", "Ports", "RawAnswer"]

Listener = Literal["external", "internal"]
Headers = Mapping[str, str] | Sequence[tuple[str, str]]

_ANSWER_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """What came back for bytes that were sent as they are. Names of fields are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """Files as they were when they were last written."""

    paths: tuple[Path, ...]
    when: tuple[tuple[int, int], ...]


def _written(*paths: Path) -> _Written:
    found = (path.stat() for path in paths)
    return _Written(paths=paths, when=tuple((each.st_ino, each.st_mtime_ns) for each in found))


@lru_cache(maxsize=64)
def _trusting(authority: _Written, own: _Written, is_http2: bool) -> ssl.SSLContext:
    """What connections of the same kind share; to make it is a sixth of what a call takes."""
    context = ssl.create_default_context(cafile=authority.paths[0])
    if own.paths:
        context.load_cert_chain(*own.paths)
    return context


@dataclass(slots=True, kw_only=True)
class Gateway(Running):
    """An estate, and the `forecourt up` that serves it."""

    # --- what is done to the estate ---------------------------------------------------------------

    def read(self, path: str) -> str:
        """A file of the estate."""
        return (self.estate / path).read_text()

    def save(self, path: str, text: str) -> None:
        """Writes a file of the estate as editors do: a new one, renamed over the old."""
        target = self.estate / path
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.new")
        fresh.write_text(text)
        os.replace(fresh, target)

    def change(self, path: str, old: str, new: str) -> None:
        """Saves a file with one passage replaced, which must be there."""
        text = self.read(path)
        assert text.count(old) == 1, f"`{old}` stands {text.count(old)} times in {path}"
        self.save(path, text.replace(old, new))

    def remove(self, path: str) -> None:
        """Removes a file or a folder of the estate."""
        target = self.estate / path
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink()

    def revision(self) -> int:
        """The number of the newest revision."""
        return int(self.forecourt("revisions", "--most", "1").stdout.split()[0])

    def wait_for_revision(self, number: int) -> None:
        """Returns once that revision was published."""
        eventually(lambda: self.revision() >= number, what=f"revision {number}")

    # --- the other verbs --------------------------------------------------------------------------

    def run(self, *arguments: str) -> Result:
        """How `forecourt ARGUMENTS --estate …` ends."""
        by_clock = nullcontext() if self.clock is None else self.clock.gone_by()
        with by_clock:
            return forecourt(*arguments, "--estate", str(self.estate), env=self.settings)

    def forecourt(self, *arguments: str) -> Result:
        """`forecourt ARGUMENTS --estate …`, which must end well."""
        result = self.run(*arguments)
        assert result.exit_code == 0, f"{arguments} ended with {result.exit_code}: {result.output}"
        return result

    def a_key(self, *, developer: str = "ada", application: str = "shop", **more: str) -> str:
        """A new key of a developer's application; `plan="free"`, `expires="2030-12-31"`."""
        options = [part for name, value in more.items() for part in (f"--{name}", value)]
        return self._issued("--developer", developer, "--application", application, *options)

    def a_test_key(
        self,
        *,
        developer: str = "ada",
        application: str = "shop",
        partner: str | None = None,
        plan: str | None = None,
    ) -> str:
        """A new test key of an application of a developer, or of a partner."""
        owner = ("--developer", developer) if partner is None else ("--partner", partner)
        options = () if plan is None else ("--plan", plan)
        return self._issued("--test", *owner, "--application", application, *options)

    def a_partner_key(self, partner: str, *, application: str = "shop") -> str:
        """A new key of a partner's application."""
        return self._issued("--partner", partner, "--application", application)

    def _issued(self, *options: str) -> str:
        return self.forecourt("key", "issue", *options).stdout.strip()

    def a_service_token(self, service: str) -> str:
        """A token for `X-Internal-Service-Token`."""
        return self.forecourt("token", "issue", "--service", service).stdout.strip()

    def a_token(self, issuer: str, client: str, subject: str | None = None) -> str:
        """A bearer token as the issuer would sign it (`--local` only)."""
        person = () if subject is None else ("--subject", subject)
        return self.forecourt(
            "token", "issue", "--issuer", issuer, "--client", client, *person
        ).stdout.strip()

    @property
    def developer_key(self) -> str:
        """The key that `up --local` made for a developer."""
        return str(self._callers()["developer"])

    def partner_key(self, partner: str) -> str:
        """The key that `up --local` made for a partner."""
        return str(self._callers()["partners"][partner])

    def _callers(self) -> Any:
        return json.loads((self.state / "local" / "callers.json").read_text())

    # --- calls ------------------------------------------------------------------------------------

    def base(self, listener: Listener = "external") -> str:
        """`https://localhost:PORT`."""
        port = self.ports.external if listener == "external" else self.ports.internal
        return f"https://localhost:{port}"

    def tls(
        self, *, certificate: KeyPair | None = None, alpn: Sequence[str] = ()
    ) -> ssl.SSLContext:
        """How a client speaks TLS here; `certificate` is its own."""
        context = ssl.create_default_context(cafile=self.authority)
        if certificate is not None:
            context.load_cert_chain(certificate.certificate, certificate.key)
        if alpn:
            context.set_alpn_protocols(list(alpn))
        return context

    @contextmanager
    def connection(
        self,
        *,
        listener: Listener = "external",
        certificate: KeyPair | None = None,
        http2: bool = False,
    ) -> Iterator[httpx.Client]:
        """A client that keeps its connection."""
        own = () if certificate is None else (certificate.certificate, certificate.key)
        with httpx.Client(
            base_url=self.base(listener),
            verify=_trusting(_written(self.authority), _written(*own), http2),
            http1=not http2,
            http2=http2,
            limits=httpx.Limits(max_connections=1),
            timeout=_ANSWER_SECONDS,
            trust_env=False,
        ) as client:
            yield client

    def call(
        self,
        path: str,
        *,
        method: str = "GET",
        key: str | None = None,
        token: str | None = None,
        service: str | None = None,
        certificate: KeyPair | None = None,
        listener: Listener | None = None,
        host: str = "localhost",
        headers: Headers = (),
        body: bytes | Iterator[bytes] | None = None,
        http2: bool = False,
    ) -> httpx.Response:
        """One call on a connection of its own, so that each worker has its share of them.

        `key` goes into `X-Api-Key`, `token` into `Authorization: Bearer`. `service` calls with that
        service's certificate, on the internal listener unless `listener` says otherwise.
        """
        if service is not None:
            certificate = self.client(service)
        listener = listener or ("internal" if service else "external")
        fields = [("host", host), *(headers.items() if isinstance(headers, Mapping) else headers)]
        if key is not None:
            fields.append(("x-api-key", key))
        if token is not None:
            fields.append(("authorization", f"Bearer {token}"))
        with self.connection(listener=listener, certificate=certificate, http2=http2) as client:
            return client.request(
                method, path, headers=fields, content=body, extensions={"sni_hostname": host}
            )

    @contextmanager
    def socket(
        self,
        *,
        listener: Listener = "external",
        certificate: KeyPair | None = None,
        alpn: Sequence[str] = (),
        host: str = "localhost",
    ) -> Iterator[ssl.SSLSocket]:
        """A TLS connection to write bytes into."""
        port = self.ports.external if listener == "external" else self.ports.internal
        context = self.tls(certificate=certificate, alpn=alpn)
        with (
            socket.create_connection(("127.0.0.1", port), _ANSWER_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            # What follows the handshake waits 40 ms for the kernel's word on it otherwise.
            secure.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield secure

    def raw(
        self,
        request: bytes,
        *,
        method: str = "GET",
        listener: Listener = "external",
        certificate: KeyPair | None = None,
        host: str = "localhost",
    ) -> RawAnswer | None:
        """The answer to bytes that are sent as they are; None where the connection just ended.

        `method` is only how the answer is read: one to HEAD has no body.
        """
        with self.socket(listener=listener, certificate=certificate, host=host) as secure:
            secure.sendall(request)
            response = http.client.HTTPResponse(secure, method=method)
            try:
                response.begin()
                body = response.read()
            except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLEOFError):
                return None
            headers = {name.lower(): value for name, value in response.getheaders()}
            return RawAnswer(status=response.status, headers=headers, body=body)

    def admin(self, path: str) -> str:
        """What Envoy says of itself, without the control plane. Raises `httpx.TransportError`."""
        path_of_it = str(self.state / "run" / "admin.sock")
        transport = httpx.HTTPTransport(uds=path_of_it, verify=False)  # no TLS: nothing to load
        with httpx.Client(transport=transport, base_url="http://admin") as client:
            return client.get(path).text

    def restart_envoy(self) -> None:
        """Ends Envoy; returns when the supervisor's next one has read its configuration."""
        before = self.envoy_pid
        os.kill(before, signal.SIGKILL)
        self.wait_for_another_envoy(before)

    def wait_for_another_envoy(self, before: int) -> None:
        """Returns when one that is not of that process id has read its configuration."""
        file = self.state / "run" / "envoy.pid"
        eventually(
            lambda: file.read_text().strip() not in {"", str(before)},
            what="the supervisor starts envoy again",
        )
        eventually(self._is_live, what="envoy has read its configuration")

    def _is_live(self) -> bool:
        try:
            return self.admin("/ready").strip() == "LIVE"
        except httpx.TransportError:
            return False

    def operations(self, path: str) -> httpx.Response:
        """What stands on the port for metrics and health."""
        url = f"http://127.0.0.1:{self.ports.operations}{path}"
        return httpx.get(url, trust_env=False, verify=False)  # no TLS: nothing to load
