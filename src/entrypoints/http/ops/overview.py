"""The whole system at a glance: each part is asked at the same time, and one that fails spoils no other."""

import asyncio
import os
import platform as machine
import socket
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from time import perf_counter
from typing import Literal, TypeVar

import msgspec
import structlog

from core.inventory.ports import QuarantineReader
from core.kernel.actor import Actor
from core.kernel.clock import Clock
from core.kernel.errors import Unavailable
from core.kernel.health import HealthCheck
from core.kernel.outbox import Backlog
from core.operations.api import ProcessView
from core.operations.permissions import READ
from core.operations.usecases.read_deliveries import GetBacklog
from core.operations.usecases.read_processes import ListProcesses
from entrypoints.http.platform import Platform
from entrypoints.shared.build import RELEASE, commit
from entrypoints.shared.choices import Choice, choices
from entrypoints.shared.module_views import VIEWS, ModuleView
from entrypoints.shared.reach import reach
from entrypoints.shared.settings import Settings

PATIENCE = 1.0

State = Literal["up", "degraded", "down", "stopping"]
Routes = Mapping[str, int]
"""How many routes lead to each module, by its name."""

_log = structlog.stdlib.get_logger("soty.http")

T = TypeVar("T")


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """A process of Soty, or a part that nobody runs; one on another machine is known by its connection to the store."""

    part: str
    state: Literal["up", "degraded", "down", "stopping", "connected", "missing"]
    here: bool = False
    started_at: datetime | None = None
    seconds: float | None = None
    pid: int | None = None
    host: str | None = None


class Adapter(msgspec.Struct, frozen=True, kw_only=True):
    """What stands behind a port and why; ``state`` is null where nothing can be away or no check asks it from here."""

    port: str
    adapter: str
    why: str
    setting: str
    origin: str
    address: str
    state: Literal["up", "down"] | None
    milliseconds: float | None = None
    needed: bool = True


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """Messages that wait for a decision, the age of the oldest, and departures that wait for stock."""

    open: int
    oldest_seconds: float | None
    parked: int


class ModuleCard(msgspec.Struct, frozen=True, kw_only=True):
    """A module: what it says of itself and how many routes lead to it."""

    name: str
    summary: str
    use_cases: list[str]
    facts: list[str]
    errors: int
    routes: int


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """What runs."""

    version: str
    commit: str
    python: str
    profile: str


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """Everything; a part is null when it could not be read, and ``failed`` names it then."""

    at: datetime
    state: State
    processes: list[Process] | None
    adapters: list[Adapter]
    backlog: list[Backlog] | None
    quarantine: Quarantined | None
    modules: list[ModuleCard]
    build: Build
    failed: list[str]


class Brokers(HealthCheck):
    """Whether a broker of Kafka listens; one is enough."""

    name = "kafka"
    needed = False

    def __init__(self, bootstrap: str) -> None:
        """:param bootstrap: first brokers, separated by commas."""
        self._bootstrap = bootstrap

    async def check(self) -> None:
        """Connect to one after another until one listens."""
        for address in self._bootstrap.split(","):
            try:
                await reach(address)
            except OSError as error:
                failure = error
            else:
                return
        raise Unavailable(part="kafka", error=str(failure))


