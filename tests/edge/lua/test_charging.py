"""What a request costs, limit by limit; and nothing where one of them refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forecourt.compiler.limits import bucket_shift, operation_shift, spelled_limit
from forecourt.edge.buckets import prepare_buckets
from forecourt.estate.rate_limit import RateLimit
from tests.edge.entitled import a_policy, an_answer
from tests.edge.luajit import Lua

NOW = 1_000.0
_BUCKET = 77


def _limit(per_minute: int, name: str = "payments") -> dict[str, Any]:
    return spelled_limit(RateLimit(requests_per_minute=per_minute), bucket_shift(name))


def _of_operation(per_minute: int) -> dict[str, Any]:
    limit = RateLimit(requests_per_minute=per_minute)
    return spelled_limit(limit, operation_shift("GET", "/a/{id}", limit))


_TEN = RateLimit(requests_per_minute=10)


class Charging:
    """One worker, whose clock a test holds."""

    def __init__(self, path: Path) -> None:
        self.lua = Lua()
        self.time = NOW
        clock = {"now": lambda: self.time, "monotonic": lambda: self.time}
        self.lua.run("return package.loaded")["forecourt.clock"] = self.lua.value(clock)
        self.charging = self.lua.module("charging")
        self.lua.module("buckets").follow(str(path))
        self._entitlements = self.lua.module("entitlements")

    def slot(self, value: str = "a key", **answer: Any) -> int:
        given = {"bucket": _BUCKET, "interval": 6.0, "depth": 60.0, "policy": "its policy"}
        spelled = self.lua.value(an_answer(**(given | answer)))
        return int(self._entitlements.remember("x-api-key", value, spelled, self.time))

    def ask(
        self,
        slot: int,
        *,
        api: dict[str, Any] | None = None,
        operation: dict[str, Any] | None = None,
        name: str = "payments",
    ) -> tuple[str | None, str, str]:
        """Which limit refused, and what the answer says of policies and of what is left."""
        callers = {"public": {"limit": api}} if api else {"public": {}}
        policy = self.lua.value(a_policy(callers=callers, shift=bucket_shift(name)))
        handle = self.lua.handle()
        sent = handle.sent
        _, reason = self._pair(self.charging.caller(handle, sent, slot, self.time, policy))
        if reason is None and self.charging.api(handle, sent, slot, policy):
            reason = "api-limited"
        if reason is None and operation is not None:
            limit = self.lua.value(operation)
            refused = self.charging.operation(handle, sent, slot, policy, limit)
            reason = "operation-limited" if refused else None
        get = sent.get
        return (
            reason,
            get(sent, "forecourt-ratelimit-policy"),
            get(sent, "forecourt-ratelimit"),
        )

    @staticmethod
    def _pair(found: Any) -> tuple[Any, Any]:
        return found if isinstance(found, tuple) else (found, None)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("charging") / "buckets"


@pytest.fixture
def charging(path: Path) -> Charging:
    path.unlink(missing_ok=True)
    prepare_buckets(path)
    return Charging(path)


def test_who_is_slowed_down_has_no_more_of_an_api_or_operation(charging: Charging) -> None:
    """One key attacks, and has a bucket of its own: its owner's other keys share the rest."""
    whole = charging.slot()
    slowed = charging.slot("another key", bucket=_BUCKET + 1, beside=_BUCKET)
    for limit in ("api", "operation"):
        given = {limit: _limit(4) if limit == "api" else _of_operation(4)}
        while charging.ask(whole, **given)[0] is None:
            pass
        assert charging.ask(slowed, **given)[0] == f"{limit}-limited"
    assert charging.ask(slowed)[2].startswith('"minute";r=9;'), "its minute is its own"


def test_takes_the_token_and_says_what_is_left(charging: Charging) -> None:
    slot = charging.slot(interval=30.0, depth=60.0, policy="a policy")
    assert [charging.ask(slot) for _ in range(3)] == [
        (None, "a policy", '"minute";r=1;t=30'),
        (None, "a policy", '"minute";r=0;t=60'),
        ("rate-limited", "a policy", '"minute";r=0;t=60'),
    ]


def test_an_api_that_declares_a_limit_has_a_bucket_of_its_own(charging: Charging) -> None:
    slot = charging.slot()
    told = [charging.ask(slot, api=_limit(2)) for _ in range(3)]
    assert told[0] == (None, 'its policy, "api";q=2;w=60', '"minute";r=9;t=6, "api";r=1;t=30')
    assert told[1][0] is None
    assert told[2] == ("api-limited", 'its policy, "api";q=2;w=60', '"api";r=0;t=60')
    other = charging.ask(slot, api=_limit(2, "refunds"), name="refunds")
    assert other[0] is None, "another API's is another"


def test_what_the_api_refuses_costs_the_caller_nothing(charging: Charging) -> None:
    slot = charging.slot()
    for _ in range(40):
        charging.ask(slot, api=_limit(2))
    assert charging.ask(slot)[2] == '"minute";r=7;t=18'


