"""The memory adapter keeps the promises of the desk of deliveries."""

import pytest

from adapters.memory.deliveries import MemoryDeliveryReader, MemoryFactReader
from adapters.memory.operations_work import OpenMemoryOperations
from contracts.ports.deliveries import DeliveriesSuite, DeliveryReaderSuite, DeskSubject, FactReaderSuite
from tests.contract.memory.test_outbox import outbox


class OnMemory:
    """Every test starts with an empty store."""

    @pytest.fixture
    def subject(self) -> DeskSubject:
        """The memory adapter."""
        subject, store = outbox()
        work = OpenMemoryOperations(store, subject.clock)
        return DeskSubject(subject, MemoryDeliveryReader(store), MemoryFactReader(store), work)


class TestDeliveryReader(OnMemory, DeliveryReaderSuite):
    """Lists."""


class TestFactReader(OnMemory, FactReaderSuite):
    """The outbox."""


class TestDeliveries(OnMemory, DeliveriesSuite):
    """Replay and drop."""
