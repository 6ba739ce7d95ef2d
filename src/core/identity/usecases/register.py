"""Make an account of one's own."""

from dataclasses import dataclass

from msgspec.structs import replace

from core.identity.api import IdentityRules, Registration
from core.identity.contacts import Contacts
from core.identity.domain.account import HandleKind, Newcomer
from core.identity.domain.limits import SIGN_UP, SIGN_UP_AS, count, key_of
from core.identity.domain.names import folded, kind_of, login_faults, username_key
from core.identity.domain.passwords import context_of
from core.identity.domain.refusals import NoTexts, RegistrationClosed, UsernameTaken
from core.identity.usecases.accept_password import AcceptPassword
from core.identity.usecases.open_account import OpenAccount
from core.kernel.actor import Actor
from core.kernel.limits import RateLimiter, network_of
from core.kernel.wire import WrongFields


@dataclass(frozen=True, slots=True)
class Register:
    """Make an account under an e-mail address, a phone number or a username.

    Whether an address has an account already is told to nobody but its owner.
    """

    rules: IdentityRules
    contacts: Contacts
    limiter: RateLimiter
    accept: AcceptPassword
    open: OpenAccount

    async def __call__(self, actor: Actor, login: str, password: str, *, language: str) -> None:
        """Register; an address gets a letter in any case.

        :param login: an address, a number that begins with a plus sign, or a username.
        :raises RegistrationClosed: nobody may register, or only who is invited.
        :raises Limited: too many from here, or for this name.
        :raises WrongFields: the name or the password is refused.
        :raises NoTexts: a number, where nothing sends texts.
        :raises UsernameTaken: a username that another has; usernames are no secret.
        """
        if self.rules.registration is not Registration.OPEN:
            raise RegistrationClosed
        await count(self.limiter, SIGN_UP, network_of(actor.origin.address))
        newcomer = replace(named(self.contacts, login), language=language)
        if newcomer.phone is not None and not self.rules.texts:
            raise NoTexts
        await count(self.limiter, SIGN_UP_AS, key_of(newcomer.handles[0].key, actor.origin))
        kept = await self.accept(actor, password, context=context_of(newcomer))
        is_new = await self.open(actor, replace(newcomer, password_hash=kept))
        if not is_new and newcomer.username is not None:
            raise UsernameTaken


def named(contacts: Contacts, login: str) -> Newcomer:
    """Somebody under the name that somebody has typed.

    :raises WrongFields: no account can have such a name.
    """
    kind = kind_of(login)
    if kind is HandleKind.EMAIL and (email := contacts.email(login)) is not None:
        return Newcomer(email=email, email_key=folded(email))
    if kind is HandleKind.PHONE and (phone := contacts.phone(login)) is not None:
        return Newcomer(phone=phone)
    if kind is HandleKind.USERNAME and (key := username_key(login)) is not None:
        return Newcomer(username=login.strip(), username_key=key)
    raise WrongFields(login_faults(login))
