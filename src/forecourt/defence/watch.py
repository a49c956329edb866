"""Counts in windows of two seconds, and says who went too far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from forecourt.defence.detector import Detector, Finding, Sighting, Subject
from forecourt.defence.tally import Tally, is_too_much, total
from forecourt.edge.logged_request import LoggedRequest
from forecourt.estate.audience import Audience
from forecourt.estate.defending import DEFENDING

WINDOW_SECONDS = 2
# Of one detector. Beyond that those are forgotten of whom nothing was heard for longest.
_MOST_SUBJECTS = 100_000

_LEAST_PATIENCE = min(defending.patience for defending in DEFENDING.values())

_Key = tuple[int, Subject]


@dataclass(slots=True)
class _History:
    """The windows of one subject, oldest first, and how many counted in all of them."""

    windows: list[tuple[int, Tally]] = field(default_factory=list)
    counted: int = 0

    def count(self, window: int, request: LoggedRequest, sighting: Sighting) -> None:
        """Counts a request where its time is."""
        self.counted += sighting.counts
        self._tally(window).count(request, sighting)

    def _tally(self, window: int) -> Tally:
        """Lines come in the order in which requests ended: mostly it is the last."""
        at = len(self.windows)
        while at and self.windows[at - 1][0] > window:
            at -= 1
        if not at or self.windows[at - 1][0] < window:
            self.windows.insert(at, (window, Tally()))
            at += 1
        return self.windows[at - 1][1]

    def forget_before(self, window: int) -> None:
        """Lets go of what is past."""
        while self.windows and self.windows[0][0] < window:
            self.counted -= self.windows.pop(0)[1].counted


class Watch:
    """What each detector remembers: no more than the seconds of its threshold."""

    def __init__(self, detectors: tuple[Detector, ...]) -> None:
        self._detectors = detectors
        self._histories: dict[_Key, _History] = {}
        self._latest = 0
        self._most = _MOST_SUBJECTS * len(detectors)

    def observe(self, requests: Iterable[LoggedRequest], now: datetime) -> tuple[Finding, ...]:
        """Counts these, and says who went too far by them; each is said once, and then begins
        anew. What is older than a detector looks back is not counted."""
        this_window = _window(now)
        if this_window < self._latest:
            # The clock was set back: what seems to come would be counted for as much longer.
            self._histories.clear()
        is_new, self._latest = this_window != self._latest, this_window
        changed = self._count(requests, this_window)
        findings = []
        for key in changed:
            detector, history = self._detectors[key[0]], self._histories[key]
            history.forget_before(_oldest(detector, this_window))
            if history.counted < detector.threshold.at_least:
                continue  # whoever it is; the sums below take longer
            if (finding := self._judged(detector, key[1], history)) is not None:
                findings.append(finding)
                del self._histories[key]
        if is_new or len(self._histories) > self._most:
            self._forget(this_window)
        return tuple(findings)

    def _count(self, requests: Iterable[LoggedRequest], this_window: int) -> dict[_Key, None]:
        """The subjects of which anything counted."""
        changed: dict[_Key, None] = {}
        watching = [
            (number, detector.sees, _oldest(detector, this_window))
            for number, detector in enumerate(self._detectors)
        ]
        for request in requests:
            window = min(_window(request.time), this_window)
            for number, sees, oldest in watching:
                sighting = sees(request)
                if sighting is None or window < oldest:
                    continue
                key = (number, sighting.subject)
                history = self._histories.get(key)
                if history is None:
                    history = self._histories[key] = _History()
                history.count(window, request, sighting)
                if sighting.counts:
                    changed[key] = None
        return changed

    def _judged(self, detector: Detector, subject: Subject, history: _History) -> Finding | None:
        its = total(tally for _, tally in history.windows)
        if not is_too_much(its, detector.threshold, _LEAST_PATIENCE):
            return None  # whoever it is; what all saw of it takes longer to sum up
        seen = self._seen_of(subject)
        # A block of an address would cut off everybody who calls from there.
        audience = seen.audience or Audience.PUBLIC
        if not is_too_much(its, detector.threshold, DEFENDING[audience].patience):
            return None
        return Finding(
            detector=detector,
            subject=subject,
            audience=audience,
            api=its.api,
            counted=its.counted,
            distinct=len(its.things),
            samples=its.samples,
            consumers=tuple(sorted(seen.consumers)),
        )

    def _seen_of(self, subject: Subject) -> Tally:
        """What all detectors saw of it: some look at those behind an address who are known, and
        some at strangers alone."""
        keys = ((number, subject) for number in range(len(self._detectors)))
        histories = (self._histories[key] for key in keys if key in self._histories)
        return total(tally for history in histories for _, tally in history.windows)

    def _forget(self, this_window: int) -> None:
        """What is past, also of those who only call, on and on, and of whom nothing counts."""
        for key in list(self._histories):
            history = self._histories[key]
            history.forget_before(_oldest(self._detectors[key[0]], this_window))
            if not history.windows or len(self._histories) > self._most:
                del self._histories[key]


def _window(moment: datetime) -> int:
    return int(moment.timestamp()) // WINDOW_SECONDS


def _oldest(detector: Detector, this_window: int) -> int:
    """The first window that a detector still looks at."""
    return this_window - detector.threshold.seconds // WINDOW_SECONDS + 1
