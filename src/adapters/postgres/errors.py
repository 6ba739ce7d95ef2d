"""Errors of the driver in the words of the core; nothing of asyncpg leaves this package."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from core.kernel.errors import Contended, Unavailable

_CONTENDED = (
    asyncpg.UniqueViolationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.InvalidCachedStatementError,
)
_UNAVAILABLE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.InvalidTransactionStateError,
    asyncpg.UndefinedTableError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
)


@contextmanager
def translated() -> Iterator[None]:
    """Let errors out as what they mean.

    :raises Contended: a concurrent writer won.
    :raises Unavailable: the database does not answer, or not with this schema.
    """
    try:
        yield
    except _CONTENDED as error:
        raise Contended(part="postgres") from error
    except _UNAVAILABLE as error:
        raise Unavailable(part="postgres") from error
