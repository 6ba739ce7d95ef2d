"""`soty asyncapi`: the description of what goes through Kafka."""

import click

from entrypoints.cli.asyncapi_document import document, page
from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.settings import ROOT

PAGES = {ROOT / "contracts/kafka/asyncapi.json": document, ROOT / "docs/reference/facts.md": page}


@click.command()
@click.option("--write", is_flag=True, help="Write the files; otherwise they are compared.")
def asyncapi(write: bool) -> int:
    """Write or compare contracts/kafka/asyncapi.json and docs/reference/facts.md."""
    differing = [path for path, text in PAGES.items() if not path.exists() or path.read_bytes() != text()]
    if write:
        for path in differing:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(PAGES[path]())
    elif differing:
        names = ", ".join(str(path.relative_to(ROOT)) for path in differing)
        raise FaultError([Fault("the description differs from the facts", names, "./soty asyncapi --write")])
    return Exit.OK
