"""`soty bench`: speed beside peers."""

import click

from entrypoints.cli.steps import PYTHON, Step, run_steps


@click.command()
@click.argument("area", default="inventory")
@click.option("--level", type=click.Choice(["smoke", "quick", "full"]), default="quick", show_default=True)
@click.option("--json", "file", type=click.Path(dir_okay=False, resolve_path=True), help="Write the figures to a file.")
def bench(area: str, level: str, file: str | None) -> int:
    """Measure one area beside its peers; exit 1 when a goal falls short."""
    output = ("--json", file) if file else ()
    return run_steps([Step("bench", (PYTHON, "-m", "benchmarks", area, "--level", level, *output))])[0].code
