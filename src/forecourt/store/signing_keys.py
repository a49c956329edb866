"""Private keys in the state folder, made when they are first needed."""

from __future__ import annotations

import contextlib
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from forecourt.actions.oauth.token_keys import TokenKey
from forecourt.actions.signing_key import (
    SigningKey,
    epoch,
    generate_signing_key,
    signing_key_from_pem,
)


class UnreadableSigningKey(Exception):
    """A key's file is there and holds no key; `path` is for the person who must repair it."""

    def __init__(self, path: Path, because: str) -> None:
        super().__init__(f"{path}: {because}")
        self.path = path
        self.because = because


class SigningKeyFiles:
    """Signing keys as PEM files that only their owner can read."""

    def __init__(self, state: Path) -> None:
        self._state = state

    @property
    def stands_in_for_issuers(self) -> bool:
        """Whether this state was made by `up --local`, where declared issuers are played here."""
        return (self._state / "local").is_dir()

    def internal(self) -> SigningKey:
        """Signs internal service tokens."""
        return _kept(self._state / "keys" / "internal-token.pem")

    def exposure_reports(self) -> SigningKey:
        """Signs reports of exposure."""
        return _kept(self._state / "keys" / "exposure-report.pem")

    def access_tokens(self) -> tuple[TokenKey, ...]:
        """Sign access tokens, one after another; oldest first. None until one was made."""
        paths = sorted(self._oauth.glob("*.pem"))
        return tuple(
            TokenKey(made_at=datetime.fromtimestamp(int(path.stem), UTC), key=_kept(path))
            for path in paths
            if path.stem.isdigit()
        )

    def add_access_token_key(self, now: datetime) -> TokenKey:
        """A new one, beside those that are there."""
        path = self._oauth / f"{epoch(now)}.pem"
        return TokenKey(made_at=datetime.fromtimestamp(epoch(now), UTC), key=_kept(path))

    def forget_access_token_key(self, key: TokenKey) -> None:
        """Removes one that signs and verifies nothing any more."""
        (self._oauth / f"{epoch(key.made_at)}.pem").unlink(missing_ok=True)

    @property
    def _oauth(self) -> Path:
        return self._state / "keys" / "oauth"

    def local_issuer(self, name: str) -> SigningKey:
        """Signs in place of a declared issuer, on one's own machine."""
        return _kept(self._state / "local" / "issuers" / f"{quote(name, safe='')}.pem")


def _kept(path: Path) -> SigningKey:
    if not path.exists():
        _make(path)
    try:
        return signing_key_from_pem(path.read_bytes())
    except ValueError as error:
        raise UnreadableSigningKey(path, f"it is no P-256 key: {error}") from error


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(generate_signing_key().key.as_pem(private=True))
            file.flush()
            os.fsync(file.fileno())
        # Two processes may start at once: the first link wins, and both read what it made.
        with contextlib.suppress(FileExistsError):
            Path(path).hardlink_to(name)
    finally:
        Path(name).unlink()
