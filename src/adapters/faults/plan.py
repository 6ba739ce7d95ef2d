"""Where something may go wrong, and who decides whether it does."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Plan(Protocol):
    """Decides at named points what goes wrong: ``<port>.<method>.before`` or ``.after``."""

    @abstractmethod
    async def reach(self, point: str) -> None:
        """Pass a point, perhaps late.

        :raises Exception: what the plan says; behind a commit that makes the outcome unknown to the caller.
        """

    @abstractmethod
    def times(self, point: str) -> int:
        """How often a call is passed on: once, not at all, or twice."""


async def around(plan: Plan, name: str, call: Callable[[], Awaitable[T]]) -> T:
    """Call what is decorated, with a point before it and one after.

    :param name: ``<port>.<method>``.
    """
    await plan.reach(f"{name}.before")
    result = await call()
    await plan.reach(f"{name}.after")
    return result


async def repeat(plan: Plan, name: str, call: Callable[[], Awaitable[None]]) -> None:
    """The same for a call without a result, which may be dropped or doubled as well.

    :param name: ``<port>.<method>``.
    """
    await plan.reach(f"{name}.before")
    for _ in range(plan.times(name)):
        await call()
    await plan.reach(f"{name}.after")
