"""Parameters of requests that nobody made, judged by the edge's own Lua."""

from __future__ import annotations

import asyncio

from forecourt.actions.trial import Trial
from forecourt.compiler.envoy.trial import SOCKET, trial_bootstrap
from forecourt.edge.trial import Tried, is_sendable, tried


class EnvoyTrials:
    """Starts an Envoy for each question: a tenth of a second or two, and nobody is in its way."""

    async def of(self, trial: Trial) -> Tried | None:
        """As `Trials` says."""
        if not is_sendable(trial.target):
            return None
        bootstrap = trial_bootstrap(trial.way_in, trial.method, trial.prefix, trial.caller)
        contract = (trial.way_in, trial.content)
        return await asyncio.to_thread(tried, bootstrap, SOCKET, contract, trial.target)
