"""Operators see what waits and what failed."""

import pytest

from core.kernel.outbox import Backlog
from core.operations.api import DeliveryState
from core.operations.domain.errors import DeliveryNotFound
from tests.support.desk import OPERATOR, Desk


async def test_the_backlog_counts_what_waits_for_each(desk: Desk) -> None:
    assert await desk.backlog(OPERATOR) == []
    published = desk.clock.now()
    await desk.publish((1, 1), (1, 2), (2, 3))
    await desk.die(1)
    assert await desk.backlog(OPERATOR) == [
        Backlog("one", pending=0, oldest=None, held=1, dead=1),
        Backlog("two", pending=3, oldest=published, held=0, dead=0, lanes=2),
    ]


async def test_a_dead_one_tells_why(desk: Desk) -> None:
    await desk.publish((1, 1), (1, 2))
    (dead,) = await desk.die(1)
    (shown,) = (await desk.list(OPERATOR, state=DeliveryState.DEAD)).items
    assert (shown.seq, shown.attempts, shown.failed, shown.error) == (dead, 8, True, "ValueError: no 1")
    whole = await desk.get(OPERATOR, "one", dead)
    assert whole.payload is not None
    assert whole.payload["delta"] == 1


async def test_one_that_is_tried_again_is_among_the_failed(desk: Desk) -> None:
    await desk.publish((1, 1), (2, 2))
    desk.subscriber.poison.add(1)
    await desk.relay.work()
    (failed,) = (await desk.list(OPERATOR, failed=True)).items
    assert (failed.state, failed.attempts) == (DeliveryState.PENDING, 1)
    assert failed.due_at > desk.clock.now()


async def test_one_that_is_done_is_not_found(desk: Desk) -> None:
    await desk.publish((1, 1))
    seq = (await desk.list(OPERATOR, subscriber="one")).items[0].seq
    await desk.relay.work()
    with pytest.raises(DeliveryNotFound):
        await desk.get(OPERATOR, "one", seq)
