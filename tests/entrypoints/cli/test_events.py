"""`soty events tail|dead|replay|drop` on a real database."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from adapters.postgres.audit import PostgresAuditReader
from adapters.postgres.deliveries import OpenPostgresOperations, PostgresDeliveryReader, PostgresFactReader
from adapters.postgres.store import PostgresStore
from contracts.ports.deliveries import DeskSubject
from contracts.ports.lanes import fact
from core.kernel.audit import AuditEntry
from core.operations.usecases import decide_deliveries
from entrypoints.cli.main import main
from tests.contract.postgres.test_outbox import bell_of, outbox
from tests.support.postgres import store_of
from tests.support.program import PATIENCE, Program

T = TypeVar("T")
NAME = fact(1, 1).name


@asynccontextmanager
async def desk_of(url: str) -> AsyncIterator[tuple[DeskSubject, PostgresStore]]:
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(store_of(url))
        bell = await stack.enter_async_context(bell_of(url))
        subject = outbox(store, bell, bell)
        work = OpenPostgresOperations(store, subject.clock)
        yield DeskSubject(subject, PostgresDeliveryReader(store), PostgresFactReader(store), work), store


class Terminal:
    """The program in this process, and the database behind it."""

    def __init__(self, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.url = url
        self._capsys = capsys

    def run(self, *words: str) -> tuple[int, str, str]:
        """Exit code, output and errors."""
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main(["events", *words])
        told = self._capsys.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, told.out, told.err

    def on_desk(self, act: Callable[[DeskSubject], Awaitable[T]]) -> T:
        """Do something with the outbox."""

        async def with_desk() -> T:
            async with desk_of(self.url) as (desk, _):
                return await act(desk)

        return asyncio.run(with_desk())

    def kill(self, stock: int, *numbers: int, error: str = "boom") -> list[int]:
        """Publish facts of a stock of which the first dies; numbers in the outbox."""
        return self.on_desk(lambda desk: desk.kill(stock, *numbers, error=error))

    def due(self) -> list[int]:
        """Numbers of facts that a relay would be given."""
        return self.on_desk(lambda desk: desk.due())

    def audit(self, seq: int) -> list[AuditEntry]:
        """What the trail tells about a delivery."""

        async def read() -> list[AuditEntry]:
            async with store_of(self.url) as store:
                return await PostgresAuditReader(store).entries(f"one/{seq}")

        return asyncio.run(read())


@pytest.fixture
def terminal(
    fresh_postgres_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Terminal:
    """A terminal whose database is empty."""
    monkeypatch.setenv("SOTY_POSTGRES_URL", fresh_postgres_url)
    monkeypatch.setenv("SOTY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LOGNAME", "olga")
    return Terminal(fresh_postgres_url, capsys)


def test_nothing_failed(terminal: Terminal) -> None:
    assert terminal.run("dead") == (0, "", "")
    assert terminal.run("dead", "--json") == (0, "", "")


def test_dead_ones_are_listed_with_their_reason(terminal: Terminal) -> None:
    first, _ = terminal.kill(1, 1, 2, error="ValueError: no")
    code, told, _ = terminal.run("dead")
    assert code == 0
    assert told.splitlines() == [
        f"one {first} dead after 1 attempt: {NAME} v1 {fact(1, 1).key()}",
        "    ValueError: no",
        "one: 1 dead, 0 held back, 1 pending",
        "two: 0 dead, 0 held back, 2 pending",
    ]
    line = msgspec.json.decode(terminal.run("dead", "--json", "--subscriber", "one")[1])
    assert (line["seq"], line["state"], line["error"]) == (first, "dead", "ValueError: no")
    assert terminal.run("dead", "--json", "--subscriber", "two")[1] == ""


def test_one_that_will_be_tried_again_is_listed_too(terminal: Terminal) -> None:
    (first,) = terminal.kill(1, 1)
    terminal.run("replay", "one", str(first))
    assert f"one {first} pending after 0 attempts, due " in terminal.run("dead")[1]


def test_replay_by_number_is_audited(terminal: Terminal) -> None:
    first, _ = terminal.kill(1, 1, 2)
    assert terminal.due() == []
    assert terminal.run("replay", "one", str(first), "--reason", "mended") == (0, "replayed 1 of one\n", "")
    (entry,) = terminal.audit(first)
    assert (entry.actor, entry.action) == ("olga", "operations.deliveries.replay")
    assert entry.details == {"note": "mended"}


def test_drop_lets_the_key_go_on(terminal: Terminal) -> None:
    first, _ = terminal.kill(1, 1, 2)
    code, told, _ = terminal.run("drop", "one", str(first), "--reason", "too old", "--by", "boris", "--json")
    assert (code, msgspec.json.decode(told)) == (0, {"changed": 1, "refused": []})
    assert terminal.due() == [2]
    (entry,) = terminal.audit(first)
    assert (entry.actor, entry.action) == ("boris", "operations.deliveries.drop")
    assert entry.details == {"note": "too old"}


def test_all_are_replayed_however_many(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decide_deliveries, "BULK", 2)
    for stock in range(5):
        terminal.kill(stock, stock)
    assert terminal.run("replay", "one", "--all") == (0, "replayed 5 of one\n", "")
    assert terminal.run("replay", "one", "--all") == (0, "replayed 0 of one\n", "")


def test_they_are_chosen_by_name_and_error(terminal: Terminal) -> None:
    terminal.kill(1, 1, error="OSError: disk")
    terminal.kill(2, 2, error="ValueError: no")
    assert terminal.run("replay", "one", "--name", "inventory.other")[1] == "replayed 0 of one\n"
    assert terminal.run("replay", "one", "--name", NAME, "--error", "disk")[1] == "replayed 1 of one\n"


def test_those_that_did_not_fail_are_named_and_the_others_done(terminal: Terminal) -> None:
    first, second = terminal.kill(1, 1, 2)
    code, told, wrong = terminal.run("replay", "one", str(second), str(first), "4711")
    assert (code, told) == (1, "replayed 1 of one\n")
    assert wrong.startswith(f"error: not failed, or done since: {second}, 4711\n")


@pytest.mark.parametrize(
    "words",
    [
        ("replay", "one"),
        ("replay", "one", "1", "--all"),
        ("replay", "one", "0"),
        ("replay", "one", "x"),
        ("replay",),
        ("drop", "one", "1"),
        ("tail", "--last", "501"),
    ],
)
def test_wrong_usage_is_2(terminal: Terminal, words: tuple[str, ...]) -> None:
    code, told, wrong = terminal.run(*words)
    assert (code, told) == (2, "")
    assert "  fix:   " in wrong


@pytest.mark.parametrize("words", [("tail",), ("dead",), ("replay", "one", "--all")])
def test_a_database_that_is_away_is_4(
    terminal: Terminal, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOTY_POSTGRES_URL", "postgresql://u:secret@127.0.0.1:1/d")
    code, _, wrong = terminal.run(*words)
    assert code == 4
    assert "PostgreSQL does not answer" in wrong
    assert "secret" not in wrong


def test_there_is_no_outbox_to_look_at_in_the_memory_profile(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOTY_POSTGRES_URL")
    code, _, wrong = terminal.run("dead", "--profile", "memory")
    assert code == 3
    assert "there is no database here" in wrong


def test_tail_follows_commits_until_it_is_interrupted(fresh_postgres_url: str, data_dir: Path) -> None:
    program = Program(data_dir, SOTY_POSTGRES_URL=fresh_postgres_url)

    async def talk() -> None:
        async with desk_of(fresh_postgres_url) as (desk, _):
            await desk.outbox.publish((1, 1), (1, 2), (2, 3))
            process = program.start("events", "tail", "--json", "--last", "2", "--key", fact(1, 1).key())
            assert process.stdout is not None
            told = [await asyncio.to_thread(process.stdout.readline) for _ in range(2)]
            await desk.outbox.publish((2, 4), (1, 5))
            told.append(await asyncio.to_thread(process.stdout.readline))
            process.send_signal(signal.SIGINT)
            rest, _ = await asyncio.to_thread(process.communicate, timeout=PATIENCE)
            assert [msgspec.json.decode(line)["payload"]["delta"] for line in told] == [1, 2, 5]
            assert (process.returncode, rest) == (0, "\nStopping ... (once more: at once)\n")

    asyncio.run(talk())


def test_tail_tells_people_in_a_line_and_ends_with_its_reader(fresh_postgres_url: str, data_dir: Path) -> None:
    program = Program(data_dir, SOTY_POSTGRES_URL=fresh_postgres_url)

    async def talk() -> None:
        async with desk_of(fresh_postgres_url) as (desk, _):
            await desk.outbox.publish((1, 1))
            process = program.start("events", "tail", "--name", "inventory")
            assert process.stdout is not None
            line = await asyncio.to_thread(process.stdout.readline)
            process.stdout.close()
            assert line.split(" ", 1)[1].startswith(f"1 {NAME} v1 {fact(1, 1).key()} {{")
            await desk.outbox.publish((1, 2))
            await asyncio.to_thread(process.wait, timeout=PATIENCE)
            assert process.returncode == 1

    asyncio.run(talk())
