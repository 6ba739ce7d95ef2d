"""A clock that stands still until it is told to move."""

from datetime import UTC, datetime, timedelta

from core.kernel.clock import Clock

START = datetime(2026, 1, 1, tzinfo=UTC)


class FakeClock(Clock):
    """Shows the time it was set to."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        """The time the clock was set to."""
        return self._now

    def set(self, now: datetime) -> None:
        """Move to an instant.

        :raises ValueError: it is earlier than what the clock shows, or has no zone.
        """
        if now.tzinfo is None or now < self._now:
            raise ValueError("a clock moves forward, in a known zone")
        self._now = now.astimezone(UTC)

    def advance(self, seconds: float) -> datetime:
        """Move forward.

        :returns: the time shown from now on.
        """
        self.set(self._now + timedelta(seconds=seconds))
        return self._now
