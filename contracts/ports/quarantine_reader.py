"""What every reader of quarantine promises."""

from datetime import timedelta

import pytest

from contracts.ports.paging import Read, first_cursor, hold_pages, refuse_nonsense
from contracts.ports.quarantine import add, close
from contracts.ports.samples import PLACE, item
from contracts.ports.subject import InventorySuite, Subject
from core.inventory.api import Door, Origin, QuarantineState, QuarantineView
from core.inventory.domain.movement import Reason
from core.inventory.ports import QuarantineReader
from tests.support.events import T0, World


class QuarantineReaderSuite(InventorySuite):
    """One item, lists of them, and numbers to watch."""

    @pytest.fixture
    def reader(self, subject: Subject) -> QuarantineReader:
        """What reads quarantine."""
        return subject.quarantine

    def _list(
        self, reader: QuarantineReader, state: QuarantineState | None = None, reason: Reason | None = None
    ) -> Read:
        return lambda limit, cursor: reader.items(state, reason, limit, cursor)

    async def test_nothing(self, reader: QuarantineReader) -> None:
        assert await reader.item(item(World(), 1).id) is None
        await hold_pages(self._list(reader), [])
        assert await reader.gauges() == (0, None, 0)

    async def test_an_item_from_kafka(self, subject: Subject, reader: QuarantineReader) -> None:
        w = World()
        message = item(w, 1, raw=b"\xff{\x00", movement=7, details={"errors": [{"field": "/a"}]})
        await add(subject, message)
        assert await reader.item(message.id) == QuarantineView(
            id=message.id,
            reason="not_json",
            state=QuarantineState.OPEN,
            origin=PLACE,
            movement_id=w.movement(7),
            details={"errors": [{"field": "/a"}]},
            times=1,
            first_seen=T0 + timedelta(seconds=1),
            last_seen=T0 + timedelta(seconds=1),
            closed_by=None,
            note=None,
            raw="/3sA",
            text=None,
        )

    @pytest.mark.parametrize(
        "raw,shown,text",
        [(None, None, None), (b"", "", ""), ("ж{\0".encode(), "0LZ7AA==", "ж{\0"), (b"\xed\xa0\x80", "7aCA", None)],
    )
    async def test_bytes_and_text(
        self, subject: Subject, reader: QuarantineReader, raw: bytes | None, shown: str | None, text: str | None
    ) -> None:
        message = item(World(), 1, raw=raw, origin=Origin(Door.WEBHOOK))
        await add(subject, message)
        view = await reader.item(message.id)
        assert view is not None
        assert (view.origin, view.raw, view.text) == (Origin(Door.WEBHOOK), shown, text)

    async def test_items_newest_first(self, subject: Subject, reader: QuarantineReader) -> None:
        w = World()
        await add(subject, item(w, 1), item(w, 2, reason=Reason.TOMBSTONE), item(w, 3))
        await add(subject, item(w, 4, reason=Reason.TOMBSTONE), item(w, 5))
        await close(subject, item(w, 3), state=QuarantineState.DISCARDED)
        await close(subject, item(w, 4), state=QuarantineState.APPLIED)
        views = [await reader.item(item(w, n).id) for n in (5, 4, 3, 2, 1)]
        five, four, three, two, one = views
        await hold_pages(self._list(reader), views)
        await hold_pages(self._list(reader, QuarantineState.OPEN), [five, two, one])
        await hold_pages(self._list(reader, QuarantineState.DISCARDED), [three])
        await hold_pages(self._list(reader, None, Reason.TOMBSTONE), [four, two])
        await hold_pages(self._list(reader, QuarantineState.OPEN, Reason.NOT_JSON), [five, one])
        await hold_pages(self._list(reader, QuarantineState.APPLIED, Reason.NOT_JSON), [])

    async def test_pages_stay_in_step_with_what_comes(self, subject: Subject, reader: QuarantineReader) -> None:
        w = World()
        await add(subject, *(item(w, n) for n in range(1, 5)))
        cursor = await first_cursor(self._list(reader))
        await add(subject, item(w, 9), item(w, 3))
        assert [view.id for view in (await reader.items(None, None, 9, cursor)).items] == [
            item(w, n).id for n in (3, 2, 1)
        ]

    async def test_only_its_own_cursors(self, subject: Subject, reader: QuarantineReader) -> None:
        w = World()
        await add(subject, item(w, 1), item(w, 2))
        await refuse_nonsense(self._list(reader))

    async def test_gauges(self, subject: Subject, reader: QuarantineReader) -> None:
        w = World()
        await add(subject, item(w, 1), item(w, 2), item(w, 3))
        await close(subject, item(w, 1), state=QuarantineState.DISCARDED)
        await subject.apply(w.departure(1), w.departure(2), w.departure(3, product=2))
        assert await reader.gauges() == (2, T0 + timedelta(seconds=2), 3)
        await subject.apply(w.arrival(9, 15, warehouse=1))
        await close(subject, item(w, 2), item(w, 3), state=QuarantineState.APPLIED)
        assert await reader.gauges() == (0, None, 2)
