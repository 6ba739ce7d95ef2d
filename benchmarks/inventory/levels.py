"""How much is measured."""

import msgspec


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """How much is measured; goals of speed are judged only where there are enough rounds."""

    rounds: int
    ours: int
    event_peer: int
    orm_peer: int
    growth: tuple[int, int]
    growth_run: int
    growth_rounds: int
    movements: int
    seconds: float
    facts: int
    facts_peer: int
    wakes: int
    hot: int
    hot_rounds: int
    judged: bool


LEVELS = {
    "tiny": Level(
        rounds=1, ours=10_000, event_peer=200, orm_peer=100, growth=(1000, 2000), growth_run=1000, growth_rounds=0,
        movements=1000, seconds=0.2, facts=2000, facts_peer=100, wakes=20, hot=2000, hot_rounds=1, judged=False,
    ),
    "smoke": Level(
        rounds=1, ours=20_000, event_peer=500, orm_peer=250, growth=(2000, 10_000), growth_run=5000, growth_rounds=1,
        movements=5000, seconds=0.6, facts=10_000, facts_peer=300, wakes=50, hot=8000, hot_rounds=1, judged=False,
    ),
    "quick": Level(
        rounds=7, ours=60_000, event_peer=1500, orm_peer=600, growth=(100_000, 1_000_000), growth_run=100_000,
        growth_rounds=5, movements=50_000, seconds=1.0, facts=30_000, facts_peer=800, wakes=300, hot=40_000,
        hot_rounds=5, judged=True,
    ),
    "full": Level(
        rounds=9, ours=100_000, event_peer=4000, orm_peer=1500, growth=(100_000, 3_000_000), growth_run=100_000,
        growth_rounds=9, movements=100_000, seconds=3, facts=100_000, facts_peer=3000, wakes=1000,
        hot=100_000, hot_rounds=7, judged=True,
    ),
}  # fmt: skip
