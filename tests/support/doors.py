"""Every way in: how to prepare an account for it, how to go through it, and what it takes when it is wrong."""

from abc import ABC, abstractmethod
from uuid import UUID

import pyotp

from contracts.ports.telegram_proof import BOT_KEY, mini_app, widget
from core.identity.api import Challenge, SessionKind, SignedIn
from core.identity.telegram import TelegramUser
from core.identity.usecases.complete_sign_in import CompleteSignIn
from core.identity.usecases.keep_second_factor import ConfirmTotp, StartTotp
from core.identity.usecases.link_telegram import InviteTelegram, LinkTelegram
from core.identity.usecases.sign_in import SignIn
from core.identity.usecases.sign_in_by_code import AskSignInCode, SignInByCode
from core.identity.usecases.sign_in_by_telegram import SignInByTelegram
from core.kernel.actor import Actor, system_actor
from tests.support.crowd import ANN, PASSWORD, STRANGER, Crowd

BOT = system_actor("bot")
USER = TelegramUser(8589934592, "Анна K & Co=", "anna")


async def second_factor(crowd: Crowd, ann: Actor) -> tuple[str, list[str]]:
    """Turn the second factor on: its secret, and the recovery codes."""
    secret = (await (await crowd.get(StartTotp))(ann)).secret
    codes = await (await crowd.get(ConfirmTotp))(ann, shown(crowd, secret))
    return secret, codes.codes


def shown(crowd: Crowd, secret: str) -> str:
    """What an app shows now."""
    return pyotp.TOTP(secret).at(crowd.clock.now())


async def link_telegram(crowd: Crowd, ann: Actor, user: TelegramUser = USER) -> UUID:
    """Join an account and a user of Telegram."""
    url = (await (await crowd.get(InviteTelegram))(ann)).url
    return await (await crowd.get(LinkTelegram))(BOT, url.rpartition("=")[2], user)


class Door(ABC):
    """One way in, for an account that was made ready for it."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd

    async def prepare(self, ann: Actor) -> None:  # noqa: B027 - most need nothing
        """Make an account ready, while its person is signed in."""

    async def approach(self) -> None:  # noqa: B027 - nor this
        """Do what comes right before going through."""

    @abstractmethod
    async def enter(self, actor: Actor = STRANGER) -> SignedIn | Challenge:
        """Go through it with what is right."""

    @abstractmethod
    async def fail(self, actor: Actor = STRANGER) -> None:
        """Try it with what is wrong.

        :raises SotyError: it is refused.
        """


class PasswordDoor(Door):
    """A name and a password."""

    async def enter(self, actor: Actor = STRANGER) -> SignedIn | Challenge:
        return await (await self.crowd.get(SignIn))(actor, ANN, PASSWORD, kind=SessionKind.BEARER)

    async def fail(self, actor: Actor = STRANGER) -> None:
        await (await self.crowd.get(SignIn))(actor, ANN, "another password", kind=SessionKind.BEARER)


class CodeDoor(Door):
    """A code that came by letter."""

    async def approach(self) -> None:
        self.token = (await (await self.crowd.get(AskSignInCode))(STRANGER, ANN, language="en")).token
        await self.crowd.react()
        self.code = self.crowd.letter.code

    async def enter(self, actor: Actor = STRANGER) -> SignedIn | Challenge:
        return await (await self.crowd.get(SignInByCode))(actor, self.token, self.code, kind=SessionKind.BEARER)

    async def fail(self, actor: Actor = STRANGER) -> None:
        await (await self.crowd.get(SignInByCode))(actor, self.token, "x", kind=SessionKind.BEARER)


class ChallengeDoor(Door):
    """A second factor behind a password."""

    async def prepare(self, ann: Actor) -> None:
        self.secret, _ = await second_factor(self.crowd, ann)
        self.crowd.clock.advance(60)

    async def approach(self) -> None:
        found = await PasswordDoor(self.crowd).enter()
        assert isinstance(found, Challenge)
        self.token = found.token

    async def enter(self, actor: Actor = STRANGER) -> SignedIn | Challenge:
        return await (await self.crowd.get(CompleteSignIn))(actor, self.token, shown(self.crowd, self.secret))

    async def fail(self, actor: Actor = STRANGER) -> None:
        await (await self.crowd.get(CompleteSignIn))(actor, self.token, "x")


class WidgetDoor(Door):
    """The Login Widget of Telegram."""

    async def prepare(self, ann: Actor) -> None:
        await link_telegram(self.crowd, ann)

    @property
    def _now(self) -> str:
        return str(int(self.crowd.clock.now().timestamp()))

    async def enter(self, actor: Actor = STRANGER) -> SignedIn | Challenge:
        said = widget(auth_date=self._now)
        return await (await self.crowd.get(SignInByTelegram))(actor, said, kind=SessionKind.BEARER)

    async def fail(self, actor: Actor = STRANGER) -> None:
        said = {**widget(auth_date=self._now), "id": "7"}
        await (await self.crowd.get(SignInByTelegram))(actor, said, kind=SessionKind.BEARER)


class MiniAppDoor(WidgetDoor):
    """A Mini App of Telegram."""

    async def enter(self, actor: Actor = STRANGER) -> SignedIn | Challenge:
        said = mini_app(auth_date=self._now)
        return await (await self.crowd.get(SignInByTelegram))(actor, said, kind=SessionKind.BEARER)

    async def fail(self, actor: Actor = STRANGER) -> None:
        said = mini_app("1:other", auth_date=self._now)
        await (await self.crowd.get(SignInByTelegram))(actor, said, kind=SessionKind.BEARER)


class BotDoor(WidgetDoor):
    """Our bot, with its key."""

    async def enter(self, actor: Actor = STRANGER) -> SignedIn | Challenge:
        return await (await self.crowd.get(SignInByTelegram)).by_bot(actor, BOT_KEY, USER, kind=SessionKind.BEARER)

    async def fail(self, actor: Actor = STRANGER) -> None:
        await (await self.crowd.get(SignInByTelegram)).by_bot(actor, "x", USER, kind=SessionKind.BEARER)


DOORS: tuple[type[Door], ...] = (PasswordDoor, CodeDoor, ChallengeDoor, WidgetDoor, MiniAppDoor, BotDoor)
