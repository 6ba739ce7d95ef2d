"""`soty openapi`: the description of the HTTP API."""

import click

from entrypoints.cli.generated.catalogue import OPENAPI, settle


@click.command()
@click.option("--write", is_flag=True, help="Write the file; otherwise it is compared.")
def openapi(write: bool) -> int:
    """Write or compare contracts/http/openapi.json."""
    return settle(OPENAPI, write=write, mend="./soty openapi --write")
