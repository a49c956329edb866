"""Windows: what is counted in them, whatever pieces the log comes in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.defence import credential_guessing, scanning
from forecourt.defence.detector import Detector, Finding, Subject
from forecourt.defence.detectors import DETECTORS
from forecourt.defence.watch import WINDOW_SECONDS, Watch
from forecourt.edge.logged_request import LoggedRequest
from tests.actions.builders import NOW
from tests.defence.logged import ANYBODY, PUBLIC, STRANGER, found_in, spread
from tests.edge.logged import a_logged_request

Found = set[tuple[str, Subject]]

WORDS = ["unknown", "no-such-operation", "body-invalid", "scope-missing", "not-allowed", None]


@st.composite
def some_traffic(draw: st.DrawFn) -> list[LoggedRequest]:
    """Bursts of the same, from a few callers, within a minute."""
    requests: list[LoggedRequest] = []
    for _ in range(draw(st.integers(1, 5))):
        who: dict[str, Any] = dict(draw(st.sampled_from([STRANGER, PUBLIC])))
        word = draw(st.sampled_from(WORDS))
        until = NOW - timedelta(seconds=draw(st.integers(0, 50)))
        path = [f"/{n}" for n in range(draw(st.integers(1, 40)))]
        fields = {**who, "reason": word, "status": 404 if word else 200, "path": path}
        seconds = draw(st.floats(0, 10))
        requests += spread(draw(st.integers(1, 60)), seconds, until=until, **fields)
    return requests


def kinds(findings: tuple[Finding, ...]) -> Found:
    return {(finding.detector.name, finding.subject) for finding in findings}


@given(some_traffic(), st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(requests: list[LoggedRequest], chance: Any) -> None:
    shuffled = list(requests)
    chance.shuffle(shuffled)
    first, second = Watch(DETECTORS), Watch(DETECTORS)
    assert kinds(first.observe(requests, NOW)) == kinds(second.observe(shuffled, NOW))


@given(some_traffic(), st.data())
def test_nothing_is_missed_because_the_log_came_in_pieces(
    requests: list[LoggedRequest], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(requests)))
    pieces = Watch(DETECTORS)
    found = kinds(pieces.observe(requests[:at], NOW)) | kinds(pieces.observe(requests[at:], NOW))
    assert kinds(Watch(DETECTORS).observe(requests, NOW)) <= found


@given(some_traffic())
def test_nobody_is_found_of_whom_less_counted_than_it_takes(requests: list[LoggedRequest]) -> None:
    for finding in Watch(DETECTORS).observe(requests, NOW):
        threshold = finding.detector.threshold
        its = [s for r in requests if (s := finding.detector.sees(r)) is not None]
        counted = sum(1 for s in its if s.counts and s.subject == finding.subject)
        assert counted >= finding.counted >= threshold.at_least


@given(some_traffic())
def test_what_is_past_is_not_counted(requests: list[LoggedRequest]) -> None:
    assert Watch(DETECTORS).observe(requests, NOW + timedelta(minutes=3)) == ()


def test_a_clock_that_is_set_back_does_not_have_mistakes_count_for_an_hour() -> None:
    watch, ahead = Watch(DETECTORS), NOW + timedelta(hours=1)
    fields: dict[str, Any] = {**STRANGER, "status": 401, "reason": "unknown"}
    assert watch.observe(list(spread(29, 1, until=ahead, **fields)), ahead) == ()
    assert watch.observe(list(spread(10, 1, **fields)), NOW) == ()
    assert len(watch.observe(list(spread(20, 1, **fields)), NOW)) == 1, "nor for less"


def test_who_was_found_begins_anew() -> None:
    watch = Watch(DETECTORS)
    guesses = list(spread(30, 1, **STRANGER, status=401, reason="unknown"))
    assert len(watch.observe(guesses, NOW)) == 1
    assert watch.observe(guesses[:10], NOW) == ()


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.name)
def test_no_alarm_for_a_busy_client_with_every_mistake_now_and_then(detector: Detector) -> None:
    """Twenty calls a second for two minutes; one in ten is refused, for one reason or other."""

    def line(n: int) -> LoggedRequest:
        word = WORDS[n // 10 % len(WORDS)] if n % 10 == 0 else None
        who = STRANGER if word == "unknown" else PUBLIC
        return a_logged_request(
            **who | {"address": f"203.0.113.{n % 8}"},
            time=(NOW + timedelta(seconds=n / 20)).isoformat(),
            reason=word,
            status=404 if word else 200,
            path=f"/v1/things/{n % 40}",
            operation=f"GET /things/{n % 7}",
        )

    assert tuple(found_in(map(line, range(2_400)), detector)) == ()


@pytest.mark.parametrize("audience", ["public", "partner"])
def test_who_scans_from_among_others_is_found_with_them(audience: str) -> None:
    names = [f"developer:{number}" for number in range(6)]
    known = {**PUBLIC, "audience": audience, "consumer": names, "credential": names}
    stranger = {**STRANGER, "reason": "method", "status": 405}
    paths = [f"/{number}" for number in range(200)]
    others = spread(60, 8, **known)
    traffic = [*others, *spread(200, 8, **stranger, path=paths)]
    *_, finding = found_in(traffic, scanning.DETECTOR, credential_guessing.DETECTOR)
    assert (finding.detector, finding.subject.kind) == (scanning.DETECTOR, "address")
    assert finding.consumers == tuple(sorted(names))
    assert finding.audience.value == audience


def test_of_who_calls_on_and_on_no_more_is_remembered_than_detectors_look_at() -> None:
    watch = Watch(DETECTORS)
    for second in range(0, 600, 2):
        now = NOW + timedelta(seconds=second)
        watch.observe(spread(2, 1, until=now, **PUBLIC), now)
    for (number, _), history in watch._histories.items():
        assert len(history.windows) <= DETECTORS[number].threshold.seconds // WINDOW_SECONDS


def test_of_whom_nothing_is_heard_is_forgotten() -> None:
    watch = Watch(DETECTORS)
    watch.observe(spread(20, 1, **STRANGER, status=401, reason="unknown"), NOW)
    assert watch._histories
    watch.observe((), NOW + timedelta(minutes=3))
    assert not watch._histories


@pytest.mark.parametrize(
    "traffic",
    [
        {"status": 200},
        {"status": 404, "path": [f"/rates/{n}" for n in range(40)]},
        {"status": 429, "reason": "rate-limited"},
        {"status": 422, "reason": "body-invalid"},
    ],
    ids=["served", "what the service does not have", "over the limit", "broken"],
)
def test_no_alarm_for_who_calls_what_anybody_may(traffic: dict[str, Any]) -> None:
    assert list(found_in(spread(600, 60, **ANYBODY, **traffic), *DETECTORS)) == []


def test_no_alarm_for_who_calls_what_anybody_may_and_looks_for_more_without_a_key() -> None:
    refused = {**STRANGER, "status": 401, "reason": "missing"}
    calls = [*spread(60, 60, **ANYBODY), *spread(300, 60, **refused)]
    assert list(found_in(calls, *DETECTORS)) == []


def test_who_calls_without_a_credential_is_no_known_caller_beside_a_guesser() -> None:
    guesses = spread(60, 8, **STRANGER, status=401, reason="unknown")
    (finding,) = found_in([*guesses, *spread(10, 8, **ANYBODY, status=200)], *DETECTORS)
    assert (finding.detector.name, finding.consumers) == ("credential-guessing", ())


@given(some_traffic())
def test_says_what_is_counted_by_hand(requests: list[LoggedRequest]) -> None:
    for finding in Watch(DETECTORS).observe(requests, NOW):
        seconds = finding.detector.threshold.seconds
        began = int(NOW.timestamp()) // WINDOW_SECONDS - seconds // WINDOW_SECONDS + 1
        seen = [
            (request, sighting)
            for request in requests
            if (sighting := finding.detector.sees(request)) is not None
            and sighting.subject == finding.subject
            and int(request.time.timestamp()) // WINDOW_SECONDS >= began
        ]
        counts = [(request, sighting) for request, sighting in seen if sighting.counts]
        assert finding.counted == len(counts)
        assert finding.distinct == len({sighting.what for _, sighting in counts})
        assert set(finding.samples) <= {request.request_id for request, _ in counts}
        callers = {r.consumer for r, _ in seen if r.credential is not None and r.consumer}
        assert callers <= set(finding.consumers)
