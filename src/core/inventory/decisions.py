"""What decisions about movements need from outside."""

from abc import abstractmethod
from typing import Protocol
from uuid import UUID

from core.inventory.api import Decision


class Decisions(Protocol):
    """What somebody decided about movements, one decision each, for ever."""

    @abstractmethod
    async def add(self, movement_id: UUID, decision: Decision) -> bool:
        """Keep a decision; False where the movement has one already, which stays."""
