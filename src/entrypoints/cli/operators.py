"""Who sits at the terminal, as the audit trail shows it."""

from getpass import getuser

from core.kernel.actor import Actor, ActorKind
from core.operations import permissions


def operator(name: str | None) -> Actor:
    """An actor who may do what operators may.

    :param name: None for the name of the account of this process.
    """
    return Actor(ActorKind.SERVICE, name or _account(), frozenset(permissions.ALL))


def _account() -> str:
    try:
        return getuser()
    except (KeyError, OSError):
        return "unknown"
