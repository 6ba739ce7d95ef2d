"""A short run: processes, proxies, harm and judges play together."""

from pathlib import Path

import pytest

from tests.chaos.inventory import Wish, run
from tests.chaos.nemesis import Pace
from tests.chaos.stage import Size

WISH = Wish(
    seed=4,
    events=150,
    rate=250,
    minutes=0.1,
    size=Size(brokers=1, consumers=2, https=1, schedulers=1),
    pace=Pace(kill=2.0, between=0.1, harm=0.2),
    rest_seconds=60,
)


@pytest.mark.broker
@pytest.mark.slow
def test_a_short_storm_leaves_the_books_in_order(tmp_path: Path) -> None:
    outcome = run(WISH, tmp_path / "journal", print)
    assert outcome.violations == []
    assert outcome.harm["kill consumer"] >= 1
    assert sum(outcome.harm.values()) >= 4
