"""Ann and her sessions, over a process that a test has put together."""

from collections.abc import AsyncIterator
from uuid import UUID

from dishka import Provider, Scope

from adapters.memory.clock import FakeClock
from core.identity.api import SessionKind, SignedIn, SignInMethod
from core.identity.domain.account import Account
from core.identity.ports import IdentityWork
from core.identity.usecases.begin_session import BeginSession
from core.identity.usecases.refresh_session import RefreshSession
from core.kernel.auth import Authenticator, Credential, Scheme
from core.kernel.clock import Clock
from core.kernel.errors import Unauthenticated
from core.kernel.work import OpenWork
from entrypoints.shared.settings import Settings
from tests.support.crowd import STRANGER
from tests.support.http import Client, serving

ID = UUID(int=1 << 120 | 1)


class People:
    """Ann, over a container."""

    def __init__(self, client: Client, clock: FakeClock, ann: Account) -> None:
        self.client, self.clock, self.ann = client, clock, ann

    async def begin(self, kind: SessionKind = SessionKind.BEARER) -> SignedIn:
        """A session of hers."""
        begun = await (await self.client.container.get(BeginSession))(STRANGER, self.ann, kind, SignInMethod.PASSWORD)
        assert isinstance(begun, SignedIn)
        return begun

    async def refresh(self, token: str, kind: SessionKind = SessionKind.BEARER) -> SignedIn:
        """Exchange a token."""
        refresh = await self.client.container.get(RefreshSession)
        found: SignedIn = await refresh(STRANGER, token, kind=kind)
        return found

    async def is_live(self, session: SignedIn) -> bool:
        """Whether what carries her session is taken."""
        by_cookie = session.kind is SessionKind.COOKIE
        sent = (Scheme.COOKIE, session.cookie) if by_cookie else (Scheme.BEARER, session.access_token)
        authenticator: Authenticator = await self.client.container.get(Authenticator)
        try:
            await authenticator.authenticate(Credential(*sent))
        except Unauthenticated:
            return False
        return True


async def people_over(settings: Settings) -> AsyncIterator[People]:
    """An application with a clock of ours, and Ann in its database."""
    clock = FakeClock()
    ann = Account(id=ID, created_at=clock.now(), username="ann", username_key="ann", email_verified_at=clock.now())
    async with serving(settings, timed(clock)) as client:
        open_work: OpenWork[IdentityWork] = await client.container.get(OpenWork[IdentityWork])
        async with open_work() as work:
            assert await work.accounts.add(ann)
        yield People(client, clock, ann)


def timed(clock: FakeClock) -> Provider:
    """Makes an application go by a clock."""
    timing = Provider(scope=Scope.APP)
    timing.provide(lambda: clock, provides=Clock, override=True)
    return timing
