"""What every audit trail promises."""

from typing import Any

import pytest
from msgspec.structs import replace

from contracts.ports.samples import entry
from contracts.ports.subject import InventorySuite, Subject
from core.kernel.actor import Origin
from core.kernel.audit import AuditEntry, AuditLog, AuditReader
from tests.support.events import World


class AuditSuite(InventorySuite):
    """Entries are kept with their unit of work and read by object."""

    @pytest.fixture
    def reader(self, subject: Subject) -> AuditReader:
        """What reads the trail."""
        return subject.audit

    async def _record(self, subject: Subject, *entries: AuditEntry) -> None:
        async with subject.open_work() as work:
            log: AuditLog = work.audit
            await log.record(list(entries))

    async def test_an_unknown_object_has_no_entries(self, reader: AuditReader) -> None:
        assert await reader.entries("nothing") == []

    async def test_entries_come_back_whole_and_in_order(self, subject: Subject, reader: AuditReader) -> None:
        w = World()
        first, second, third = (entry(w, n, details={"n": n, "deep": [{"a": None}]}) for n in (1, 2, 3))
        await self._record(subject, first, second)
        await self._record(subject, third)
        assert await reader.entries(first.object_id) == [first, second, third]

    async def test_the_newest_come_first(self, subject: Subject, reader: AuditReader) -> None:
        w = World()
        first, second, third = (entry(w, n) for n in (1, 2, 3))
        await self._record(subject, first, second, third, entry(w, 4, about="another"))
        assert await reader.newest(first.object_id, 2, None) == [third, second]
        assert await reader.newest(first.object_id, 2, second.id) == [first]
        assert await reader.newest("nothing", 2, None) == []

    async def test_entries_of_other_objects_stay_apart(self, subject: Subject, reader: AuditReader) -> None:
        w = World()
        await self._record(subject, entry(w, 1, about="a"), entry(w, 2, about="b"))
        assert [each.id for each in await reader.entries(entry(w, 1, about="a").object_id)] == [entry(w, 1).id]

    async def test_who_stood_behind_an_act_and_from_where_is_kept(self, subject: Subject, reader: AuditReader) -> None:
        origin = Origin("192.0.2.7", "Browser/1.0", "r-1")
        given = replace(entry(World(), 1), impersonator="user:x", origin=origin)
        await self._record(subject, given)
        assert await reader.entries(given.object_id) == [given]

    async def test_no_entries_are_fine(self, subject: Subject) -> None:
        await self._record(subject)

    async def test_later_changes_to_what_was_given_do_not_count(self, subject: Subject, reader: AuditReader) -> None:
        w = World()
        details: dict[str, Any] = {"n": 1}
        given = entry(w, 1, details=details)
        await self._record(subject, given)
        details["n"] = 2
        read = await reader.entries(given.object_id)
        assert [each.details for each in read] == [{"n": 1}]
        read[0].details["n"] = 3
        assert [each.details for each in await reader.entries(given.object_id)] == [{"n": 1}]
