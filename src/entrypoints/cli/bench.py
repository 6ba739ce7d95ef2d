"""`soty bench`: speed beside peers."""

import click

from entrypoints.cli.steps import PYTHON, Step, run_steps


@click.command()
@click.argument("area", type=click.Choice(["inventory", "identity"]), default="inventory")
@click.option("--level", type=click.Choice(["smoke", "quick", "full", "soak"]), default="quick", show_default=True)
@click.option("--json", "file", type=click.Path(dir_okay=False, resolve_path=True), help="Write the figures to a file.")
@click.option("--page", type=click.Path(dir_okay=False, resolve_path=True), help="Write the page with its charts.")
@click.option("--case", "cases", multiple=True, help="Only this case; may be given again.")
@click.option(
    "--from", "files", multiple=True, type=click.Path(exists=True, resolve_path=True), help="Measure nothing."
)
def bench(
    area: str, level: str, file: str | None, page: str | None, cases: tuple[str, ...], files: tuple[str, ...]
) -> int:
    """Measure one area beside its peers; exit 1 when a goal falls short."""
    single = {"--json": file, "--page": page}
    told = [word for name, value in single.items() if value for word in (name, value)]
    told += [word for case in cases for word in ("--case", case)] + [
        word for each in files for word in ("--from", each)
    ]
    return run_steps([Step("bench", (PYTHON, "-m", "benchmarks", area, "--level", level, *told))])[0].code
