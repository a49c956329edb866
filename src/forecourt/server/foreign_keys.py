"""The public keys of foreign issuers: fetched, kept, and used while the issuer is away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import httpx
import structlog

from forecourt.compiler.ir.callers import Issuer
from forecourt.edge.key_sets import UnusableKeys, key_set
from forecourt.edge.replacing import replace_file
from forecourt.server.key_wishes import KeyWishes

_LOG = structlog.get_logger()

_TIMEOUT = 5.0
_MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often an issuer is asked, in seconds.

    `regular` while its keys are known, `missing` while none are. Where a token names a key that
    nobody knows, at once; but for such tokens only `wishes` times in `wishes_seconds`: whoever
    invents names makes nobody ask more often. `look` is how often it is seen whether any of this is
    due.
    """

    regular: float = 600.0
    missing: float = 30.0
    wishes: int = 5
    wishes_seconds: float = 150.0
    look: float = 5.0


class ForeignKeys:
    """JWKS documents by issuer: a file of the estate, or what its URL last gave."""

    def __init__(self, estate: Path, state: Path) -> None:
        self._estate = estate
        self._kept = state / "jwks"

    def known(self, issuers: Iterable[Issuer]) -> dict[str, str]:
        """The JWKS of each issuer whose keys are known; the others' tokens are refused."""
        found: dict[str, str] = {}
        for issuer in issuers:
            path = self._file(issuer) if _is_url(issuer.jwks) else self._estate / issuer.jwks
            try:
                found[issuer.name] = key_set(path.read_bytes())
            except OSError:
                continue
            except UnusableKeys as error:
                _LOG.error(
                    "an issuer's keys cannot be used", issuer=issuer.name, because=str(error)
                )
        return found

    async def fetch(self, issuers: Iterable[Issuer]) -> bool:
        """Fetches what stands behind URLs; says whether anything is new. Keeps what fails."""
        far = [issuer for issuer in issuers if _is_url(issuer.jwks)]
        if not far:
            return False
        # Reads the authorities that this machine trusts, for which others would wait 100 ms.
        trust = await asyncio.to_thread(httpx.create_ssl_context)
        is_new = False
        async with httpx.AsyncClient(
            timeout=_TIMEOUT, follow_redirects=False, verify=trust
        ) as client:
            for issuer in far:
                is_new |= await self._fetch_one(client, issuer)
        return is_new

    async def _fetch_one(self, client: httpx.AsyncClient, issuer: Issuer) -> bool:
        try:
            answer = await client.get(issuer.jwks)
            answer.raise_for_status()
            if len(answer.content) > _MOST_BYTES:
                raise UnusableKeys("it is larger than a megabyte")
            text = key_set(answer.content)
        except (httpx.HTTPError, UnusableKeys) as error:
            _LOG.warning("cannot fetch an issuer's keys", issuer=issuer.name, because=str(error))
            return False
        file = self._file(issuer)
        if file.exists() and file.read_text("utf-8") == text:
            return False
        self._kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(file, text.encode())
        return True

    def _file(self, issuer: Issuer) -> Path:
        """One a URL: keys from another place are not those of this one."""
        place = sha256(issuer.jwks.encode()).hexdigest()[:12]
        return self._kept / f"{quote(issuer.name, safe='')}-{place}.json"


class _Turns:
    """When each issuer was asked last, and when because of keys that were missed."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._asked: dict[tuple[str, str], float] = {}
        self._wished: dict[tuple[str, str], list[float]] = {}
        self._known: set[tuple[str, str]] = set()

    def take(self, issuer: Issuer, *, now: float, wished: float) -> bool:
        """Whether it is its turn, which it takes; `wished` is when a key was last missed."""
        name = _id(issuer)
        last = self._asked.get(name)
        usual = self._pace.regular if name in self._known else self._pace.missing
        if last is not None and now < last + usual and not self._wish(name, now, wished > last):
            return False
        self._asked[name] = now
        return True

    def _wish(self, name: tuple[str, str], now: float, is_missed: bool) -> bool:
        lately = [at for at in self._wished.get(name, ()) if at > now - self._pace.wishes_seconds]
        may_be = is_missed and len(lately) < self._pace.wishes
        self._wished[name] = [*lately, now] if may_be else lately
        return may_be

    def know(self, issuer: Issuer) -> None:
        """It has usable keys."""
        self._known.add(_id(issuer))


async def keep_foreign_keys(
    keys: ForeignKeys,
    issuers: Callable[[], Awaitable[Iterable[Issuer]]],
    *,
    wishes: KeyWishes,
    publish: Callable[[], Awaitable[None]],
    failed: Callable[[Exception], None],
    pace: Pace | None = None,
) -> None:
    """Fetches each issuer's keys when it is published, now and then again, and when tokens name one
    that is not known; for ever.

    `publish` tells the edge of new ones; `failed` hears what failed.
    """
    loop = asyncio.get_running_loop()
    pace = pace or Pace()
    turns = _Turns(pace)
    while True:
        try:
            now = loop.time()
            asked = [i for i in await issuers() if turns.take(i, now=now, wished=wishes.last)]
            is_new = await keys.fetch(asked)
            known = keys.known(asked)
            for issuer in asked:
                if issuer.name in known:
                    turns.know(issuer)
            if is_new:
                await publish()
        except Exception as error:  # the edge goes on with the keys it has
            failed(error)
        await wishes.within(pace.look)


def _id(issuer: Issuer) -> tuple[str, str]:
    return issuer.name, issuer.jwks


def _is_url(where: str) -> bool:
    return where.startswith(("https://", "http://"))
