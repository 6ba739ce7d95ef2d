"""Identity's use cases, put together as a process puts them together, and people who use them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from dishka import STRICT_VALIDATION, AsyncContainer, Provider, Scope, make_async_container, provide, provide_all

from adapters.memory.clock import FakeClock
from adapters.memory.facts import MemoryListener
from adapters.memory.ids import SeededIds
from adapters.memory.provider import LocalLimitsProvider, MemoryProvider, NoCacheProvider
from adapters.memory.secrets import CountingMint, FewBreached, PlainSigner, QuickHasher
from adapters.postgres.provider import PostgresProvider
from adapters.postgres.settings import PostgresSettings
from adapters.security.codes import TotpGenerator
from adapters.security.contacts import CheckedContacts
from adapters.security.seal import FernetSeal
from adapters.security.telegram import BotTokenProof
from contracts.ports.telegram_proof import BOT_KEY, BOT_TOKEN
from core.identity.api import Challenge, IdentityRules, SessionKind, SessionView, SignedIn
from core.identity.contacts import Contacts
from core.identity.factors import CodeGenerator
from core.identity.grants import Grants, RoleGrants
from core.identity.module import MODULE
from core.identity.rights import Rights
from core.identity.secrets import BreachedPasswords, Mint, PasswordHasher, TokenSigner
from core.identity.telegram import TelegramProof
from core.identity.traces import LastSeen
from core.identity.usecases.accept_password import AcceptPassword
from core.identity.usecases.add_person import AddPerson
from core.identity.usecases.ask_for_letter import AskForLetter, SendAskedLetter
from core.identity.usecases.begin_session import BeginSession
from core.identity.usecases.change_email import AskEmailChange, ConfirmEmailChange, UndoEmailChange
from core.identity.usecases.change_password import ChangePassword
from core.identity.usecases.change_person import ChangePerson
from core.identity.usecases.change_roles import ChangeRoles
from core.identity.usecases.complete_sign_in import CompleteSignIn
from core.identity.usecases.delete_account import DeleteAccount
from core.identity.usecases.end_sessions import RevokeSessions, SignOut
from core.identity.usecases.find_authority import FindAuthority
from core.identity.usecases.forget_person import ForgetPerson
from core.identity.usecases.forget_sessions import ForgetSessions
from core.identity.usecases.identify_by_key import IdentifyByKey
from core.identity.usecases.identify_person import IdentifyPerson
from core.identity.usecases.impersonate import Impersonate
from core.identity.usecases.invite import AcceptInvite, InvitePerson
from core.identity.usecases.keep_account import KeepAccount
from core.identity.usecases.keep_api_keys import CreateApiKey, RevokeApiKey
from core.identity.usecases.keep_second_factor import ConfirmTotp, DisableTotp, StartTotp
from core.identity.usecases.link_telegram import InviteTelegram, LinkTelegram, UnlinkTelegram
from core.identity.usecases.note_attempt import NoteAttempt
from core.identity.usecases.open_account import OpenAccount
from core.identity.usecases.pass_second_factor import PassSecondFactor
from core.identity.usecases.prove_again import CheckPassword, ProveAgain, RenewTokens
from core.identity.usecases.queries.activity import ListActivity, ListActivityOf
from core.identity.usecases.queries.api_keys import ListApiKeys
from core.identity.usecases.queries.me import GetMe, ListSessions
from core.identity.usecases.queries.people import GetPerson, ListPeople
from core.identity.usecases.queries.personal import ListOwnSignIns
from core.identity.usecases.queries.profiles import GetProfile
from core.identity.usecases.queries.second_factor import GetSecondFactor
from core.identity.usecases.refresh_session import RefreshSession
from core.identity.usecases.register import Register
from core.identity.usecases.reset_password import ResetPassword
from core.identity.usecases.send_code import SendCode
from core.identity.usecases.set_up import OfferSetUp, SetUp
from core.identity.usecases.sign_in import SignIn
from core.identity.usecases.sign_in_by_code import AskSignInCode, SendSignInCode, SignInByCode
from core.identity.usecases.sign_in_by_telegram import SignInByTelegram
from core.identity.usecases.sweep_traces import SweepTraces
from core.identity.usecases.verify_contact import VerifyContact
from core.identity.usecases.watch_over_people import ChangeStatus, EndSessionsOf
from core.identity.usecases.write_last_seen import WriteLastSeen
from core.kernel.actor import Actor, ActorKind, Origin, system_actor
from core.kernel.audit import AuditEntry, AuditReader
from core.kernel.auth import Credential, Scheme
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from core.kernel.outbox import Delivery, Lanes, Subscriptions
from core.kernel.seal import Seal
from core.kernel.secret import Secret
from core.kernel.work import FactListener
from core.notifications.events import LetterWanted
from core.notifications.module import MODULE as NOTIFICATIONS
from entrypoints.shared.wiring import subscriptions_of

T = TypeVar("T")
RULES = IdentityRules(texts=True)
ANN = "Ann@example.com"
PASSWORD = "a walrus plays the tuba"
OTHER = "two walruses play the oboe"


class Letter(NamedTuple):
    """A letter as its reader sees it."""

    name: str
    to: str
    params: dict[str, str]

    @property
    def code(self) -> str:
        """The six digits in it."""
        return self.params["code"]

    @property
    def token(self) -> str:
        """What the link in it carries."""
        return parse_qs(urlsplit(self.params["link"]).query)["token"][0]


def stranger(address: str = "192.0.2.1", agent: str = "tests") -> Actor:
    """Somebody of whom no more is known than where it is."""
    return Actor(ActorKind.ANONYMOUS, "anonymous", origin=Origin(address, agent, "r-1"))


STRANGER = stranger()
SOTY = system_actor("tests")


class Crowd:
    """Use cases by type, and the steps that people take most."""

    def __init__(self, container: AsyncContainer, clock: FakeClock, listener: MemoryListener) -> None:
        self.clock = clock
        self._container = container
        self._listener = listener
        self._seal = FernetSeal([bytes(32)])

    async def get(self, wanted: type[T]) -> T:
        """A use case or an adapter."""
        return await self._container.get(wanted)

    @property
    def letters(self) -> list[Letter]:
        """All letters that were asked for, oldest first."""
        wanted = [fact for fact in self._listener.heard if isinstance(fact, LetterWanted)]
        return [Letter(fact.letter, fact.to, fact.opened(self._seal)) for fact in wanted]

    @property
    def letter(self) -> Letter:
        """The newest letter."""
        return self.letters[-1]

    async def react(self) -> None:
        """Let identity's reactions do what waits for them."""
        lanes: Lanes = await self.get(Lanes)
        for reaction in MODULE.reactions:
            if reaction.use_case not in (SendAskedLetter, SendSignInCode):
                continue
            use_case: Any = await self.get(reaction.use_case)
            while (lease := await lanes.claim(reaction.name, 64)) is not None:
                due: list[Delivery] = await lanes.next(lease, 100)
                for delivery in due:
                    await use_case(delivery)
                await lanes.release(lease)
                if not due:
                    break

    async def register(self, login: str = ANN, password: str = PASSWORD, actor: Actor = STRANGER) -> None:
        """Register."""
        await (await self.get(Register))(actor, login, password, language="en")

    async def sign_in(
        self,
        login: str = ANN,
        password: str = PASSWORD,
        kind: SessionKind = SessionKind.BEARER,
        actor: Actor = STRANGER,
    ) -> SignedIn:
        """Sign in, where no second factor is asked for."""
        found: SignedIn | Challenge = await (await self.get(SignIn))(actor, login, password, kind=kind)
        assert isinstance(found, SignedIn)
        return found

    async def verified(self, login: str = ANN, password: str = PASSWORD) -> SignedIn:
        """Register, verify and sign in."""
        await self.register(login, password)
        verify = await self.get(VerifyContact)
        await verify(STRANGER, code=self.letter.code, login=login)
        return await self.sign_in(login, password)

    async def hire(self, login: str, *roles: str) -> Actor:
        """Make an account with roles, and sign in to it."""
        await (await self.get(AddPerson))(SOTY, login=login, password=PASSWORD, roles=roles)
        return await self.person(await self.sign_in(login))

    async def person(self, session: SignedIn) -> Actor:
        """Who calls with the tokens of a session, or with its cookie."""
        identify = await self.get(IdentifyPerson)
        is_cookie = session.kind is SessionKind.COOKIE
        value, scheme = (session.cookie, Scheme.COOKIE) if is_cookie else (session.access_token, Scheme.BEARER)
        return await identify(STRANGER, Credential(scheme, value))

    async def sessions(self, actor: Actor) -> dict[UUID, SessionView]:
        """The sessions of somebody."""
        page = await (await self.get(ListSessions))(actor)
        return {session.id: session for session in page.items}

    async def trail(self, object_id: object) -> list[AuditEntry]:
        """Who did what to an object."""
        reader: AuditReader = await self.get(AuditReader)
        return await reader.entries(str(object_id))


