"""A run that did too little harm is known for it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.valkey import EmbeddedValkey
from tests.chaos.inventory import Wish
from tests.chaos.nemesis import Nemesis, Pace
from tests.chaos.outcome import Outcome
from tests.chaos.processes import Part
from tests.chaos.stage import Stage
from tests.support.eventually import eventually
from tests.support.proxy import Proxy

PACE = Pace(kill=0.01, kills=5)


@pytest.fixture
def nemesis(tmp_path: Path) -> Iterator[Nemesis]:
    """One over processes that do not run, which has done everything once but killed nothing."""
    parts = [Absent(f"{command}0", command, 0, {}, tmp_path / command) for command in ("consumer", "scheduler")]
    server = EmbeddedPostgres(tmp_path / "data")
    with Proxy(tmp_path / "postgres") as postgres, Proxy(tmp_path / "redis") as redis:
        stage = Stage(tmp_path, server, "", postgres, None, "", [], redis, EmbeddedValkey(), list(parts))
        found = Nemesis(stage, Random(1), PACE)
        found.done.update(kind for kind in found.wanted() if "kill" not in kind)
        yield found


class Absent(Part):
    """A process that nobody can start."""

    def start(self) -> None:
        """Do nothing."""


def missing(nemesis: Nemesis) -> set[str]:
    """Harm that was not done."""
    return {kind for kind in nemesis.wanted() if not nemesis.done[kind]}


async def test_processes_are_killed_by_turns_until_there_were_enough(nemesis: Nemesis) -> None:
    assert missing(nemesis) == {"kill consumer", "kill scheduler", "5 kills"}
    stop = asyncio.Event()
    killing = asyncio.create_task(nemesis.run(stop))
    await eventually(lambda: nemesis.kills == PACE.kills - 1)
    assert missing(nemesis) == {"5 kills"}
    await eventually(lambda: nemesis.kills >= PACE.kills)
    stop.set()
    await killing
    assert missing(nemesis) == set()


def test_a_run_that_lacks_harm_is_invalid() -> None:
    assert Outcome(Wish(), [], ["5 kills"], {}, {}, []).code == 2
