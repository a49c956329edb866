"""An objective tells of its breach through a channel that is not declared.

Why it matters
    When availability falls below the threshold, a message is to go out. Without the channel nobody
    hears of it, and that is noticed when it is needed.

Bad
    $ sed -i '/^  email:/d' forecourt.yaml   # no mail any more

    # apis/users/api.yaml
    name: users
    audience: internal
    owner: {team: identity}
    upstream: {url: http://users.svc:8080}
    slo: {availability: {target: 99.9%, escalation: [{threshold: 99%, action: notify email}]}}

Good
    # forecourt.yaml
    channels: {email: {smtp: smtp://mail.acme.example:587, from: api@acme.example}}

    # apis/users/api.yaml
    name: users
    audience: internal
    owner: {team: identity}
    upstream: {url: http://users.svc:8080}
    slo: {availability: {target: 99.9%, escalation: [{threshold: 99%, action: notify email}]}}

When to waive
    Never: declare the channel under `channels` in `forecourt.yaml`. One that only an environment
    declares is known with `--env`.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.rule import Finding, Rule, Subject

_NOTIFY = "notify "


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each action that names a channel which is not there."""
    organization = subject.estate.organization
    if organization is None:
        return
    for api in subject.estate.apis.values():
        for step in api.objective.escalation if api.objective is not None else ():
            channel = step.action.removeprefix(_NOTIFY)
            if channel != step.action and channel not in organization.channels:
                yield Finding(
                    message=f"`{step.action}` reaches nobody: no channel is called `{channel}`",
                    span=step.origin,
                    help=f"declare `{channel}` under `channels` in `forecourt.yaml`",
                    api=api.name,
                )


RULE = Rule(
    code="FC413",
    name="unknown-channel",
    summary="an objective tells of its breach through a channel that is not declared",
    severity=Severity.WARNING,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