class UseCases(Provider):
    """What gets people in and keeps them in."""

    scope = Scope.APP

    all = provide_all(
        *(Register, OpenAccount, AcceptPassword, SendCode, VerifyContact, AskForLetter, SendAskedLetter),
        *(
            SignIn,
            BeginSession,
            RefreshSession,
            IdentifyPerson,
            SignOut,
            RevokeSessions,
            GetMe,
            ListSessions,
            ListActivity,
        ),
        *(CheckPassword, RenewTokens, ProveAgain, ChangePassword, ResetPassword),
        *(AskEmailChange, ConfirmEmailChange, UndoEmailChange),
        *(FindAuthority, ForgetPerson, IdentifyByKey, CreateApiKey, RevokeApiKey),
        *(StartTotp, ConfirmTotp, DisableTotp, GetSecondFactor),
        *(
            NoteAttempt,
            WriteLastSeen,
            SweepTraces,
            PassSecondFactor,
            CompleteSignIn,
            AskSignInCode,
            SendSignInCode,
            SignInByCode,
            SignInByTelegram,
        ),
        *(InviteTelegram, LinkTelegram, UnlinkTelegram, ChangeRoles),
        *(
            ListPeople,
            GetPerson,
            ListActivityOf,
            ListOwnSignIns,
            AddPerson,
            ChangeStatus,
            EndSessionsOf,
            Impersonate,
            OfferSetUp,
            SetUp,
        ),
        *(
            InvitePerson,
            AcceptInvite,
            ListApiKeys,
            ChangePerson,
            GetProfile,
            DeleteAccount,
            KeepAccount,
            ForgetSessions,
        ),
    )


