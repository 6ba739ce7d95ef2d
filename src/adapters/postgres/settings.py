"""Settings of the PostgreSQL adapter."""

from typing import Annotated

from msgspec import Meta, Struct

from core.kernel.secret import Secret


class PostgresSettings(Struct, frozen=True, kw_only=True):
    """Where PostgreSQL is and how many connections a process keeps."""

    url: Annotated[
        Secret | None,
        Meta(
            description="Address of PostgreSQL 15 or newer; unset: the embedded server.",
            examples=["postgresql://user:password@host:5432/name"],
        ),
    ] = None
    pool: Annotated[int, Meta(ge=1, le=500, description="Connections of one process, at most.")] = 10
