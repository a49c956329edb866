"""Look into the certificates, keys and key sets that an estate names."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import TypeAlias

from forecourt.edge.key_sets import UnusableKeys, key_set
from forecourt.edge.lasting import lasting
from forecourt.edge.pem import (
    UnusablePem,
    demand_authorities,
    demand_certificate,
    demand_key,
    demand_pair,
)
from forecourt.estate.model import Estate
from forecourt.governance.key_files import Holds, KeyFile, key_files

# What a file holds, by its path from the estate's root; None where it cannot be read.
Content: TypeAlias = Callable[[str], bytes | None]


def unusable_key_files(estate: Estate, content: Content) -> dict[str, str]:
    """Why Envoy would not take them, by path. Those that cannot be read are left out."""
    found: dict[str, str] = {}
    for named in key_files(estate):
        data = content(named.path)
        if data is not None and named.path not in found:
            try:
                _demand(named, data, content)
            except (UnusablePem, UnusableKeys) as error:
                found[named.path] = str(error)
    return found


def ending_key_files(estate: Estate, content: Content, today: date) -> dict[str, date]:
    """The days on which certificates and authorities end, by path: of those that ended before
    today or will soon, and can be used."""
    now = datetime.combine(today, time(), UTC)
    found: dict[str, date] = {}
    for named in key_files(estate):
        data = content(named.path)
        if data is not None and named.holds in (Holds.CERTIFICATE, Holds.AUTHORITIES):
            with suppress(UnusablePem):
                lasts = lasting(data)
                if lasts.step(now) is not None:
                    found[named.path] = lasts.until.date()
    return found


def _demand(named: KeyFile, data: bytes, content: Content) -> None:
    match named.holds:
        case Holds.CERTIFICATE:
            demand_certificate(data)
        case Holds.AUTHORITIES:
            demand_authorities(data)
        case Holds.KEY_SET:
            key_set(data)
        case Holds.KEY:
            demand_key(data)
            certificate = content(named.certificate) if named.certificate is not None else None
            if certificate is not None and _is_one(certificate):
                demand_pair(certificate, data)


def _is_one(certificate: bytes) -> bool:
    try:
        demand_certificate(certificate)
    except UnusablePem:
        return False
    return True