class QuickSecrets(Provider):
    """Cryptography and ids that are quick and the same in every run."""

    scope = Scope.APP

    hasher = provide(QuickHasher, provides=PasswordHasher)
    contacts = provide(CheckedContacts, provides=Contacts)

    @provide
    def ids(self) -> Ids:
        """Of one seed."""
        return SeededIds()

    @provide
    def breached(self) -> BreachedPasswords:
        """A few."""
        return FewBreached()

    @provide
    def signer(self, clock: Clock) -> TokenSigner:
        """Under a key that everybody knows."""
        return PlainSigner(clock)

    @provide
    def mint(self) -> Mint:
        """In the same order."""
        return CountingMint()

    generator = provide(TotpGenerator, provides=CodeGenerator)

    @provide
    def telegram(self) -> TelegramProof:
        """Of the bot of the tests."""
        return BotTokenProof(Secret(BOT_TOKEN), "soty_bot", Secret(BOT_KEY))

    @provide
    def seal(self) -> Seal:
        """Under the same key."""
        return FernetSeal([bytes(32)])


@asynccontextmanager
async def open_crowd(rules: IdentityRules = RULES, postgres: str | None = None) -> AsyncIterator[Crowd]:
    """Use cases over an empty store of their own.

    :param postgres: address of an empty database, instead of memory.
    """
    clock, listener = FakeClock(), MemoryListener((LetterWanted,))
    given = Provider(scope=Scope.APP)
    given.provide(lambda: clock, provides=Clock)
    given.provide(lambda: listener, provides=FactListener)
    given.provide(lambda: rules, provides=IdentityRules)
    given.provide(lambda: Rights(MODULE.permissions), provides=Rights)
    given.provide(LastSeen)
    given.provide(RoleGrants, provides=Grants)
    subscriptions = subscriptions_of(MODULE, NOTIFICATIONS, kafka=False)
    given.provide(lambda: subscriptions, provides=Subscriptions)
    container = make_async_container(
        given,
        *([MemoryProvider("tests")] if postgres is None else _on_postgres(postgres)),
        QuickSecrets(),
        UseCases(),
        validation_settings=STRICT_VALIDATION,
    )
    try:
        yield Crowd(container, clock, listener)
    finally:
        await container.close()


def _on_postgres(url: str) -> list[Provider]:
    """Storage of a process without Redis."""
    settings = Provider(scope=Scope.APP)
    settings.provide(lambda: PostgresSettings(url=Secret(url), pool=8), provides=PostgresSettings)
    return [settings, PostgresProvider("tests"), NoCacheProvider(), LocalLimitsProvider()]
