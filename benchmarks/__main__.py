"""Runs the benchmarks of one area."""

import os
import sys
from pathlib import Path

import click
import msgspec

from benchmarks.goals import table
from benchmarks.inventory.levels import LEVELS
from benchmarks.inventory.servers import serving
from benchmarks.inventory.suite import Suite
from benchmarks.machine import machine
from benchmarks.processes import CPUS, pin_driver
from benchmarks.report import Report, write


def measure(area: str, level: str) -> Report:
    """Measure everything at a level."""
    pin_driver()
    try:
        with serving() as servers:
            found = machine(servers.settings())
            suite = Suite(servers, LEVELS[level])
            suite.run()
    finally:
        if CPUS:
            os.sched_setaffinity(0, CPUS)
    runs = {
        case: {variant: [msgspec.structs.asdict(each) for each in figures] for variant, figures in named.items()}
        for case, named in suite.runs.items()
    }
    return Report(area, level, found, suite.goals, runs)


@click.command()
@click.argument("area", type=click.Choice(["inventory"]))
@click.option("--level", type=click.Choice(list(LEVELS)), default="quick", show_default=True)
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures to a file.")
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), help="Write the page of the documentation.")
def main(area: str, level: str, file: Path | None, page: Path | None) -> None:
    """Measure one area beside its peers; exit 1 when a goal falls short."""
    report = measure(area, level)
    write(report, file, page)
    click.echo(f"\n{table(report.goals)}\n")
    sys.exit(0 if report.passed else 1)


if __name__ == "__main__":
    main()
