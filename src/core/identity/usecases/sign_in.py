"""Sign in with a name and a password."""

from dataclasses import dataclass

from core.identity.api import Challenge, SessionKind, SignedIn, SignInMethod, SignInOutcome
from core.identity.contacts import Contacts
from core.identity.domain.account import Account, Handle, HandleKind
from core.identity.domain.limits import SIGN_IN, SIGN_IN_AS, SIGN_IN_FAILED, count, key_of
from core.identity.domain.names import folded, kind_of, username_key
from core.identity.domain.passwords import composed
from core.identity.domain.refusals import WrongCredentials
from core.identity.ports import AccountReader
from core.identity.secrets import PasswordHasher
from core.identity.usecases.begin_session import BeginSession
from core.identity.usecases.note_attempt import NoteAttempt
from core.kernel.actor import Actor
from core.kernel.limits import RateLimiter, network_of


@dataclass(frozen=True, slots=True)
class SignIn:
    """Begin a session of whoever knows the password of an account; an unknown account takes as long as any other."""

    contacts: Contacts
    reader: AccountReader
    hasher: PasswordHasher
    limiter: RateLimiter
    begin: BeginSession
    note: NoteAttempt

    async def __call__(self, actor: Actor, login: str, password: str, *, kind: SessionKind) -> SignedIn | Challenge:
        """Sign in.

        :param login: e-mail address, username, or a number that was verified.
        :param kind: how the session is to be carried.
        :raises Limited: too many from here, or in vain for this name from here; counted before anything is looked at.
        :raises WrongCredentials: no such account, or another password.
        :raises AccountBlocked: the account may not be used.
        :raises AccountDeleted: it was deleted.
        :raises NetworkRefused: the right password, from where the account may not be used.
        :raises Unavailable: too many sign in at once.
        """
        handle = handle_of(self.contacts, login)
        place = network_of(actor.origin.address)
        name = key_of(folded(login) if handle is None else handle.key, actor.origin)
        await count(self.limiter, SIGN_IN, place)
        for limit, who in (failures := ((SIGN_IN_FAILED, place), (SIGN_IN_AS, name))):
            await count(self.limiter, limit, who)
        account = None if handle is None else await self._known(handle)
        wanted = composed(password)
        right = await self.hasher.verify(None if account is None else account.password_hash, wanted)
        if account is None or account.password_hash is None or not right:
            known = None if account is None else account.id
            await self.note(actor, SignInOutcome.WRONG_PASSWORD, SignInMethod.PASSWORD, known)
            raise WrongCredentials
        for limit, who in failures:
            await self.limiter.forgive(limit, who)
        rehashed = await self.hasher.hash(wanted) if self.hasher.is_outdated(account.password_hash) else None
        return await self.begin(actor, account, kind, SignInMethod.PASSWORD, rehashed=rehashed)

    async def _known(self, handle: Handle) -> Account | None:
        account = await self.reader.find(handle)
        if account is not None and handle.kind is HandleKind.PHONE and account.phone_verified_at is None:
            return None
        return account


def handle_of(contacts: Contacts, login: str) -> Handle | None:
    """What somebody has typed, in the form in which names are compared; None when no account can have such a name."""
    kind = kind_of(login)
    if kind is HandleKind.EMAIL:
        address = contacts.email(login)
        return None if address is None else Handle(kind, folded(address))
    if kind is HandleKind.PHONE:
        number = contacts.phone(login)
        return None if number is None else Handle(kind, number)
    key = username_key(login)
    return None if key is None else Handle(kind, key)