class Ops:
    """Looks at everything; each look takes a second at most."""

    def __init__(
        self,
        settings: Settings,
        platform: Platform,
        processes: ListProcesses,
        backlog: GetBacklog,
        quarantine: QuarantineReader,
        clock: Clock,
        routes: Routes,
    ) -> None:
        """:param platform: knows the health checks of the process."""
        self._settings = settings
        self._platform = platform
        self._processes = processes
        self._backlog = backlog
        self._quarantine = quarantine
        self._clock = clock
        self._routes = routes
        self._build = Build(
            version=RELEASE, commit=commit(), python=machine.python_version(), profile=settings.app.profile
        )

    async def look(self, actor: Actor) -> Overview:
        """Ask every part at once.

        :raises Forbidden: the actor may not see it.
        """
        actor.require(READ)
        measured, processes, backlog, quarantine = await asyncio.gather(
            self._measure(),
            _tried("processes", self._processes(actor)),
            _tried("backlog", self._backlog(actor)),
            _tried("quarantine", self._quarantine.gauges()),
        )
        state = self._state(measured)
        parts = {"processes": processes, "backlog": backlog, "quarantine": quarantine}
        return Overview(
            at=self._clock.now(),
            state=state,
            processes=None if processes is None else self._known(processes, state),
            adapters=[_adapter(choice, measured) for choice in choices(self._settings)],
            backlog=backlog,
            quarantine=None if quarantine is None else self._quarantined(*quarantine),
            modules=[_card(view, self._routes) for view in VIEWS],
            build=self._build,
            failed=[name for name, found in parts.items() if found is None],
        )

    async def _measure(self) -> dict[str, tuple[HealthCheck, float | None]]:
        brokers = self._settings.kafka.bootstrap
        checks = [*self._platform.checks, *([] if brokers is None else [Brokers(brokers)])]
        return dict(zip([c.name for c in checks], await asyncio.gather(*map(_timed, checks)), strict=True))

    def _state(self, measured: Mapping[str, tuple[HealthCheck, float | None]]) -> State:
        if self._platform.stopping:
            return "stopping"
        down = [check for check, seconds in measured.values() if seconds is None]
        own = set(self._platform.checks)
        if any(check.needed and check in own for check in down):
            return "down"
        return "degraded" if down else "up"

    def _known(self, found: Sequence[ProcessView], state: State) -> list[Process]:
        """Those that are there, then parts that should be."""
        wanted = ["http", *self._others()]
        seen = [self._process(each, state) for each in found]
        return seen + [Process(part=p, state="missing") for p in wanted if p not in {each.part for each in found}]

    def _others(self) -> list[str]:
        if self._settings.app.profile == "memory":
            return []
        return ["consumer", "scheduler"] if self._settings.app.app_mode == "kafka" else ["scheduler"]

    def _process(self, each: ProcessView, state: State) -> Process:
        mine = each.pid == os.getpid() and socket.gethostname().startswith(each.host)
        return Process(
            part=each.part,
            state=state if mine and each.part == "http" else "connected",
            here=mine,
            started_at=each.started_at,
            seconds=max(0.0, (self._clock.now() - each.started_at).total_seconds()),
            pid=each.pid,
            host=each.host,
        )

    def _quarantined(self, waiting: int, oldest: datetime | None, parked: int) -> Quarantined:
        age = None if oldest is None else max(0.0, (self._clock.now() - oldest).total_seconds())
        return Quarantined(open=waiting, oldest_seconds=age, parked=parked)


async def _tried(name: str, work: Awaitable[T]) -> T | None:
    """What came of a look; None when it failed or took longer than a second."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await work
    except (TimeoutError, Unavailable):
        return None
    except Exception:
        _log.exception("a part of the overview failed", part=name)
        return None


async def _timed(check: HealthCheck) -> tuple[HealthCheck, float | None]:
    """A check and the milliseconds it took; None when the part is down."""
    started = perf_counter()

    async def ask() -> float:
        await check.check()
        return (perf_counter() - started) * 1000

    return check, await _tried(check.name, ask())


def _adapter(choice: Choice, measured: Mapping[str, tuple[HealthCheck, float | None]]) -> Adapter:
    check, milliseconds = measured.get(choice.adapter, (None, None))
    return Adapter(
        port=choice.port,
        adapter=choice.adapter,
        why=choice.why,
        setting=choice.setting,
        origin=choice.origin,
        address=choice.address,
        state=None if check is None else "down" if milliseconds is None else "up",
        milliseconds=None if milliseconds is None else round(milliseconds, 2),
        needed=check is None or check.needed,
    )


def _card(view: ModuleView, routes: Routes) -> ModuleCard:
    return ModuleCard(
        name=view.name,
        summary=view.summary,
        use_cases=view.use_cases,
        facts=view.facts,
        errors=len(view.errors),
        routes=routes.get(view.name, 0),
    )
