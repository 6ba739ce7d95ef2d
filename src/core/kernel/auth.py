"""Turning a credential into an actor."""

from abc import abstractmethod
from typing import Protocol

from core.kernel.actor import Actor


class Authenticator(Protocol):
    """Knows who a caller is."""

    @abstractmethod
    async def authenticate(self, credential: str | None) -> Actor:
        """The actor behind a bearer credential.

        :param credential: the token as it was sent, None when none was sent.
        :raises Unauthenticated: a credential was sent and is not known, or one is needed and none was sent.
        """
