"""The system adapter keeps the promises of the kernel's ports."""

import time
from uuid import UUID

import pytest

from adapters.system import clock as clock_module
from adapters.system import ids as ids_module
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from contracts.ports.clock import ClockSuite
from contracts.ports.ids import IdsSuite
from core.kernel.clock import Clock
from core.kernel.ids import Ids

MILLISECOND = 1_000_000


class TestSystemClock(ClockSuite):
    """The machine's clock."""

    @pytest.fixture
    def clock(self) -> Clock:
        return SystemClock()

    def test_it_tells_the_time_of_the_machine(self, clock: Clock) -> None:
        before = time.time()
        told = clock.now().timestamp()
        assert before - 0.001 <= told <= time.time() + 0.001

    def test_it_stands_still_while_the_machine_is_set_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        instants = iter([10**18, 10**18 - 10**12, 10**18 + 1000])
        monkeypatch.setattr(clock_module, "time_ns", lambda: next(instants))
        clock = SystemClock()
        first, second, third = clock.now(), clock.now(), clock.now()
        assert first == second < third


class TestUuid7Ids(IdsSuite):
    """Identifiers of the machine's time."""

    @pytest.fixture
    def ids(self) -> Ids:
        return Uuid7Ids()

    def test_they_hold_the_time(self, ids: Ids) -> None:
        assert abs(_milliseconds(ids.new()) - time.time_ns() // MILLISECOND) <= 1

    def test_they_grow_while_the_machine_is_set_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        instants = iter([10**18, 10**18 - 10**12, 10**18 - 10**12, 10**18 + MILLISECOND])
        monkeypatch.setattr(ids_module, "time_ns", lambda: next(instants))
        ids = Uuid7Ids()
        made = [ids.new() for _ in range(4)]
        assert made == sorted(set(made))
        assert _milliseconds(made[-1]) == _milliseconds(made[0]) + 1

    def test_two_makers_do_not_collide(self) -> None:
        one, other = Uuid7Ids(), Uuid7Ids()
        made = [maker.new() for _ in range(1000) for maker in (one, other)]
        assert len(set(made)) == len(made)


def _milliseconds(identifier: UUID) -> int:
    return identifier.int >> 80
