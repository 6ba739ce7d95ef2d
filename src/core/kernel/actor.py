"""Who asks, and from where: the first argument of every use case."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from core.kernel.errors import Forbidden, Kind, SotyError, Unauthenticated

FRESH = timedelta(minutes=10)
"""How long after proving who one is the most sensitive acts need no new proof."""


class ActorKind(StrEnum):
    """What stands behind a call."""

    ANONYMOUS = "anonymous"
    USER = "user"
    SERVICE = "service"
    SYSTEM = "system"


class Origin(msgspec.Struct, frozen=True):
    """Where a call comes from: the address of the client, what it says it is, and the id of the request."""

    address: str = ""
    agent: str = ""
    request: str = ""


NOWHERE = Origin()


class ProofNeeded(SotyError):
    """A sensitive act of somebody who proved who he is too long ago, or who acts as somebody else."""

    code = "kernel.proof_needed"
    kind = Kind.FORBIDDEN


class PersonNeeded(SotyError):
    """An act that only a person can do, asked for by a service."""

    code = "kernel.person_needed"
    kind = Kind.FORBIDDEN


class SecondFactorNeeded(SotyError):
    """An act that a person may do only with a second factor, which it does not have yet."""

    code = "kernel.second_factor_needed"
    kind = Kind.FORBIDDEN


class VerificationNeeded(SotyError):
    """An act of a person that has not shown yet that it can be reached under an address of its own."""

    code = "kernel.verification_needed"
    kind = Kind.FORBIDDEN


class Actor(msgspec.Struct, frozen=True):
    """An authenticated caller and what it may do; a value, never looked up again inside a use case.

    A person has an ``account``, and a ``session`` unless an API key speaks for it; ``proven_at`` is when that session
    last saw a password or a second factor. ``impersonator`` is the account of the one who acts as that person.
    A ``limited`` person has verified no address yet, and may do no more than that.
    ``withheld`` is what a person may do only once it has a second factor. ``networks`` are those from which its account
    may be used, none at all for everywhere.
    """

    kind: ActorKind
    name: str
    permissions: frozenset[str] = frozenset()
    account: UUID | None = None
    session: UUID | None = None
    impersonator: UUID | None = None
    proven_at: datetime | None = None
    origin: Origin = NOWHERE
    limited: bool = False
    withheld: frozenset[str] = frozenset()
    networks: tuple[str, ...] = ()

    def require(self, permission: str) -> None:
        """Let the call go on only with the permission.

        :raises VerificationNeeded: the actor has to verify an address first.
        :raises SecondFactorNeeded: the actor has it, but needs a second factor to use it.
        :raises Forbidden: the actor lacks it; a system actor lacks nothing.
        """
        if self.limited:
            raise VerificationNeeded
        if self.kind is not ActorKind.SYSTEM and permission not in self.permissions:
            raise SecondFactorNeeded if permission in self.withheld else Forbidden(permission=permission)

    def person(self, *, even_limited: bool = False) -> UUID:
        """The account of the person that calls.

        :param even_limited: whether it may do this before it has verified an address.
        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises VerificationNeeded: it has to verify an address first.
        """
        if self.kind is ActorKind.ANONYMOUS:
            raise Unauthenticated
        if self.account is None:
            raise PersonNeeded
        if self.limited and not even_limited:
            raise VerificationNeeded
        return self.account

    def require_proof(self, now: datetime, *, even_limited: bool = False) -> UUID:
        """Let a person do what is sensitive only shortly after proving who it is, and nobody else in its name.

        :param even_limited: whether it may do this before it has verified an address.
        :returns: the account of the person.
        :raises Unauthenticated: nobody is known to call.
        :raises PersonNeeded: a service calls.
        :raises VerificationNeeded: it has to verify an address first.
        :raises ProofNeeded: the last proof is older than ten minutes, or there is none.
        """
        account = self.person(even_limited=even_limited)
        if self.impersonator is not None or self.proven_at is None or now - self.proven_at > FRESH:
            raise ProofNeeded
        return account


ANONYMOUS = Actor(ActorKind.ANONYMOUS, "anonymous")


def system_actor(name: str) -> Actor:
    """An actor for Soty's own processes, such as the consumer.

    :param name: what the audit trail shows.
    """
    return Actor(ActorKind.SYSTEM, name)
