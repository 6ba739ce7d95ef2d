"""Whether a process can do its work."""

from abc import abstractmethod
from typing import Protocol


class HealthCheck(Protocol):
    """One dependency that readiness asks about."""

    name: str

    @abstractmethod
    async def check(self) -> None:
        """Return when the dependency answers.

        :raises Unavailable: it does not.
        """
