"""The PostgreSQL adapter keeps the promises about processes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from adapters.postgres.processes import LONGEST, PostgresProcessReader, name_of
from adapters.postgres.settings import PostgresSettings
from adapters.postgres.store import open_store
from contracts.ports.process_reader import PART, ProcessReaderSuite, ProcessSubject
from core.kernel.secret import Secret

START = datetime(2026, 1, 1, 12, 30, 15, 250_000, tzinfo=UTC)


class TestProcessReader(ProcessReaderSuite):
    """Sessions of one database."""

    @pytest.fixture
    async def subject(self, postgres_url: str) -> AsyncIterator[ProcessSubject]:
        """The PostgreSQL adapter, with more sessions than one."""
        settings = PostgresSettings(url=Secret(postgres_url), pool=3)
        async with open_store(settings, name_of(PART, START)) as store, store.connection(), store.connection():
            yield ProcessSubject(PostgresProcessReader(store), START)

    async def test_processes_of_several_parts_are_seen_and_others_are_not(self, postgres_url: str) -> None:
        settings = PostgresSettings(url=Secret(postgres_url), pool=1)
        async with (
            open_store(settings, name_of("alpha", START)),
            open_store(settings, name_of("beta", START)) as store,
            open_store(settings, "soty/not one of ours"),
        ):
            found = await PostgresProcessReader(store).processes()
        assert [each.part for each in found if each.part in ("alpha", "beta")] == ["alpha", "beta"]
        assert all(each.part.isalpha() for each in found)

    def test_a_long_name_is_cut_where_the_server_would(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("socket.gethostname", lambda: "x" * 100)
        assert len(name_of("scheduler", START)) == LONGEST
