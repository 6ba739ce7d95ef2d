"""Who asks: the first argument of every use case."""

from enum import StrEnum

import msgspec

from core.kernel.errors import Forbidden


class ActorKind(StrEnum):
    """What stands behind a call."""

    ANONYMOUS = "anonymous"
    SERVICE = "service"
    SYSTEM = "system"


class Actor(msgspec.Struct, frozen=True):
    """An authenticated caller and what it may do; a value, never looked up again inside a use case."""

    kind: ActorKind
    name: str
    permissions: frozenset[str] = frozenset()

    def require(self, permission: str) -> None:
        """Let the call go on only with the permission.

        :raises Forbidden: the actor lacks it; a system actor lacks nothing.
        """
        if self.kind is not ActorKind.SYSTEM and permission not in self.permissions:
            raise Forbidden(permission=permission)


ANONYMOUS = Actor(ActorKind.ANONYMOUS, "anonymous")


def system_actor(name: str) -> Actor:
    """An actor for Soty's own processes, such as the consumer.

    :param name: what the audit trail shows.
    """
    return Actor(ActorKind.SYSTEM, name)
