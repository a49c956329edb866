"""The level of shedding on loads that are made up: it comes to rest, and nobody goes in vain."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from forecourt.edge.shedding import (
    CLASS,
    FULL,
    MOST,
    ROOMY,
    SECONDS_OF_A_REQUEST,
    Shedding,
    next_shedding,
)
from forecourt.estate.precedence import CLASSES

TICK = 0.25


@dataclass
class Machine:
    """One that has room for a load of 1. `offered` is the load by class; to turn a request away
    costs `refusing` of one; it is seen `late` ticks after."""

    offered: tuple[float, ...]
    refusing: float = 0.4
    late: int = 1
    seen: deque[float] = field(default_factory=deque)

    def busy(self, level: float) -> float:
        load = 0.0
        for its_class, offered in enumerate(self.offered):
            share = min(max((level - its_class * CLASS) / CLASS, 0.0), 1.0)
            load += offered * (1 - share) + offered * share * self.refusing
        self.seen.append(min(load, 1.0))
        return self.seen.popleft() if len(self.seen) > self.late else 0.0


def ran(machine: Machine, seconds: float, begin: Shedding | None = None) -> list[Shedding]:
    """What is done at each tick."""
    now, told = begin or Shedding(), []
    for _ in range(int(seconds / TICK)):
        busy = machine.busy(now.level)
        asked = [o / SECONDS_OF_A_REQUEST if now.level else 0.0 for o in machine.offered]
        now = next_shedding(now, busy=busy, asked=asked, seconds=TICK)
        told.append(now)
    return told


def public(load: float, partners: float = 0.2, services: float = 0.2) -> tuple[float, ...]:
    third = partners / 3
    return (load, third, third, third, services)


@pytest.mark.parametrize("load", [0.0, 0.3, 0.7, 0.9])
def test_with_room_nobody_is_turned_away(load: float) -> None:
    assert all(s.level == 0 for s in ran(Machine(public(load, 0, 0)), 120))


def test_a_burst_turns_nobody_away() -> None:
    full, quiet = Machine(public(5.0)), Machine(public(0.1))
    now = Shedding()
    for _ in range(20):
        now = ran(full, 1.0, now)[-1]
        assert now.level == 0
        now = ran(quiet, 3.0, now)[-1]


@pytest.mark.parametrize("load", [1.1, 1.5, 2.0, 3.0, 4.0])
@pytest.mark.parametrize("refusing", [0.05, 0.2, 0.4])
@pytest.mark.parametrize("late", [1, 3])
def test_under_a_steady_load_it_comes_to_rest(load: float, refusing: float, late: int) -> None:
    """Where turning the public away makes room enough, there is a level and it stays there."""
    shares = [load - 0.4, 0.2, 0.2]
    machine = Machine(public(*shares), refusing=refusing, late=late)
    levels = [s.level for s in ran(machine, 180)]
    rest = levels[int(60 / TICK) :]
    assert max(rest) - min(rest) <= 10, "it oscillates"
    assert max(levels) - max(rest) <= 60, "it overshoots"
    if refusing * shares[0] + 0.4 < ROOMY:  # of the public
        assert 0 < min(rest) <= max(rest) <= CLASS, "the public alone is enough"
        load_then = machine.busy(rest[-1])
        assert load_then <= FULL + 0.05


@dataclass
class Patient:
    """A machine whose public asks again `pause` seconds after an answer, and hears a refusal after
    `waits` seconds (`compiler/envoy/pacing.py`). Were it answered at once it would ask for `load`.
    """

    load: float
    pause: float
    refusing: float
    waits: float
    others: float = 0.3
    waiting: list[float] = field(default_factory=list)
    served: float = 0.0

    def busy(self, level: float) -> float:
        """What those ask for who do not wait, and what it takes to serve and to refuse that."""
        asked = max(self.load - sum(self.waiting) / self.pause, 0.0)
        refused = asked * min(level / CLASS, 1.0)
        self.waiting = [refused * TICK, *self.waiting][: int(self.waits / TICK)]
        load = self.others + asked - refused + refused * self.refusing
        self.served = (asked - refused) / max(load, 1.0)
        return min(load, 1.0)

    def levels(self) -> list[float]:
        """Of a minute, once it has settled."""
        now, levels = Shedding(), []
        for _ in range(int(180 / TICK)):
            now = next_shedding(now, busy=self.busy(now.level), asked=(), seconds=TICK)
            levels.append(now.level)
        return levels[int(120 / TICK) :]


@pytest.mark.parametrize("load", [1.2, 2.0, 4.0])
@pytest.mark.parametrize("pause", [0.1, 0.5, 2.0])
@pytest.mark.parametrize("refusing", [0.4, 0.6])
def test_where_refusals_are_waited_for_it_comes_to_rest_and_more_are_served(
    load: float, pause: float, refusing: float
) -> None:
    patient = Patient(load, pause, refusing, waits=1.0)
    hasty = Patient(load, pause, refusing, waits=0.0)
    levels = patient.levels()
    assert max(levels) - min(levels) <= 10, "it oscillates"
    hasty.levels()
    assert patient.served >= hasty.served
    if (load, pause) == (2.0, 0.1):
        assert hasty.served < 0.3
        assert patient.served > 0.4


@pytest.mark.parametrize("size", [0.02, 0.05, 0.1])
def test_noise_does_not_set_it_swinging(size: float) -> None:
    machine, now, levels = Machine(public(1.6), refusing=0.1), Shedding(), []
    for tick in range(int(180 / TICK)):
        noise = size * (-1 if (tick * 7919) % 13 < 6 else 1)
        busy = min(max(machine.busy(now.level) + noise, 0.0), 1.0)
        asked = [o / SECONDS_OF_A_REQUEST for o in machine.offered]
        now = next_shedding(now, busy=busy, asked=asked, seconds=TICK)
        levels.append(now.level)
    rest = levels[int(60 / TICK) :]
    assert max(rest) - min(rest) <= 25


def test_all_come_back_when_the_load_is_gone() -> None:
    before = ran(Machine(public(3.0)), 60)[-1]
    assert before.level > 0
    after = [s.level for s in ran(Machine(public(0.2)), 60, before)]
    assert after[-1] == 0
    assert all(later <= earlier for earlier, later in pairwise(after[8:]))


def test_no_flood_of_the_public_turns_partners_or_services_away() -> None:
    """To turn a flood away fills the machine too; it is no reason to turn away who did nothing."""
    flood = Machine((200.0, 0.05, 0.05, 0.05, 0.1), refusing=0.4)
    assert max(s.level for s in ran(flood, 120)) == CLASS


def test_partners_go_before_services_where_they_ask_for_too_much() -> None:
    machine = Machine((0.1, 3.0, 1.0, 0.5, 0.2), refusing=0.02)
    level = ran(machine, 120)[-1].level
    assert CLASS < level <= 4 * CLASS
    services = Machine((0.0, 0.0, 0.0, 0.0, 5.0), refusing=0.05)
    assert max(s.level for s in ran(services, 120)) <= MOST


def test_services_alone_are_turned_away_by_half_at_most() -> None:
    asked = [5000.0] * CLASSES
    now = Shedding(level=MOST - 1, busy=1.0, full_for=9.0)
    for _ in range(100):
        now = next_shedding(now, busy=1.0, asked=asked, seconds=TICK)
    assert now.level == MOST == CLASS * (CLASSES - 1) + CLASS / 2


@pytest.mark.parametrize(
    ("asked", "more"),
    [
        ((1000.0, 20.0, 0.0, 0.0, 1000.0), True),  # a class is passed through on the way to another
        ((20_000.0, 300.0, 300.0, 300.0, 300.0), False),  # a flood by the first
        ((0.0, 100.0, 0.0, 0.0, 300.0), False),  # what fills the machine asks for nothing
        ((0.0, 100.0, 0.0, 0.0, 500.0), True),
    ],
)
def test_the_next_go_only_where_that_makes_room(asked: tuple[float, ...], more: bool) -> None:
    now = Shedding(level=CLASS, busy=1.0, full_for=9.0)
    after = next_shedding(now, busy=1.0, asked=asked, seconds=TICK)
    assert (after.level > CLASS) is more
