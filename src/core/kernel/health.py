"""Whether a process can do its work."""

from abc import abstractmethod
from typing import Protocol


class HealthCheck(Protocol):
    """One dependency that readiness asks about."""

    name: str
    needed: bool = True
    """False for a part that the process can do its work without, only slower."""

    @abstractmethod
    async def check(self) -> None:
        """Return when the dependency answers.

        :raises Unavailable: it does not.
        """
