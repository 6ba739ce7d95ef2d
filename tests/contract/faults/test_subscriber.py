"""A decorated subscriber keeps the promises of its port."""

import pytest

from adapters.faults.lanes import FaultySubscriber
from adapters.faults.rules import Rules
from contracts.ports.subscriber import SubscriberSubject, SubscriberSuite
from tests.support.reactions import Reactions


class TestFaultySubscriber(SubscriberSuite):
    """Behind a plan without rules."""

    @pytest.fixture
    async def subject(self) -> SubscriberSubject:
        subject = Reactions()
        subject.subscriber = FaultySubscriber(subject.subscriber, Rules([]))
        return subject
