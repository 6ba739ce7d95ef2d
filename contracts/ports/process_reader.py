"""What a reader of processes promises."""

import os
from dataclasses import dataclass
from datetime import datetime

import pytest

from core.operations.ports import ProcessReader

PART = "tests"


@dataclass
class ProcessSubject:
    """A reader in a process whose part is ``tests``, and when that started."""

    reader: ProcessReader
    started_at: datetime


class ProcessReaderSuite:
    """Who is connected is seen, once."""

    @pytest.fixture
    def subject(self) -> ProcessSubject:
        """The reader of an adapter."""
        raise NotImplementedError

    async def test_the_process_that_asks_is_seen_once(self, subject: ProcessSubject) -> None:
        for _ in range(2):
            found = [each for each in await subject.reader.processes() if each.part == PART]
            assert [each.pid for each in found] == [os.getpid()]
            assert found[0].started_at == subject.started_at.replace(microsecond=0)
            assert found[0].host

    async def test_processes_come_by_part_and_age(self, subject: ProcessSubject) -> None:
        found = await subject.reader.processes()
        assert found == sorted(found)
