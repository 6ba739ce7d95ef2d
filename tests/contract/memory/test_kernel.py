"""The memory adapter keeps the promises of the kernel's ports."""

import pytest

from adapters.memory.clock import FakeClock
from adapters.memory.facts import MemoryListener
from adapters.memory.ids import SeededIds
from contracts.ports.clock import ClockSuite
from contracts.ports.ids import IdsSuite
from contracts.ports.work import FactListenerSuite
from core.inventory.events import MovementApplied
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.work import FactListener


class TestFakeClock(ClockSuite):
    """A clock that is told the time."""

    @pytest.fixture
    def clock(self) -> Clock:
        return FakeClock()


class TestSeededIds(IdsSuite):
    """Identifiers out of a seed."""

    @pytest.fixture
    def ids(self) -> Ids:
        return SeededIds(7)


class TestMemoryListener(FactListenerSuite):
    """A listener that keeps what it hears."""

    @pytest.fixture
    def listener(self) -> FactListener:
        return MemoryListener([MovementApplied])
