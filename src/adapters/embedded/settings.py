"""Settings of the embedded servers."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct


class EmbeddedSettings(Struct, frozen=True, kw_only=True):
    """From which binaries servers of our own are started."""

    postgres_bin: Annotated[
        Path | None,
        Meta(
            description="Directory that holds `postgres` and `initdb`; unset: the packaged one, else the machine's.",
            examples=["/usr/lib/postgresql/16/bin"],
        ),
    ] = None
