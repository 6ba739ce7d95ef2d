"""The memory adapter keeps the promises about processes."""

from datetime import UTC, datetime

import pytest

from adapters.memory.processes import MemoryProcessReader
from contracts.ports.process_reader import PART, ProcessReaderSuite, ProcessSubject


class TestProcessReader(ProcessReaderSuite):
    """One process alone."""

    @pytest.fixture
    def subject(self) -> ProcessSubject:
        """The memory adapter."""
        started_at = datetime(2026, 1, 1, 12, tzinfo=UTC)
        return ProcessSubject(MemoryProcessReader(PART, started_at), started_at)
