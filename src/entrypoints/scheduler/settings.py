"""Settings of the scheduler process."""

from typing import Annotated

from msgspec import Meta, Struct


class SchedulerSettings(Struct, frozen=True, kw_only=True):
    """Where the scheduler process shows its health and metrics."""

    host: Annotated[
        str, Meta(min_length=1, description="Address of health and metrics; dev takes loopback ones only.")
    ] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port of the health server; 0 takes a free one.")] = 8002
