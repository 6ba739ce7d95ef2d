"""What the process runs, as its container gives it."""

import msgspec

from core.kernel.health import HealthCheck
from entrypoints.consumer.intake import Intake
from entrypoints.shared.chores import Chore


class Parts(msgspec.Struct, frozen=True):
    """The loop, what readiness asks beside the loop, and what is done on the side."""

    intake: Intake
    checks: tuple[HealthCheck, ...]
    chores: tuple[Chore, ...]
