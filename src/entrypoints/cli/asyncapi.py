"""`soty asyncapi`: the description of what goes through Kafka."""

import click

from entrypoints.cli.generated.catalogue import ASYNCAPI, settle


@click.command()
@click.option("--write", is_flag=True, help="Write the file; otherwise it is compared.")
def asyncapi(write: bool) -> int:
    """Write or compare contracts/kafka/asyncapi.json."""
    return settle(ASYNCAPI, write=write, mend="./soty asyncapi --write")
