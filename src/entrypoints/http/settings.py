"""Settings of the HTTP process."""

from typing import Annotated

from msgspec import Meta, Struct


class HttpSettings(Struct, frozen=True, kw_only=True):
    """Where the HTTP process listens."""

    host: Annotated[str, Meta(min_length=1, description="Address to listen on; dev takes loopback ones only.")] = (
        "127.0.0.1"
    )
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on; 0 takes a free one.")] = 8000
