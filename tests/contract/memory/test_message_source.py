"""The contract of message sources in memory."""

import pytest

from adapters.memory.messages import MemoryLog, MemoryMessageSource
from contracts.ports.message_source import MessageSourceContract


class Log:
    """One group over a log in memory."""

    def __init__(self) -> None:
        self.topic = "movements"
        self.publisher = MemoryLog()

    async def join(self) -> MemoryMessageSource:
        """A new member in place of the one before."""
        return MemoryMessageSource(self.publisher, "group", [self.topic])


class TestMemoryLog(MessageSourceContract):
    @pytest.fixture
    def log(self) -> Log:
        return Log()
