"""A use case as subscriber keeps the promises to the relay."""

import pytest

from contracts.ports.subscriber import SubscriberSuite, delivery
from core.kernel.errors import Unavailable
from core.kernel.outbox import Delivery
from core.kernel.relay import TURN, ReactionSubscriber
from tests.support.reactions import Reactions


class TestReactionSubscriber(SubscriberSuite):
    """The promises, and what is a reaction's own."""

    @pytest.fixture
    async def subject(self) -> Reactions:
        return Reactions()

    async def test_one_that_another_has_done_is_passed_over(self, subject: Reactions) -> None:
        subject.superseded.add(1)
        taken = await subject.subscriber.take([delivery(1, "a"), delivery(2, "a")])
        assert (list(taken.failed), subject.done) == ([], [2])

    async def test_one_that_lost_against_another_is_tried_again(self, subject: Reactions) -> None:
        subject.lost = 3
        await subject.subscriber.take([delivery(1, "a")])
        assert subject.done == [1]

    async def test_what_failed_before_the_store_went_away_is_told(self, subject: Reactions) -> None:
        poison = await subject.refuse(1)

        async def react(given: Delivery) -> None:
            if given.seq == 2:
                raise Unavailable(part="store")
            await subject.react(given)

        taken = await ReactionSubscriber(react, subject.clock).take([poison, delivery(2, "b")])
        assert [failed.seq for failed, _ in taken.failed] == [1]

    async def test_what_is_not_reached_within_a_turn_is_left_for_the_next(self, subject: Reactions) -> None:
        async def react(given: Delivery) -> None:
            subject.clock.advance(TURN.total_seconds() / 2 + 1)
            await subject.react(given)

        taken = await ReactionSubscriber(react, subject.clock).take([delivery(seq, "a") for seq in range(1, 6)])
        assert (list(taken.failed), subject.done) == ([], [1, 2])
