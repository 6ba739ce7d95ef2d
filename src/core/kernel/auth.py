"""Turning a credential into an actor."""

from abc import abstractmethod
from enum import StrEnum
from typing import NamedTuple, Protocol

from core.kernel.actor import Actor


class Scheme(StrEnum):
    """How a credential came: what a browser sends by itself proves less than what a program wrote down."""

    BEARER = "bearer"
    COOKIE = "cookie"


class Credential(NamedTuple):
    """A token as it was sent; not to be logged."""

    scheme: Scheme
    value: str


class Authenticator(Protocol):
    """Knows who a caller is."""

    @abstractmethod
    async def authenticate(self, credential: Credential | None) -> Actor:
        """The actor behind a credential, from nowhere.

        :param credential: None when none was sent.
        :raises Unauthenticated: a credential was sent and is not known, or one is needed and none was sent.
        """
