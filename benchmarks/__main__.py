"""Runs the benchmarks of one area."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from benchmarks.areas import AREAS
from benchmarks.cases import LEVELS
from benchmarks.goals import table
from benchmarks.machine import machine
from benchmarks.processes import CPUS, pin_driver
from benchmarks.report import Report, merged, write
from benchmarks.servers import serving


def measure(area: str, level: str, wanted: Sequence[str] = ()) -> Report:
    """Measure at a level.

    :param wanted: names of cases; none for all.
    :raises click.BadParameter: the area has no case of a name.
    """
    cases = AREAS[area].cases
    known = [each.name for each in cases]
    if unknown := set(wanted) - set(known):
        raise click.BadParameter(f"{', '.join(sorted(unknown))}: {area} has {', '.join(known)}", param_hint="--case")
    pin_driver()
    try:
        with serving() as servers:
            found = machine(servers.settings())
            servers.prepare(AREAS[area].fill)
            taken = [each.run(servers, level) for each in cases if not wanted or each.name in wanted]
    finally:
        if CPUS:
            os.sched_setaffinity(0, CPUS)
    return Report(area, level, found, [each for each in taken if each is not None])


@click.command()
@click.argument("area", type=click.Choice(list(AREAS)))
@click.option("--level", type=click.Choice(LEVELS), default="quick", show_default=True)
@click.option("--case", "cases", multiple=True, help="Only this one.")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures to a file.")
@click.option(
    "--from",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Measure nothing, take the figures of a file.",
)
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), help="Write the page of the documentation.")
def main(
    area: str, level: str, cases: tuple[str, ...], file: Path | None, files: tuple[Path, ...], page: Path | None
) -> None:
    """Measure one area beside its peers; exit 1 when a goal falls short."""
    taken = [msgspec.json.decode(each.read_bytes(), type=Report) for each in files]
    report = merged(taken) if taken else measure(area, level, cases)
    write(report, file, page)
    click.echo(f"\n{table(report.goals)}\n")
    sys.exit(0 if report.passed else 1)


if __name__ == "__main__":
    main()
