"""An error at any step of the edge: nothing passes, nothing unfinished leaves, and it lives on."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

import httpx
import pytest

from tests.end_to_end.eventually import eventually
from tests.end_to_end.faults import Fault, every_fault
from tests.end_to_end.house import House
from tests.end_to_end.house_probes import (
    ABOUT_BLOCKS,
    ABOUT_FUNCTIONS,
    ABOUT_NEWS,
    ABOUT_OTHERS,
    ABOUT_SHEDDING,
    BLOCK_PROBES,
    EXPECTED,
    FUNCTION_PROBES,
    NEWS_PROBES,
    OTHERS_PROBES,
    PROBES,
    SHEDDING_PROBES,
    Probe,
    expected,
    is_closed,
)

# They run while Envoy loads the code: it does not take listeners whose code fails then.
WHILE_LOADING = {
    *(
        "blocks: _M.follow",
        "buckets: _M.follow",
        "contracts: _M.forget_with",
        "entitlements: _M.reserve",
        "gate: _M.new",
        "news: _M.follow",
    ),
    *("inward: _M.ask", "problems: limited", "presented: _M.sources", "sandbox: _M.close"),
}
# These may see the upstream's answer: it was asked before they run.
ON_THE_WAY_OUT = {
    *("allowances", "answers", "attention", "faults", "leak_counts", "leak_places", "lowering"),
    "marks",
    *("noting", "observing", "problem_body", "problems", "replacing", "whole"),
}
# Answers that are only looked at, or leave before a place is given back: whatever becomes of that,
# they may leave.
MAY_LEAVE = {
    "an answer that is observed": ON_THE_WAY_OUT,
    "a caller whose requests are counted": {"places", "buckets"},
}
# The mark is set when these end: the last statement of the way in.
ADMITTED_BY_THEN = {
    *("admission: _M.admit, at its end", "admission: _M.admit_anybody, at its end"),
    "gate: _M.request, at its end",
}
# Met on the way out, of a module that the way in meets too.
MET_ON_IT = {"contracts: load", "functions: _M.turns", "functions: _M.turns, at its end"}

# An answer is what is wrong: whatever says so runs after the upstream was asked.
OF_ANSWERS = {"an answer that has no equal"}

# What could not be loaded is not looked for again for a second (`lenses.lua`), so that one way of
# asking may still read what another met.
_RETRY = 1.1


def _is_met_while_loading(fault: Fault) -> bool:
    return str(fault).removesuffix(", at its end") in WHILE_LOADING


FAULTS = [fault for fault in every_fault() if fault.module != "closed"]
WHEN_LOADED = [fault for fault in FAULTS if _is_met_while_loading(fault)]
AT_STEPS = [fault for fault in FAULTS if not _is_met_while_loading(fault)]
MODULES = sorted({fault.module for fault in AT_STEPS})


def test_without_a_fault_each_is_answered_as_it_should_be(house: House) -> None:
    assert {name: probe(house).status_code for name, probe in PROBES.items()} == EXPECTED


@pytest.fixture(scope="module")
def faults(house: House) -> Iterator[None]:
    """Envoy runs code that can fail at each of its steps, and does at none."""
    with house.faulty.serving_again():
        assert house.faulty.serve_with(AT_STEPS)
        yield


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    "ways",
    [
        pytest.param(1, id="in one way"),
        pytest.param(4, id="in many", marks=[pytest.mark.exhaustive, pytest.mark.timeout(600)]),
    ],
)
@pytest.mark.parametrize("module", MODULES)
def test_an_error_at_any_step_lets_nothing_through(
    house: House, faults: None, module: str, ways: int
) -> None:
    """Each is met by so many ways of asking: another one first for each of them."""
    envoy = house.gateway.envoy_pid
    met: dict[str, None] = {}
    for fault in (fault for fault in AT_STEPS if fault.module == module):
        met = _try_with(house, fault, met, ways) | met
    assert house.gateway.envoy_pid == envoy, "envoy ended"


@pytest.mark.slow
@pytest.mark.parametrize("fault", WHEN_LOADED, ids=str)
def test_envoy_does_not_take_code_that_fails_while_it_is_loaded(house: House, fault: Fault) -> None:
    with house.faulty.serving_again(), house.faulty.active(fault):
        assert not house.faulty.serve_with([fault]), "envoy took what cannot be loaded"
        assert PROBES["a key"](house).status_code == 200, "what served before is gone"


def _try_with(house: House, fault: Fault, met: Mapping[str, None], ways: int) -> dict[str, None]:
    """Breaks that step and mends it again. Returns what met the fault."""
    with house.faulty.active(fault):
        hit = _try_all(house, fault, met, ways)
    if not hit:  # what leads there is remembered
        assert house.faulty.serve_with(AT_STEPS)
        with house.faulty.active(fault):
            hit = _try_all(house, fault, met, ways)
    assert hit, f"nothing here runs {fault}: ask what does"
    if not hit.keys() <= {*PROBES}:  # it was told of what never happened
        assert house.faulty.serve_with(AT_STEPS)
    for name in hit.keys() & PROBES:
        _is_as_ever(house, name, after=fault)
    return hit


def _is_as_ever(house: House, name: str, *, after: Fault) -> None:
    eventually(
        lambda: PROBES[name](house).status_code == expected(name),
        what=f"{name} goes on after {after}",
    )


def _try_all(house: House, fault: Fault, met: Mapping[str, None], ways: int) -> dict[str, None]:
    """Asks in every way until the fault was met in so many; what does not meet it is as ever.

    What met it. `met` are those that met others of the module, and are likely to meet this one.
    """
    hit: dict[str, None] = {}
    for name, probe in _in_turn(fault, met):
        answer, is_hit = _asked(house, probe)
        if not is_hit and hit and answer.status_code != expected(name):
            time.sleep(_RETRY)
            answer, is_hit = _asked(house, probe)
        if is_hit:
            hit[name] = None
            may_leave = fault.module in MAY_LEAVE.get(name, ())
            if str(fault) in ADMITTED_BY_THEN or (may_leave and answer.is_success):
                assert answer.status_code == expected(name)
            else:
                is_closed(answer, about=f"{fault}, asked as {name}")
                is_asked_before = (
                    fault.module in ON_THE_WAY_OUT or str(fault) in MET_ON_IT or name in OF_ANSWERS
                )
                assert is_asked_before or not house.asked(), f"{fault}: {name} passed"
        elif not house.met_before:
            assert answer.status_code == expected(name), f"{fault} spoils {name}"
        if len(hit) == ways or (hit and name not in PROBES):
            break  # of those that take long one is enough
    return hit


def _asked(house: House, probe: Probe) -> tuple[httpx.Response, bool]:
    """The answer, and whether it met a fault."""
    house.met_before.clear()
    return probe(house), bool(house.faults())


def _in_turn(fault: Fault, met: Mapping[str, None]) -> Iterator[tuple[str, Probe]]:
    """All of them: another one first for each fault, then the likely ones, the slow ones last
    where none of those is likely."""
    names = list(PROBES)
    start = FAULTS.index(fault) % len(names)
    slow: dict[str, Probe] = {}
    if fault.module in ABOUT_NEWS:
        slow |= NEWS_PROBES
    if fault.module in ABOUT_BLOCKS:
        slow |= BLOCK_PROBES
    if fault.module in ABOUT_SHEDDING:
        slow |= SHEDDING_PROBES
    if fault.module in ABOUT_OTHERS:
        slow |= OTHERS_PROBES
    if fault.module in ABOUT_FUNCTIONS:
        slow |= FUNCTION_PROBES
    probes = {**PROBES, **slow}
    likely = [name for name in met if name in PROBES]
    if len(likely) < len(met):
        likely += slow
    for name in dict.fromkeys((names[start], *likely, *names[start:], *names, *slow)):
        yield name, probes[name]


@pytest.mark.slow
def test_envoy_lives_when_lua_collects_its_garbage_under_load(house: House) -> None:
    """LuaJIT compiles calls of C all the while: what its compiler looks at must not be garbage."""
    envoy = house.gateway.envoy_pid
    with house.faulty.code() as folder:
        gate = folder / "gate.lua"
        start = "\nfunction _M.request(handle)\n"
        text = gate.read_text()
        assert text.count(start) == 1
        collects = "if math.random(20) == 1 then collectgarbage() end\n"
        gate.write_text(text.replace(start, start + collects))
        assert house.faulty.load(folder)
        _press(house, requests=3_000)
    assert house.gateway.envoy_pid == envoy, "envoy ended"


def _press(house: House, *, requests: int) -> None:
    """Many requests of a known caller on one connection; all must be answered."""
    key = house.keys["developer"]
    with house.gateway.connection() as client:
        for _ in range(requests):
            assert client.get("/nothing/here", headers={"x-api-key": key}).status_code == 404
