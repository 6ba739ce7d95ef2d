"""What the process runs, as its container gives it."""

from collections.abc import Awaitable, Callable

import msgspec

from core.kernel.health import HealthCheck
from entrypoints.consumer.intake import Intake


class Parts(msgspec.Struct, frozen=True):
    """The loop, what readiness asks beside the loop, and what is done on the side."""

    intake: Intake
    checks: tuple[HealthCheck, ...]
    chores: tuple[Callable[[], Awaitable[None]], ...]
