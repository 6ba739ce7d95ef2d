"""What every adapter promises about alerts."""

from datetime import timedelta
from uuid import UUID

import pytest

from contracts.ports.paging import Read, first_cursor, hold_pages, refuse_nonsense
from contracts.ports.subject import InventorySuite, Subject
from core.inventory.alerts import AlertReader, Alerts
from core.inventory.api import AlertKind, AlertState, AlertView
from core.inventory.domain.alerts import Alert
from tests.support.events import T0, World

LATER = T0 + timedelta(hours=1)


def alert(world: World, n: int, *, movement: int | None = None, product: int = 1) -> Alert:
    """Alert ``n`` about a stock, or about a movement."""
    return Alert(
        id=UUID(int=8 << 120 | world.number << 64 | n),
        kind=AlertKind.LOW_STOCK if movement is None else AlertKind.OVERDUE_TRANSIT,
        warehouse_id=world.warehouse(1),
        product_id=world.product(product),
        movement_id=None if movement is None else world.movement(movement),
        details={"quantity": n},
        since=T0 + timedelta(seconds=n),
    )


def shown(of: Alert, cleared: bool = False) -> AlertView:
    """An alert that nobody has looked at."""
    return AlertView(
        id=of.id,
        kind=of.kind,
        state=AlertState.CLEARED if cleared else AlertState.OPEN,
        warehouse_id=of.warehouse_id,
        product_id=of.product_id,
        movement_id=of.movement_id,
        details=of.details,
        since=of.since,
        cleared_at=LATER if cleared else None,
        acked_at=None,
        acked_by=None,
        note=None,
    )


async def add(subject: Subject, *alerts: Alert) -> None:
    """Open alerts in a unit of work of their own."""
    async with subject.open_work() as work:
        kept: Alerts = work.alerts
        for each in alerts:
            await kept.add(each)


async def clear(subject: Subject, of: Alert) -> None:
    """Clear what an alert is about."""
    async with subject.open_work() as work:
        await work.alerts.clear(of.kind, of.subject, LATER)


class AlertsSuite(InventorySuite):
    """Alerts opened, cleared, acknowledged and read."""

    @pytest.fixture
    def reader(self, subject: Subject) -> AlertReader:
        """What reads alerts."""
        assert subject.alerts is not None
        return subject.alerts

    def _list(self, reader: AlertReader, kind: AlertKind | None = None, state: AlertState | None = None) -> Read:
        return lambda limit, cursor: reader.alerts(kind, state, limit, cursor)

    async def test_nothing(self, subject: Subject, reader: AlertReader) -> None:
        assert await reader.alert(alert(World(), 1).id) is None
        await hold_pages(self._list(reader), [])
        await clear(subject, alert(World(), 1))
        async with subject.open_work() as work:
            assert await work.alerts.lock(UUID(int=1)) is None

    async def test_one_is_open_for_a_subject(self, subject: Subject, reader: AlertReader) -> None:
        w = World()
        await add(subject, alert(w, 1))
        await add(subject, alert(w, 2), alert(w, 3, movement=1), alert(w, 4, movement=1), alert(w, 5, product=2))
        expected = [shown(alert(w, 5, product=2)), shown(alert(w, 3, movement=1)), shown(alert(w, 1))]
        await hold_pages(self._list(reader), expected)

    async def test_it_is_cleared_and_opened_anew(self, subject: Subject, reader: AlertReader) -> None:
        w = World()
        await add(subject, alert(w, 1), alert(w, 2, movement=1))
        await clear(subject, alert(w, 9))
        await clear(subject, alert(w, 9))
        await add(subject, alert(w, 3))
        assert await reader.alert(alert(w, 1).id) == shown(alert(w, 1), cleared=True)
        assert await reader.alert(alert(w, 3).id) == shown(alert(w, 3))
        assert await reader.alert(alert(w, 2).id) == shown(alert(w, 2, movement=1))

    async def test_who_looked_is_kept(self, subject: Subject, reader: AlertReader) -> None:
        w = World()
        await add(subject, alert(w, 1), alert(w, 2, movement=1))
        async with subject.open_work() as work:
            assert await work.alerts.lock(alert(w, 1).id) == shown(alert(w, 1))
            await work.alerts.acknowledge(alert(w, 1).id, "keeper", "ordered", LATER)
        found = await reader.alert(alert(w, 1).id)
        assert found is not None
        assert (found.acked_at, found.acked_by, found.note, found.state) == (LATER, "keeper", "ordered", "open")
        assert await reader.alert(alert(w, 2).id) == shown(alert(w, 2, movement=1))

    async def test_lists_by_kind_and_state(self, subject: Subject, reader: AlertReader) -> None:
        w = World()
        low = [alert(w, n, product=n) for n in range(1, 4)]
        late = [alert(w, n, movement=n) for n in range(4, 7)]
        await add(subject, *low, *late)
        await clear(subject, low[0])
        await clear(subject, late[0])
        gone = [shown(late[0], cleared=True), shown(low[0], cleared=True)]
        there = [shown(each) for each in (late[2], late[1], low[2], low[1])]
        await hold_pages(self._list(reader, state=AlertState.OPEN), there)
        await hold_pages(self._list(reader, state=AlertState.CLEARED), gone)
        await hold_pages(self._list(reader, AlertKind.LOW_STOCK), [*there[2:], gone[1]])
        await hold_pages(self._list(reader, AlertKind.OVERDUE_TRANSIT, AlertState.CLEARED), gone[:1])

    async def test_cursors(self, subject: Subject, reader: AlertReader) -> None:
        w = World()
        await add(subject, alert(w, 1), alert(w, 2, product=2))
        assert await first_cursor(self._list(reader))
        await refuse_nonsense(self._list(reader))
