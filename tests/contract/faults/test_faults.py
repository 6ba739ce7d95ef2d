"""Decorated adapters keep the promises of their ports, and fail where they are told."""

import asyncio
from dataclasses import replace

import pytest

from adapters.faults.cache import FaultyCache
from adapters.faults.lanes import FaultyLanes
from adapters.faults.messages import FaultyPublisher, FaultySource
from adapters.faults.rules import EXIT_CODE, Broken, Rule, Rules, read_rules
from adapters.faults.settings import POINTS
from adapters.faults.work import FaultyWork
from adapters.memory.cache import MemoryCache
from adapters.memory.clock import FakeClock
from adapters.memory.messages import MemoryLog, MemoryMessageSource
from contracts.ports.cache import CacheSuite, Flush
from contracts.ports.lanes import LanesSuite, OutboxSubject
from contracts.ports.message_source import MessageSourceContract
from contracts.ports.subject import Subject
from contracts.ports.work import FactsSuite, WorkSuite
from core.inventory.domain.stock import Shortage
from core.kernel.cache import Cache
from core.kernel.errors import Contended, Unavailable
from core.kernel.messages import MessagePublisher, MessageSource
from core.kernel.outbox import Lanes
from tests.contract.memory.test_outbox import outbox
from tests.support.events import T0, World
from tests.support.memory import memory_subject

QUIET = Rules([])


def faulty(*rules: Rule) -> tuple[Subject, Rules]:
    """A memory store behind a plan."""
    subject, plan = memory_subject(), Rules(rules)
    subject.open_work = FaultyWork(subject.open_work, plan)
    return subject, plan


class OnFaults:
    """An empty memory store behind a plan without rules."""

    @pytest.fixture
    def subject(self) -> Subject:
        return faulty()[0]


class TestWork(OnFaults, WorkSuite):
    """Units of work."""


class TestFacts(OnFaults, FactsSuite):
    """Facts after the commit."""


class TestLanes(LanesSuite):
    """Leases, fences, order per key."""

    @pytest.fixture
    def subject(self) -> OutboxSubject:
        subject = outbox()[0]
        lanes = FaultyLanes(subject.lanes, QUIET)

        async def another() -> Lanes:
            return lanes

        return replace(subject, lanes=lanes, another=another)


class TestCache(CacheSuite):
    """Loads and forgets."""

    @pytest.fixture
    def cache(self) -> Cache:
        return FaultyCache(MemoryCache(FakeClock()), QUIET)

    @pytest.fixture
    def flush(self, cache: Cache) -> Flush:
        async def flush() -> None:
            await cache.forget(["a", *(f"k{number}" for number in range(4))])

        return flush


class Log:
    """A log in memory behind a plan without rules."""

    def __init__(self) -> None:
        self.topic = "movements"
        self.log = MemoryLog()
        self.publisher: MessagePublisher = FaultyPublisher(self.log, QUIET)

    async def join(self) -> MessageSource:
        return FaultySource(MemoryMessageSource(self.log, "group", [self.topic]), QUIET)


class TestMessages(MessageSourceContract):
    """Taking and appending."""

    @pytest.fixture
    def log(self) -> Log:
        return Log()


@pytest.mark.parametrize(
    "text,error,kept",
    [
        ("work.open:fail", Unavailable, False),
        ("work.commit.before:contend", Contended, False),
        ("work.commit.before:break", Broken, False),
        ("work.commit.after:fail", Unavailable, True),
    ],
)
async def test_a_unit_of_work_fails_and_only_a_cut_after_the_commit_keeps_it(
    text: str, error: type[Exception], kept: bool
) -> None:
    subject, plan = faulty(*read_rules(text))
    w = World()
    with pytest.raises(error):
        async with subject.open_work() as work:
            await work.book.apply([w.arrival(1)], Shortage.PARK, T0)
    assert (await subject.movements.movement(w.movement(1)) is not None) is kept
    assert plan.never() == []


async def test_the_nth_time_is_counted_from_one_and_a_rule_that_did_not_happen_is_told() -> None:
    rules = read_rules("work.open@2:fail, work.commit.before@9:fail")
    subject, plan = faulty(*rules)
    w = World()
    await subject.apply(w.arrival(1))
    with pytest.raises(Unavailable):
        await subject.apply(w.arrival(2))
    await subject.apply(w.arrival(3))
    assert plan.never() == [Rule("work.commit.before", "fail", 9)]


async def test_offsets_are_dropped_or_doubled() -> None:
    log = MemoryLog()
    source = FaultySource(MemoryMessageSource(log, "group", ["t"]), Rules(read_rules("source.done@1:drop")))
    await log.publish("t", None, b"1")
    first = await source.next_batch()
    await source.done(first)
    assert list(await source.next_batch()) == list(first)


async def test_an_exit_ends_the_process_at_once() -> None:
    code = (
        "import asyncio; from adapters.faults.rules import Rules, read_rules;"
        "asyncio.run(Rules(read_rules('work.open:exit')).reach('work.open'))"
    )
    process = await asyncio.create_subprocess_exec("python", "-c", code, env=_environment())
    assert await process.wait() == EXIT_CODE


def _environment() -> dict[str, str]:
    import os
    import sys

    here = os.path.dirname(sys.executable)
    return {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": here + os.pathsep + os.environ["PATH"]}


@pytest.mark.parametrize(
    "text", ["source.done:fail", "source.done.before:fail", "work.open:drop", "work.open:sleep", "work.open:fail:2"]
)
def test_what_a_port_does_not_allow_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot happen"):
        read_rules(text)


@pytest.mark.parametrize("point", POINTS)
def test_every_point_can_be_named(point: str) -> None:
    act = "drop" if point == "source.done" else "sleep:0.5"
    assert read_rules(f"{point}@2:{act}")[0].nth == 2
