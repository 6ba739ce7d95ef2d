"""What operators and machines ask of the process itself."""

import asyncio
from typing import Literal

import msgspec
import structlog

from core.inventory.ports import QuarantineReader
from core.kernel.clock import Clock
from core.kernel.errors import Unavailable
from core.kernel.health import HealthCheck
from core.operations.permissions import READ
from entrypoints.http.answer import ENCODER, Answer, json_headers
from entrypoints.http.operation import Call, NoQuery, Operation
from entrypoints.shared.metrics import CONTENT_TYPE, Metrics
from entrypoints.shared.module_views import VIEWS, ModuleView

OPS = "ops.read"
PATIENCE = 1.0

_log = structlog.stdlib.get_logger("soty.http")


class Alive(msgspec.Struct, frozen=True):
    """The process answers."""

    status: Literal["alive"]


class Part(msgspec.Struct, frozen=True):
    """A part that readiness asks, whether it answered in time, and whether the process needs it to serve."""

    name: str
    up: bool
    needed: bool = True


class Readiness(msgspec.Struct, frozen=True):
    """Whether the process can serve: every part that it needs is up and it is not on its way out.

    ``degraded`` serves too, without a part that only makes it faster.
    """

    status: Literal["ready", "degraded", "not_ready", "stopping"]
    parts: list[Part]


class Platform:
    """The process as its operators see it; ``stopping`` is set when it begins to end."""

    def __init__(
        self, checks: tuple[HealthCheck, ...], metrics: Metrics, quarantine: QuarantineReader, clock: Clock
    ) -> None:
        """:param checks: what readiness asks.
        :param quarantine: read for the numbers about it.
        """
        self.stopping = False
        self.metrics = metrics
        self.checks = checks
        self._quarantine = quarantine
        self._clock = clock

    async def readiness(self) -> Readiness:
        """Ask every part at once, each for a second at most."""
        parts = list(await asyncio.gather(*map(_ask, self.checks)))
        if self.stopping:
            return Readiness("stopping", parts)
        if not all(part.up for part in parts if part.needed):
            return Readiness("not_ready", parts)
        return Readiness("ready" if all(part.up for part in parts) else "degraded", parts)

    async def numbers(self) -> bytes:
        """All metrics; those about quarantine keep their last value while the store does not answer."""
        try:
            async with asyncio.timeout(PATIENCE):
                open_items, oldest, parked = await self._quarantine.gauges()
        except (TimeoutError, Unavailable):
            return self.metrics.render()
        self.metrics.quarantine_open.set(open_items)
        self.metrics.quarantine_age.set((self._clock.now() - oldest).total_seconds() if oldest else 0)
        self.metrics.parked.set(parked)
        return self.metrics.render()


async def _ask(check: HealthCheck) -> Part:
    try:
        async with asyncio.timeout(PATIENCE):
            await check.check()
    except (TimeoutError, Unavailable):
        return Part(check.name, up=False, needed=check.needed)
    except Exception:
        _log.exception("health check failed", part=check.name)
        return Part(check.name, up=False, needed=check.needed)
    return Part(check.name, up=True, needed=check.needed)


async def live(_: Platform, __: Call[NoQuery, None]) -> Alive:
    """Answer, which is all that is asked."""
    return Alive("alive")


async def ready(platform: Platform, _: Call[NoQuery, None]) -> Answer:
    """Say whether requests are welcome."""
    readiness = await platform.readiness()
    if readiness.status in ("ready", "degraded"):
        return Answer(200, ENCODER.encode(readiness), json_headers())
    return Answer(503, ENCODER.encode(readiness), [*json_headers(), (b"retry-after", b"1")])


async def metrics(platform: Platform, _: Call[NoQuery, None]) -> Answer:
    """Numbers for Prometheus."""
    return Answer(200, await platform.numbers(), json_headers(CONTENT_TYPE.encode()))


async def modules(_: Platform, __: Call[NoQuery, None]) -> list[ModuleView]:
    """What the modules say of themselves."""
    return VIEWS


OPERATIONS = (
    Operation(
        method="GET",
        path="/health/live",
        tag="platform",
        summary="Is the process alive",
        acts_on=Platform,
        act=live,
        permission=None,
        answer=Alive,
        example=Alive("alive"),
    ),
    Operation(
        method="GET",
        path="/health/ready",
        tag="platform",
        summary="Can the process serve",
        acts_on=Platform,
        act=ready,
        permission=None,
        answer=Readiness,
        example=Readiness("ready", [Part("postgres", up=True)]),
        more={503: ("A part is down, or the process is stopping.", Readiness)},
    ),
    Operation(
        method="GET",
        path="/metrics",
        tag="platform",
        summary="Numbers for Prometheus",
        acts_on=Platform,
        act=metrics,
        permission=READ,
        answer=str,
        example="soty_inventory_parked_departures 0.0\n",
        media=CONTENT_TYPE,
    ),
    Operation(
        method="GET",
        path="/ops/modules",
        tag="platform",
        summary="The modules this build consists of",
        acts_on=Platform,
        act=modules,
        permission=READ,
        answer=list[ModuleView],
        example=VIEWS,
    ),
)
