"""`python -m tests.simulation`: many seeds over all cores, or one of them in full."""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.runs import SCENARIOS, run_seed, run_seeds

SLICE = 100
TOLD_EVERY = 2000


def slices(seeds: int) -> Iterator[tuple[int, int]]:
    """First seeds and counts of what one process does at once."""
    for first in range(0, seeds, SLICE):
        yield first, min(SLICE, seeds - first)


def many(name: str, seeds: int, pool: ProcessPoolExecutor) -> bool:
    """Run seeds and print how they went.

    :returns: whether all promises held and every fault happened.
    """
    started, happened, failed, done = time.perf_counter(), Counter[str](), list[int](), 0
    for summary in pool.map(run_seeds, *zip(*((name, *part) for part in slices(seeds)), strict=True)):
        happened += summary.happened
        failed += summary.failed
        done += summary.seeds
        if done % TOLD_EVERY == 0 and done < seeds:
            print(f"{name}: {done} of {seeds} seeds, {len(failed)} failed", file=sys.stderr, flush=True)
    seconds = time.perf_counter() - started
    print(f"{name}: {seeds} seeds in {seconds:.1f} s, {seeds / seconds:.0f} a second, {len(failed)} failed")
    for what in SCENARIOS[name].must:
        print(f"  {happened[what]:9}  {what}")
    for seed in failed[:10]:
        print(f"  FAILED: ./soty chaos sim --scenario {name} --seed {seed}")
    never = [what for what in SCENARIOS[name].must if not happened[what]]
    if never:
        print(f"  NEVER HAPPENED: {', '.join(never)}")
    return not failed and not never


def one(name: str, seed: int) -> bool:
    """Run one seed and print its trace.

    :returns: whether all promises held.
    """
    ran = run_seed(SCENARIOS[name], seed, Counter())
    print("\n".join(ran.trace))
    print(f"{name}, seed {seed}: {ran.wrong or 'right'}")
    return not ran.wrong


def main() -> int:
    """Exit 1 when a promise was broken or a fault never happened."""
    parser = argparse.ArgumentParser(prog="tests.simulation")
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--scenario", choices=sorted(SCENARIOS))
    given = parser.parse_args()
    names = [given.scenario] if given.scenario else list(SCENARIOS)
    if given.seed is not None:
        return int(False in [one(name, given.seed) for name in names])
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        return int(False in [many(name, given.seeds, pool) for name in names])


if __name__ == "__main__":
    sys.exit(main())