def test_an_operation_that_declares_a_limit_has_a_bucket_of_its_own(charging: Charging) -> None:
    slot = charging.slot()
    limit = _of_operation(3)
    told = [charging.ask(slot, operation=limit, api=_limit(60)) for _ in range(4)]
    assert [reason for reason, _, _ in told] == [None, None, None, "operation-limited"]
    assert told[0][1] == 'its policy, "api";q=60;w=60, "operation";q=3;w=60'
    assert told[0][2] == '"minute";r=9;t=6, "api";r=14;t=1, "operation";r=2;t=20'
    assert told[3][2] == '"operation";r=0;t=60'
    again = charging.ask(slot, operation=limit, name="refunds")
    assert again[0] is None, "an operation of that name in another API is another"


def test_what_the_operation_refuses_costs_nothing_elsewhere(charging: Charging) -> None:
    slot = charging.slot()
    limit = _of_operation(1)
    for _ in range(40):
        charging.ask(slot, operation=limit, api=_limit(60))
    _, _, left = charging.ask(slot, api=_limit(60))
    assert left == '"minute";r=8;t=12, "api";r=13;t=2'


def test_versions_share_an_operation_however_its_parameters_are_called() -> None:
    one = operation_shift("GET", "/a/{id}", _TEN)
    assert one == operation_shift("GET", "/a/{number}", _TEN)
    assert one != operation_shift("PUT", "/a/{id}", _TEN)


def test_a_version_that_limits_less_makes_another_forget_nothing(charging: Charging) -> None:
    """A bucket is cut to what it may hold: no version's small one may be another's large one."""
    slot = charging.slot(interval=0.001, depth=60.0)
    strict, lax = _of_operation(2), _of_operation(60)
    while charging.ask(slot, operation=strict)[0] is None:
        pass
    for _ in range(40):
        charging.ask(slot, operation=lax)
    assert charging.ask(slot, operation=strict)[0] == "operation-limited"


def test_one_caller_takes_nothing_from_anothers_share_of_an_api(charging: Charging) -> None:
    one, other = charging.slot(), charging.slot("another", bucket=_BUCKET + 1)
    while charging.ask(one, api=_limit(2))[0] is None:
        pass
    assert charging.ask(other, api=_limit(2))[0] is None


# --- a person's share -----------------------------------------------------------------------------

_SHARE = {"q": 2, "interval": 30.0, "depth": 60.0}


def test_each_person_has_a_share_of_what_the_application_has(charging: Charging) -> None:
    ada = charging.slot("ada", user=5, subject="ada", share=_SHARE)
    bob = charging.slot("bob", user=6, subject="bob", share=_SHARE)
    told = [charging.ask(ada) for _ in range(3)]
    assert told[0] == (None, "its policy", '"minute";r=9;t=6, "user";r=1;t=30')
    assert told[2] == ("user-limited", "its policy", '"user";r=0;t=60')
    assert charging.ask(bob) == (None, "its policy", '"minute";r=7;t=18, "user";r=1;t=30')


def test_who_has_no_share_left_takes_nothing_of_the_others(charging: Charging) -> None:
    ada = charging.slot("ada", user=5, subject="ada", share=_SHARE)
    for _ in range(40):
        charging.ask(ada)
    assert charging.ask(charging.slot())[2] == '"minute";r=7;t=18'


def test_all_persons_together_have_no_more_than_the_application(charging: Charging) -> None:
    passed = 0
    for number in range(30):
        slot = charging.slot(f"person {number}", user=100 + number, share=_SHARE)
        passed += sum(charging.ask(slot)[0] is None for _ in range(3))
    assert passed == 10


def test_a_person_loses_no_share_where_the_application_is_refused(charging: Charging) -> None:
    ada = charging.slot("ada", user=5, subject="ada", share=_SHARE)
    other = charging.slot()
    while charging.ask(other)[0] is None:
        pass
    assert [charging.ask(ada)[0] for _ in range(5)] == ["rate-limited"] * 5
    charging.time += 12
    assert charging.ask(ada)[2] == '"minute";r=1;t=54, "user";r=1;t=30'


def test_an_api_gives_back_a_persons_share_too(charging: Charging) -> None:
    ada = charging.slot("ada", user=5, subject="ada", share=_SHARE)
    other = charging.slot()
    while charging.ask(other, api=_limit(1))[0] is None:
        pass
    for _ in range(5):
        assert charging.ask(ada, api=_limit(1))[0] == "api-limited"
    assert charging.ask(ada)[2].endswith('"user";r=1;t=30')


def test_a_token_that_names_nobody_has_the_applications_limit_alone(charging: Charging) -> None:
    slot = charging.slot(share=_SHARE)
    assert charging.ask(slot)[2] == '"minute";r=9;t=6'
