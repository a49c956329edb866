"""Why a key was not issued or rotated, and what to do about it."""

from __future__ import annotations

from typing import assert_never

from forecourt.actions.issue_key import MOST_NETWORKS, KeyRefused, KeyRequestRefusal
from forecourt.actions.rotate_key import LONGEST_OVERLAP, NotRotated, RotationRefusal
from forecourt.governance.nearest import did_you_mean

NO_SUCH_KEY = "no key is or begins so; see `forecourt key list`"


def why_not_issued(refused: KeyRefused) -> str:
    """What is wrong with what was asked for, and the way out."""
    given, known = refused.given, refused.known
    match refused.reason:
        case KeyRequestRefusal.BAD_DEVELOPER_NAME:
            return (
                f"the developer is `{given}`, which cannot be a name; "
                "use up to 100 letters, digits and any of `._@+-`"
            )
        case KeyRequestRefusal.BAD_APPLICATION_NAME | KeyRequestRefusal.BAD_KEY_NAME:
            is_key = refused.reason is KeyRequestRefusal.BAD_KEY_NAME
            return (
                f"the {'key' if is_key else 'application'} is `{given}`, which cannot be a name; "
                "use up to 100 characters that can be printed"
            )
        case KeyRequestRefusal.BAD_SCOPE:
            return f"the scope is `{given}`, which is not one word; repeat `--scope` for each"
        case (
            KeyRequestRefusal.UNKNOWN_PARTNER
            | KeyRequestRefusal.UNKNOWN_PLAN
            | KeyRequestRefusal.UNKNOWN_API
        ):
            return _unknown(refused)
        case KeyRequestRefusal.PLAN_OF_A_PARTNER:
            return f"`--plan {given}` is for developers; leave it out: a contract says the limit"
        case KeyRequestRefusal.OTHER_PLAN:
            plan = f"on plan `{known[0]}`" if known else "on no plan"
            return f"application `{given}` is {plan} already; leave `--plan` out"
        case KeyRequestRefusal.EXPIRED_ALREADY:
            return f"`--expires` is {given}, which is past; name a day to come"
        case KeyRequestRefusal.NOT_A_NETWORK | KeyRequestRefusal.TOO_MANY_NETWORKS:
            return _no_networks(refused)
        case _:
            assert_never(refused.reason)


def _unknown(refused: KeyRefused) -> str:
    given, known = refused.given, refused.known
    declared = f"which is not one of {', '.join(known)}" if known else "and none is published"
    if refused.reason is KeyRequestRefusal.UNKNOWN_PARTNER:
        way_out = did_you_mean(given, known, "declare it in partners/ and publish it first")
        return f"the partner is `{given}`, {declared}; {way_out}"
    if refused.reason is KeyRequestRefusal.UNKNOWN_PLAN:
        way_out = did_you_mean(given, known, "declare it in plans.yaml and publish it first")
        return f"the plan is `{given}`, {declared}; {way_out}"
    way_out = did_you_mean(given, known, "a key can be limited only to what its owner has")
    return f"the API is `{given}`, {declared}; {way_out}"


def _no_networks(refused: KeyRefused) -> str:
    if refused.reason is KeyRequestRefusal.TOO_MANY_NETWORKS:
        return f"`--from` is given {refused.given} times; {MOST_NETWORKS} networks are the most"
    return (
        f"`--from` is `{refused.given}`, which is no network; "
        "write 203.0.113.0/24, 2001:db8::/32 or one address"
    )


def why_not_rotated(refused: NotRotated) -> str:
    """Why the key stays as it is, and the way out."""
    ids = ", ".join(c.id for c in refused.found)
    match refused.reason:
        case RotationRefusal.UNKNOWN:
            return NO_SUCH_KEY
        case RotationRefusal.SEVERAL:
            return f"{len(refused.found)} keys begin so; name one by its id: {ids}"
        case RotationRefusal.REVOKED:
            return f"{ids} was revoked; issue another with `forecourt key issue`"
        case RotationRefusal.EXPIRED:
            return f"{ids} has expired; issue another with `forecourt key issue`"
        case RotationRefusal.ROTATED_ALREADY:
            successor = refused.found[0].replaced_by or "another key"
            return f"{ids} was rotated to {successor}; rotate that one"
        case RotationRefusal.OVERLAP:
            return f"`--overlap` is at most {LONGEST_OVERLAP.days}d"
        case _:
            assert_never(refused.reason)
