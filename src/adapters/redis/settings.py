"""Settings of the Redis adapter."""

from typing import Annotated

from msgspec import Meta, Struct

from core.kernel.secret import Secret


class RedisSettings(Struct, frozen=True, kw_only=True):
    """Where Redis is and what it is used for; everything works without it."""

    url: Annotated[
        Secret | None,
        Meta(
            description="Address of Redis 7 or Valkey; unset: the embedded one, in prod none (no cache, limits of each "
            "process alone).",
            examples=["redis://:password@host:6379/0", "rediss://host:6380", "unix:///run/redis.sock"],
        ),
    ] = None
    cache: Annotated[bool, Meta(description="Whether hot reads are kept there for a few seconds.")] = True
    timeout: Annotated[
        float, Meta(gt=0, le=10, description="Seconds that any use of it may take before one goes on without it.")
    ] = 0.2
    pool: Annotated[int, Meta(ge=1, le=500, description="Connections of one process, at most.")] = 20
