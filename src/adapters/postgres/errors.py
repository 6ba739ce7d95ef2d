"""Errors of the driver in the words of the core; nothing of asyncpg leaves this package."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from core.inventory.domain.errors import InsufficientStock
from core.kernel.errors import Contended, SotyError, Unavailable

_DOMAIN: dict[str, type[SotyError]] = {"stock_quantity_check": InsufficientStock}

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

    :raises InsufficientStock: the last guard against a stock below zero.
    :raises Contended: a concurrent writer won.
    :raises Unavailable: the database does not answer, or not with this schema.
    """
    try:
        yield
    except asyncpg.CheckViolationError as error:
        if error.constraint_name not in _DOMAIN:
            raise
        raise _DOMAIN[error.constraint_name] from error
    except _CONTENDED as error:
        raise Contended(part="postgres") from error
    except _UNAVAILABLE as error:
        raise Unavailable(part="postgres") from error
