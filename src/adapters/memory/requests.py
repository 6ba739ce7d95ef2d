"""Answers to requests in memory, kept with their effects."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from adapters.memory.store import Answered, MemoryStore, Tables
from core.kernel.clock import Clock
from core.kernel.requests import AnsweredBefore, RequestInFlight, RequestKey, RequestKeyReused

RETRY_AFTER = 1


@contextmanager
def alone(store: MemoryStore, request: RequestKey | None) -> Iterator[None]:
    """Let one unit of work at a time do a request.

    :raises RequestInFlight: another one is at it.
    """
    if request is None:
        yield
        return
    key = place(request)
    if key in store.asking:
        raise RequestInFlight(retry_after=RETRY_AFTER)
    store.asking.add(key)
    try:
        yield
    finally:
        store.asking.discard(key)


def refuse_repeat(tables: Tables, request: RequestKey) -> None:
    """Let a request go on only if it was not done before.

    :raises AnsweredBefore: it was done; with its answer.
    :raises RequestKeyReused: the key belongs to a request with another content.
    """
    found = tables.answered.get(place(request))
    if found is None:
        return
    if found.digest != request.digest:
        raise RequestKeyReused
    raise AnsweredBefore(found.result)


def keep(tables: Tables, request: RequestKey, result: object, clock: Clock) -> None:
    """Keep the answer in the draft of its effect."""
    tables.answered.put(place(request), Answered(request.digest, msgspec.json.encode(result), clock.now()))


def place(request: RequestKey) -> tuple[str, str, str]:
    """Where the answer of a request is kept."""
    return request.principal, request.route, request.key
