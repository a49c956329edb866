"""Puts into the state folder what Envoy needs besides a snapshot: certificates and code."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import certifi
import structlog

from forecourt.edge.authority import KeyPair, LocalAuthority
from forecourt.edge.code import install_lua
from forecourt.edge.replacing import replace_file

_LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A certificate that a listener shows: own files, or names that a local authority signs for."""

    name: str
    hosts: tuple[str, ...]
    own: KeyPair | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """An authority's file. `sha256` (hex) is the content that was published; None: any."""

    path: Path
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What an estate asks for.

    `mesh_authority` None: a local one signs the services' client certificates. `identities` maps
    services to the SPIFFE IDs that it signs for. `partner_authorities` maps partners to files.
    """

    shown: tuple[Shown, ...]
    mesh_authority: Authority | None
    identities: Mapping[str, str] = field(default_factory=dict)
    partner_authorities: Mapping[str, Authority] = field(default_factory=dict)


class MaterialMissing(Exception):
    """A file that the estate names cannot be read; `path` and `because` say which and why."""

    def __init__(self, path: Path, because: str) -> None:
        super().__init__(f"{path}: {because}")
        self.path = path
        self.because = because


class MaterialFolder:
    """The certificates of a state folder.

    `tls/` is what Envoy reads. `authority/` holds the local authorities, and `clients/` a client
    certificate for each service that the local one knows.
    """

    def __init__(self, state: Path) -> None:
        self._state = state
        self.servers = LocalAuthority(state / "authority", "servers")
        self.mesh = LocalAuthority(state / "authority", "mesh")

    def make_folders(self) -> None:
        """What Envoy expects to be there."""
        for name in ("run", "logs", "tls"):
            (self._state / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        install_lua(self._state)

    def client(self, service: str) -> KeyPair:
        """A service's client certificate from the local authority."""
        folder = self._state / "clients"
        return KeyPair(certificate=folder / f"{service}.pem", key=folder / f"{service}.key")

    def provide(self, material: Material, now: datetime) -> None:
        """Brings the folder up to date; what is there and good stays.

        A file that went away leaves what was made of it. Raises `MaterialMissing` where there is
        nothing yet.
        """
        tls = self._state / "tls"
        for shown in material.shown:
            target = KeyPair(certificate=tls / f"{shown.name}.pem", key=tls / f"{shown.name}.key")
            if shown.own is not None:
                _copy_pair(shown.own, target)
            else:
                self.servers.ensure(now)
                self.servers.server(target, shown.hosts, now)
        if material.mesh_authority is not None:
            self._trust(material.mesh_authority, tls / "mesh-ca.pem")
        else:
            self.mesh.ensure(now)
            _copy(self.mesh.certificate, tls / "mesh-ca.pem")
            for service, identity in sorted(material.identities.items()):
                self.mesh.client(self.client(service), identity, now)
        for partner, authority in sorted(material.partner_authorities.items()):
            self._trust(authority, tls / f"partner-{partner}.pem")
        _copy(_public_roots(), tls / "roots.pem")

    def _trust(self, authority: Authority, target: Path) -> None:
        """Trusts what was published, and nothing that has taken its place in the file since.

        Each content is kept under its digest, for the way back.
        """
        if authority.sha256 is None:
            _copy(authority.path, target)
            return
        kept = self._state / "authorities" / f"{authority.sha256}.pem"
        if not kept.exists():
            content = _content(authority.path, target)
            if content is None or sha256(content).hexdigest() != authority.sha256:
                if not target.exists():
                    raise MaterialMissing(authority.path, "it is not what was published")
                _LOG.warning("going on with what was there", file=str(authority.path))
                return
            kept.parent.mkdir(mode=0o700, exist_ok=True)
            _write(kept, content)
        _copy(kept, target)


def _public_roots() -> Path:
    """The machine's own list of public authorities; else the one that Mozilla keeps."""
    own = ssl.get_default_verify_paths().cafile
    return Path(own) if own and Path(own).is_file() else Path(certifi.where())


def _copy_pair(source: KeyPair, target: KeyPair) -> None:
    """Both or neither: a certificate with another's key is of no use."""
    paths = ((source.key, target.key), (source.certificate, target.certificate))
    read = [_content(*path) for path in paths]
    for (_, place), content in zip(paths, read, strict=True):
        if content is not None and None not in read:
            _write(place, content)


def _copy(source: Path, target: Path) -> None:
    if (content := _content(source, target)) is not None:
        _write(target, content)


def _content(source: Path, target: Path) -> bytes | None:
    """What the source holds; None where it cannot be read and the target is there."""
    try:
        return source.read_bytes()
    except OSError as error:
        because = (error.strerror or str(error)).lower()
        if not target.exists():
            raise MaterialMissing(source, because) from error
        _LOG.warning("going on with what was there", file=str(source), because=because)
        return None


def _write(target: Path, content: bytes) -> None:
    """Replaces the target where the content differs, readable by its owner only."""
    if not (target.exists() and target.read_bytes() == content):
        replace_file(target, content)
