"""What the system adapter gives to a container."""

from dishka import Provider, Scope, provide

from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from core.kernel.clock import Clock
from core.kernel.ids import Ids


class SystemProvider(Provider):
    """The machine's clock and identifiers made from it."""

    scope = Scope.APP

    clock = provide(SystemClock, provides=Clock)
    ids = provide(Uuid7Ids, provides=Ids)
