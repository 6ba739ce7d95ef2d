"""`soty reference`: every file that is written from the code."""

import click

from entrypoints.cli.generated.catalogue import PAGES, settle


@click.command()
@click.option("--write", is_flag=True, help="Write the files; otherwise they are compared.")
def reference(write: bool) -> int:
    """Write or compare everything that is made from the code: docs/reference, docs/modules, contracts, .env.example."""
    return settle(PAGES, write=write)
