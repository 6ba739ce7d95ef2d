"""`soty asyncapi`: the description of what goes through Kafka."""

import click

from entrypoints.cli.asyncapi_document import document
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.settings import ROOT

PAGE = ROOT / "contracts/kafka/asyncapi.json"


@click.command()
@click.option("--write", is_flag=True, help="Write the file; otherwise it is compared.")
def asyncapi(write: bool) -> int:
    """Write or compare contracts/kafka/asyncapi.json."""
    if write:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_bytes(document())
    elif not PAGE.exists() or PAGE.read_bytes() != document():
        name = str(PAGE.relative_to(ROOT))
        raise FaultError([Fault("the description differs from the facts", name, "./soty asyncapi --write")])
    return Exit.OK
