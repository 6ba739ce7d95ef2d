"""Settings of the embedded servers."""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct


class EmbeddedSettings(Struct, frozen=True, kw_only=True):
    """Whether servers of our own are started, and from which binaries."""

    embedded: Annotated[
        Literal["auto", "always", "never"],
        Meta(description="auto: a server of our own where no address is set; always: even where one is; never: none."),
    ] = "auto"
    postgres_bin: Annotated[
        Path | None,
        Meta(
            description="Directory that holds `postgres` and `initdb`; unset: the packaged one, else the machine's.",
            examples=["/usr/lib/postgresql/16/bin"],
        ),
    ] = None
