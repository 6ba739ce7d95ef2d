"""What the upkeep of a store must do, and above all must not."""

import asyncio
from contextlib import suppress

import pytest

from contracts.ports.subject import InventorySuite, Subject
from core.inventory.domain.movement import Outcome
from core.kernel.errors import Contended
from core.kernel.upkeep import Upkeep
from tests.support.events import World


class UpkeepSuite(InventorySuite):
    """Tests against the port alone; the adapter gives ``subject`` and an eager ``upkeep`` of the same store."""

    @pytest.fixture
    def upkeep(self) -> Upkeep:
        """Upkeep of the store of the subject, for which something is due after a few events."""
        raise NotImplementedError

    async def test_is_harmless_when_nothing_is_due(self, subject: Subject, upkeep: Upkeep) -> None:
        await upkeep.keep_up()
        await upkeep.keep_up()
        assert [verdict.outcome for verdict in await subject.apply(World().arrival(1))] == [Outcome.APPLIED]

    async def test_changes_nothing_that_a_reader_or_a_repeat_can_see(self, subject: Subject, upkeep: Upkeep) -> None:
        w = World()
        events = [w.arrival(number) for number in range(8)]
        await subject.apply(*events)
        before = [await subject.movements.movement(event.movement_id) for event in events]
        for _ in range(4):
            await upkeep.keep_up()
            assert [await subject.movements.movement(event.movement_id) for event in events] == before
            assert {verdict.outcome for verdict in await subject.apply(*events)} == {Outcome.DUPLICATE}

    async def test_is_harmless_beside_writers_and_others_of_its_kind(self, subject: Subject, upkeep: Upkeep) -> None:
        w = World()
        for first in range(0, 24, 4):
            events = [w.arrival(number) for number in range(first, first + 4)]
            await asyncio.gather(subject.apply(*events), *(_keep_up(upkeep) for _ in range(3)))
        again = await subject.apply(*(w.arrival(number) for number in range(24)))
        assert {verdict.outcome for verdict in again} == {Outcome.DUPLICATE}


async def _keep_up(upkeep: Upkeep) -> None:
    """Once; it may lose against another, which does the work then."""
    with suppress(Contended):
        await upkeep.keep_up()
