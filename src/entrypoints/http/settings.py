"""Settings of the HTTP process."""

from typing import Annotated

from msgspec import Meta, Struct


class HttpSettings(Struct, frozen=True, kw_only=True):
    """Where the HTTP process listens."""

    host: Annotated[str, Meta(min_length=1, description="Address to listen on; dev takes loopback ones only.")] = (
        "127.0.0.1"
    )
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on; 0 takes a free one.")] = 8000
    trusted_proxies: Annotated[
        tuple[str, ...],
        Meta(
            description="Networks of proxies in front of the process, separated by commas: what they say in "
            "`X-Forwarded-For` about the address of the client is believed. Empty: nobody is.",
            examples=["127.0.0.1,192.0.2.0/24"],
        ),
    ] = ()
    rate_limit: Annotated[
        Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,6}/[1-9][0-9]{0,4}$")] | None,
        Meta(
            description="Calls of one caller that pass at once, and seconds in which they fill up again; unset: all.",
            examples=["100/60"],
        ),
    ] = None
