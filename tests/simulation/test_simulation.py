"""A thousand seeds of every scenario, and what makes a seed worth printing."""

import asyncio
import os
import subprocess
import sys
from collections import Counter

import pytest

from tests.simulation.loop import SimLoop, Stuck, simulate
from tests.simulation.planted import PLANTED, RIGHT
from tests.simulation.runs import SCENARIOS, run_seed, run_seeds

SLICES, SEEDS = 10, 100
MOST_SEEDS = 60


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("part", range(SLICES))
def test_every_promise_holds_under_every_seed_and_every_fault_happens(name: str, part: int) -> None:
    summary = run_seeds(name, part * SEEDS, SEEDS)
    assert summary.failed == []
    assert [what for what in SCENARIOS[name].must if not summary.happened[what]] == []


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_found(name: str) -> None:
    assert any(run_seed(PLANTED[name], seed, Counter()).wrong for seed in range(MOST_SEEDS))


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_not_taken_for_a_bug(name: str) -> None:
    assert [ran.wrong for seed in range(MOST_SEEDS) if (ran := run_seed(RIGHT[name], seed, Counter())).wrong] == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_seed_replays_byte_for_byte_in_another_process(name: str) -> None:
    outputs = [
        subprocess.run(
            [sys.executable, "-m", "tests.simulation", "--scenario", name, "--seed", "7"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": hashing},
            capture_output=True,
            check=True,
        ).stdout
        for hashing in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert len(outputs[0].splitlines()) > 10


def test_a_deadlock_is_told_and_not_waited_for() -> None:
    async def wait() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Stuck, match="every task waits"):
        simulate(SimLoop(0), wait())


def test_a_day_passes_at_once_and_other_seeds_run_in_another_order() -> None:
    async def day(order: list[int]) -> list[int]:
        async def one(number: int) -> None:
            await asyncio.sleep(86_400)
            order.append(number)

        await asyncio.gather(*map(one, range(10)))
        return order

    orders = {tuple(simulate(SimLoop(seed), day([]))) for seed in range(5)}
    assert len(orders) == 5


def test_threads_and_sockets_are_refused() -> None:
    async def thread() -> None:
        await asyncio.to_thread(print)

    async def connect() -> None:
        await asyncio.open_connection("127.0.0.1", 1)

    for main in (thread(), connect()):
        with pytest.raises(Stuck):
            simulate(SimLoop(0), main)
