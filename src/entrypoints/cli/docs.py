"""`soty docs`: the pages of docs as a site."""

import click

from entrypoints.cli.steps import PYTHON, Step, run_steps


@click.command()
def docs() -> int:
    """Make a site of docs in var/site, with a search; it asks nothing of the network."""
    return run_steps([Step("docs", (PYTHON, "-m", "zensical", "build", "--clean", "--strict"))])[0].code
