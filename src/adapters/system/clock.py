"""The machine's clock."""

from datetime import UTC, datetime, timedelta
from time import time_ns

from core.kernel.clock import Clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SystemClock(Clock):
    """UTC that never runs backwards: when the machine's clock is set back, it stands still until that is made up."""

    def __init__(self) -> None:
        self._latest = 0

    def now(self) -> datetime:
        """The current instant to the microsecond.

        :returns: an aware datetime in UTC; never earlier than an answer given before.
        """
        self._latest = max(self._latest, time_ns() // 1000)
        return _EPOCH + timedelta(microseconds=self._latest)
