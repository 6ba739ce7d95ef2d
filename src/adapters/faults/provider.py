"""The decorators for a container, between a port and the adapter behind it."""

from dishka import Provider, Scope, decorate, provide

from adapters.faults.cache import FaultyCache
from adapters.faults.lanes import FaultyLanes, FaultySubscriber
from adapters.faults.messages import FaultyPublisher, FaultySource
from adapters.faults.plan import Plan
from adapters.faults.rules import Rules, read_rules
from adapters.faults.work import FaultyWork
from core.inventory.ports import InventoryWork
from core.kernel.cache import Cache
from core.kernel.messages import MessagePublisher, MessageSource
from core.kernel.outbox import Lanes
from core.kernel.relay import Subscriber
from core.kernel.work import OpenWork


class WorkFaults(Provider):
    """Faults of the store and of the cache in front of it."""

    scope = Scope.APP

    def __init__(self, text: str) -> None:
        """:param text: rules as the setting has them."""
        super().__init__()
        self._rules = read_rules(text)

    @provide
    def plan(self) -> Plan:
        """One plan of the process, so that it counts over all ports."""
        return Rules(self._rules)

    @decorate
    def work(self, work: OpenWork[InventoryWork], plan: Plan) -> OpenWork[InventoryWork]:
        """Units of work that fail."""
        return FaultyWork(work, plan)

    @decorate
    def cache(self, cache: Cache, plan: Plan) -> Cache:
        """A cache that is late."""
        return FaultyCache(cache, plan)


class MessageFaults(Provider):
    """Faults of the log."""

    scope = Scope.APP

    @decorate
    def source(self, source: MessageSource, plan: Plan) -> MessageSource:
        """A source that fails."""
        return FaultySource(source, plan)

    @decorate
    def publisher(self, publisher: MessagePublisher, plan: Plan) -> MessagePublisher:
        """A publisher that fails."""
        return FaultyPublisher(publisher, plan)


class RelayFaults(Provider):
    """Faults of the lanes that relays work, and of the subscriber outside."""

    scope = Scope.APP

    @decorate
    def lanes(self, lanes: Lanes, plan: Plan) -> Lanes:
        """Lanes that fail."""
        return FaultyLanes(lanes, plan)

    @decorate
    def outlet(self, outlet: Subscriber | None, plan: Plan) -> Subscriber | None:
        """A subscriber that fails, where there is one."""
        return None if outlet is None else FaultySubscriber(outlet, plan)
