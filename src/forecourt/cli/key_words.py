"""Keys in words: rows, facts, and whether one counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from forecourt.actions.credential import Credential, HeldKey
from forecourt.cli.formats.report import printable

HEAD = ("ID", "KEY", "NAME", "APPLICATION", "OWNER", "PLAN", "ISSUED", "LAST USED", "STATUS")


def told(held: HeldKey) -> str:
    """Which key it is, for whom, and on which plan."""
    application, plan = held.application, held.application.plan
    on_plan = f", plan {plan}" if plan is not None else ""
    answers = ", answered by the mock" if held.credential.is_test else ""
    return f"{held.credential.id} for `{application.name}` of {application.owner}{on_plan}{answers}"


def columns(held: HeldKey, now: datetime) -> tuple[str, ...]:
    """A key's row below `HEAD`."""
    credential, application = held.credential, held.application
    return (
        credential.id,
        credential.shown,
        credential.name or "-",
        application.name,
        str(application.owner),
        application.plan or "-",
        f"{credential.created_at:%Y-%m-%d}",
        _used(credential),
        counting(credential, now),
    )


def plain_key(held: HeldKey, now: datetime) -> dict[str, object]:
    """All of it, for a program."""
    credential, application = held.credential, held.application
    return {
        "id": credential.id,
        "shown": credential.shown,
        "name": credential.name or None,
        "application": application.id,
        "called": application.called,
        "plan": application.plan,
        "test": credential.is_test,
        "scopes": credential.scopes,
        "apis": credential.apis,
        "from": credential.addresses,
        "issued": credential.created_at,
        "expires": credential.expires_at,
        "last_used": credential.last_used_at,
        "revoked": None if credential.revoked is None else credential.revoked.at,
        "replaced_by": credential.replaced_by,
        "counts": is_counting(credential, now),
    }


def facts(held: HeldKey, now: datetime) -> list[tuple[str, str]]:
    """All that is remembered of a key, a row a fact."""
    credential, application = held.credential, held.application
    return [
        ("id", credential.id),
        ("key", credential.shown),
        ("name", credential.name or "-"),
        ("application", f"{application.called} ({application.id})"),
        ("plan", application.plan or "-"),
        ("answered by", "the mock" if credential.is_test else "the services"),
        ("scopes", _all_or(credential.scopes, "all that need no user")),
        ("apis", _all_or(credential.apis, "all that its owner has")),
        ("from", " ".join(credential.addresses) or "anywhere"),
        ("issued", f"{credential.created_at:%Y-%m-%d %H:%M} UTC"),
        ("last used", _used(credential)),
        ("status", counting(credential, now)),
    ]


def _all_or(words: tuple[str, ...] | None, all_: str) -> str:
    if words is None:
        return all_
    return " ".join(words) or "none"


def _used(credential: Credential) -> str:
    return _minute(credential.last_used_at)


def _minute(used: datetime | None) -> str:
    return "never" if used is None else f"{used:%Y-%m-%d %H:%M}"


def is_counting(credential: Credential, now: datetime) -> bool:
    """Whether it counts now."""
    ends = credential.expires_at
    return credential.revoked is None and (ends is None or ends > now)


def latest_use(credentials: Sequence[Credential]) -> str:
    """When any of them was used last."""
    return _minute(max((c.last_used_at for c in credentials if c.last_used_at), default=None))


def counting(credential: Credential, now: datetime) -> str:
    """Whether it counts, until when, and what came in its place."""
    if (revoked := credential.revoked) is not None:
        who = "" if revoked.who is None else f" by {revoked.who}"
        because = f" ({revoked.because})" if revoked.because else ""
        return printable(f"revoked {revoked.at:%Y-%m-%d}{who}{because}")
    successor = "" if credential.replaced_by is None else f", replaced by {credential.replaced_by}"
    if credential.expires_at is None:
        return "active"
    verb = "expired" if credential.expires_at <= now else "until"
    return f"{verb} {_moment(credential.expires_at)}{successor}"


def _moment(at: datetime) -> str:
    """A day where it begins with it, as `--expires` sets it."""
    is_midnight = at == at.replace(hour=0, minute=0, second=0, microsecond=0)
    return f"{at:%Y-%m-%d}" if is_midnight else f"{at:%Y-%m-%d %H:%M}"
