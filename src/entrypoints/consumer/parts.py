"""What the process runs, as its container gives it."""

from collections.abc import Awaitable, Callable

import msgspec

from core.kernel.health import HealthCheck
from entrypoints.consumer.intake import Intake
from entrypoints.shared.metrics import Metrics


class Parts(msgspec.Struct, frozen=True):
    """The loop, the numbers, what readiness asks beside the loop, and what is done on the side."""

    intake: Intake
    metrics: Metrics
    checks: tuple[HealthCheck, ...]
    chores: tuple[Callable[[], Awaitable[None]], ...]
