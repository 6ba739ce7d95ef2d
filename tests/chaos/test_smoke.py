"""A short run on the mock broker: processes, proxies, harm and judges play together."""

from pathlib import Path

from tests.chaos.inventory import Wish, run
from tests.chaos.nemesis import Pace
from tests.chaos.stage import Size

WISH = Wish(
    seed=4,
    events=150,
    rate=250,
    minutes=0.06,
    size=Size(brokers=0, consumers=1, https=1),
    pace=Pace(kill=1.2, between=0.1, harm=0.2),
    rest_seconds=20,
)


def test_a_short_storm_leaves_the_books_in_order(tmp_path: Path) -> None:
    outcome = run(WISH, tmp_path / "journal", print)
    assert outcome.violations == []
    assert outcome.harm["kill consumer"] >= 1
    assert sum(outcome.harm.values()) >= 4
