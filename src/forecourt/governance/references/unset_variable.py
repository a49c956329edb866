"""A value comes from an environment variable that is not set.

Why it matters
    A channel without its address is silent exactly when somebody should be called.

Bad
    # forecourt.yaml
    channels: {slack: {webhook: "${SLACK_WEBHOOK}"}}     # and nothing sets SLACK_WEBHOOK

    $ forecourt check

Good
    $ SLACK_WEBHOOK=https://hooks.slack.example/T01/B02 forecourt check

    Under `--local` nothing is sent, so nothing needs to be set.

When to waive
    Never: set the variable, or remove the channel from this environment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.nearest import did_you_mean
from forecourt.governance.rule import Finding, Rule, Subject

_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each `${VARIABLE}` of a channel that is not set."""
    organization, variables = subject.estate.organization, subject.facts.variables
    if organization is None or variables is None:
        return
    for channel, settings in organization.channels.items():
        for key, text in settings.items():
            for name in dict.fromkeys(_VARIABLE.findall(text)):
                if name not in variables:
                    yield Finding(
                        message=f"the environment variable `{name}` is not set",
                        span=organization.places[f"channels.{channel}.{key}"],
                        help=did_you_mean(name, variables, f"set `{name}` where Forecourt runs"),
                    )


RULE = Rule(
    code="FC410",
    name="unset-variable",
    summary="a value comes from an environment variable that is not set",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
