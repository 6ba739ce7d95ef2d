"""Streams as a log may give them: everything twice, keys mixed, order kept inside each key."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from random import Random
from typing import TypeVar

from core.kernel.outbox import Delivery, Superseded

T = TypeVar("T")


def twice(items: Sequence[T], key: Callable[[T], Hashable], random: Random) -> list[T]:
    """Every item two times; between keys in any order, inside a key a repeat is never before what it repeats.

    First comings of one key keep their order. A repeat may come long after others of its key, as after lost offsets.
    """
    queues: dict[Hashable, list[T]] = {}
    for item in items:
        queues.setdefault(key(item), []).append(item)
    waiting: list[T] = []
    given: list[T] = []
    while any(queues.values()) or waiting:
        if waiting and (random.random() < 0.4 or not any(queues.values())):
            given.append(waiting.pop(random.randrange(len(waiting))))
            continue
        item = random.choice([queue for queue in queues.values() if queue]).pop(0)
        given.append(item)
        waiting.append(item)
    return given


def reacting_twice(react: Callable[[Delivery], Awaitable[object]]) -> Callable[[Delivery], Awaitable[object]]:
    """A reaction that is called a second time with what it has done; that must be superseded and change nothing."""

    async def react_twice(delivery: Delivery) -> None:
        await react(delivery)
        try:
            await react(delivery)
        except Superseded:
            return
        raise AssertionError(f"{delivery.name} {delivery.seq} was taken twice")

    return react_twice
