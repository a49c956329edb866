"""The public keys of foreign issuers: fetched, kept, and used while the issuer is away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import httpx
import structlog

from forecourt.compiler.ir.callers import Issuer
from forecourt.edge.key_sets import UnusableKeys, key_set
from forecourt.edge.replacing import replace_file

_LOG = structlog.get_logger()

SECONDS_BETWEEN_FETCHES = 600.0
_SECONDS_UNTIL_NEXT_TRY = 30.0  # while nothing usable is known
_SECONDS_BETWEEN_LOOKS = 5.0
_TIMEOUT = 5.0
_MOST_BYTES = 1024 * 1024


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


async def keep_foreign_keys(
    keys: ForeignKeys,
    issuers: Callable[[], Awaitable[Iterable[Issuer]]],
    *,
    publish: Callable[[], Awaitable[None]],
    failed: Callable[[Exception], None],
    seconds: float = _SECONDS_BETWEEN_LOOKS,
) -> None:
    """Fetches each issuer's keys when it is published, and now and then again, for ever.

    `publish` tells the edge of new ones; `failed` hears what failed.
    """
    loop = asyncio.get_running_loop()
    due: dict[tuple[str, str], float] = {}
    while True:
        try:
            now = loop.time()
            asked = [i for i in await issuers() if now >= due.get((i.name, i.jwks), now)]
            is_new = await keys.fetch(asked)
            known = keys.known(asked)
            for issuer in asked:
                wait = SECONDS_BETWEEN_FETCHES if issuer.name in known else _SECONDS_UNTIL_NEXT_TRY
                due[issuer.name, issuer.jwks] = loop.time() + wait
            if is_new:
                await publish()
        except Exception as error:  # the edge goes on with the keys it has
            failed(error)
        await asyncio.sleep(seconds)


def _is_url(where: str) -> bool:
    return where.startswith(("https://", "http://"))
