"""What every clock promises."""

from datetime import timedelta

import pytest

from core.kernel.clock import Clock


class ClockSuite:
    """Aware, in UTC, never back."""

    @pytest.fixture
    def clock(self) -> Clock:
        """The clock under test."""
        raise NotImplementedError

    def test_it_tells_utc(self, clock: Clock) -> None:
        assert clock.now().utcoffset() == timedelta(0)

    def test_it_never_goes_back(self, clock: Clock) -> None:
        told = [clock.now() for _ in range(1000)]
        assert told == sorted(told)
