"""`soty openapi`: the description of the HTTP API."""

import click

from entrypoints.http.openapi import document
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.settings import ROOT

PAGE = ROOT / "contracts/http/openapi.json"


@click.command()
@click.option("--write", is_flag=True, help="Write the file; otherwise it is compared.")
def openapi(write: bool) -> int:
    """Write or compare contracts/http/openapi.json."""
    if write:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_bytes(document())
    elif not PAGE.exists() or PAGE.read_bytes() != document():
        name = str(PAGE.relative_to(ROOT))
        raise FaultError([Fault("the description differs from the routes", name, "./soty openapi --write")])
    return Exit.OK
