"""Counts in windows of two seconds, and says who went too far."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from forecourt.defence.detector import Detector, Finding, Subject
from forecourt.defence.tally import Tally, is_too_much, tally, total
from forecourt.edge.logged_request import LoggedRequest
from forecourt.estate.audience import Audience
from forecourt.estate.defending import DEFENDING

WINDOW_SECONDS = 2
# Of one detector. Beyond that those are forgotten of whom nothing was heard for longest.
_MOST_SUBJECTS = 100_000

_Key = tuple[int, Subject]


@dataclass(slots=True)
class _History:
    """The windows of one subject, oldest first, and how many counted in all of them."""

    windows: deque[tuple[int, Tally]] = field(default_factory=deque)
    counted: int = 0

    def add(self, window: int, more: Tally) -> None:
        """Puts it where its time is: lines come in the order in which requests ended."""
        self.counted += more.counted
        at = len(self.windows)
        while at and self.windows[at - 1][0] > window:
            at -= 1
        if at and self.windows[at - 1][0] == window:
            self.windows[at - 1] = (window, self.windows[at - 1][1] + more)
        else:
            self.windows.insert(at, (window, more))

    def forget_before(self, window: int) -> None:
        """Lets go of what is past."""
        while self.windows and self.windows[0][0] < window:
            self.counted -= self.windows.popleft()[1].counted


class Watch:
    """What each detector remembers: no more than the seconds of its threshold."""

    def __init__(self, detectors: tuple[Detector, ...]) -> None:
        self._detectors = detectors
        self._histories: dict[_Key, _History] = {}
        self._latest = 0

    def observe(self, requests: Iterable[LoggedRequest], now: datetime) -> tuple[Finding, ...]:
        """Counts these, and says who went too far by them; each is said once, and then begins
        anew. What is older than a detector looks back is not counted."""
        this_window = _window(now)
        if this_window < self._latest:
            # The clock was set back: what seems to come would be counted for as much longer.
            self._histories.clear()
        self._latest = this_window
        changed = self._count(requests, this_window)
        findings = []
        for key in changed:
            detector, history = self._detectors[key[0]], self._histories[key]
            history.forget_before(_oldest(detector, this_window))
            if history.counted < detector.threshold.at_least:
                continue  # whoever it is; the sums below take longer
            if (finding := _judged(detector, key[1], history, self._seen_of(key[1]))) is not None:
                findings.append(finding)
                del self._histories[key]
        self._forget(this_window)
        return tuple(findings)

    def _count(self, requests: Iterable[LoggedRequest], this_window: int) -> dict[_Key, None]:
        """The subjects of which anything counted."""
        changed: dict[_Key, None] = {}
        for request in requests:
            window = min(_window(request.time), this_window)
            for number, detector in enumerate(self._detectors):
                sighting = detector.sees(request)
                if sighting is None or window < _oldest(detector, this_window):
                    continue
                key = (number, sighting.subject)
                history = self._histories.setdefault(key, _History())
                history.add(window, tally(request, sighting))
                if sighting.counts:
                    changed[key] = None
        return changed

    def _seen_of(self, subject: Subject) -> Tally:
        """What all detectors saw of it: some look at those behind an address who are known, and
        some at strangers alone."""
        keys = ((number, subject) for number in range(len(self._detectors)))
        histories = (self._histories[key] for key in keys if key in self._histories)
        return total(tally for history in histories for _, tally in history.windows)

    def _forget(self, this_window: int) -> None:
        """What is past, also of those who only call, on and on, and of whom nothing counts."""
        most = _MOST_SUBJECTS * len(self._detectors)
        for key in list(self._histories):
            history = self._histories[key]
            history.forget_before(_oldest(self._detectors[key[0]], this_window))
            if not history.windows or len(self._histories) > most:
                del self._histories[key]


def _window(moment: datetime) -> int:
    return int(moment.timestamp()) // WINDOW_SECONDS


def _oldest(detector: Detector, this_window: int) -> int:
    """The first window that a detector still looks at."""
    return this_window - detector.threshold.seconds // WINDOW_SECONDS + 1


def _judged(detector: Detector, subject: Subject, history: _History, seen: Tally) -> Finding | None:
    its = total(tally for _, tally in history.windows)
    # A block of an address would cut off everybody who calls from there.
    audience = min(seen.audiences, default=Audience.PUBLIC)
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
