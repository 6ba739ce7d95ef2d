"""The use cases around API keys, second factors and Telegram over memory."""

from datetime import datetime
from uuid import UUID

from adapters.memory.audit import MemoryAuditReader
from adapters.memory.cache import MemoryCache
from adapters.memory.clock import FakeClock
from adapters.memory.factors import MemoryFactorReader
from adapters.memory.facts import MemoryListener
from adapters.memory.identity_work import OpenMemoryIdentity
from adapters.memory.ids import SeededIds
from adapters.memory.keys import MemoryApiKeyReader
from adapters.memory.limits import MemoryRateLimiter
from adapters.memory.secrets import CountingMint
from adapters.memory.store import MemoryStore
from adapters.memory.telegram import MemoryTelegramReader
from adapters.security.codes import TotpGenerator
from adapters.security.seal import FernetSeal
from adapters.security.telegram import BotTokenProof
from contracts.ports.telegram_proof import BOT_KEY, BOT_TOKEN
from core.identity.domain.account import Account
from core.identity.usecases.forget_person import ForgetPerson
from core.identity.usecases.keep_api_keys import CreateApiKey, RevokeApiKey
from core.identity.usecases.keep_second_factor import ConfirmTotp, DisableTotp, RenewRecoveryCodes, StartTotp
from core.identity.usecases.link_telegram import InviteTelegram, LinkTelegram, UnlinkTelegram
from core.identity.usecases.pass_second_factor import PassSecondFactor
from core.identity.usecases.queries.api_keys import ListApiKeys
from core.identity.usecases.queries.second_factor import GetSecondFactor
from core.kernel.actor import Actor, ActorKind, Origin
from core.kernel.audit import AuditEntry
from core.kernel.outbox import Subscriptions
from core.kernel.secret import Secret


class Persons:
    """People, and all that they can do about their keys, their second factor and Telegram."""

    def __init__(self) -> None:
        self.store, self.clock, self.ids, self.mint = MemoryStore(), FakeClock(), SeededIds(), CountingMint()
        self.open_work = OpenMemoryIdentity(self.store, MemoryListener(()), Subscriptions({}), self.clock, self.ids)
        self.cache, self.limiter = MemoryCache(self.clock), MemoryRateLimiter(self.clock)
        self.generator = TotpGenerator(FernetSeal([b"k" * 32]))
        self.proof = BotTokenProof(Secret(BOT_TOKEN), "soty_bot", Secret(BOT_KEY))
        work, clock, ids, mint = self.open_work, self.clock, self.ids, self.mint
        self.keys = MemoryApiKeyReader(self.store)
        forget, second = ForgetPerson(self.cache, work, self.keys), PassSecondFactor(self.generator, clock)
        self.create_key = CreateApiKey(work, mint, clock, ids)
        self.revoke_key, self.list_keys = RevokeApiKey(work, self.cache, clock, ids), ListApiKeys(self.keys)
        self.start, self.disable = StartTotp(work, self.generator, clock), DisableTotp(work, clock, ids, forget)
        self.confirm = ConfirmTotp(work, second, self.limiter, mint, ids, forget)
        self.renew, self.factor = (
            RenewRecoveryCodes(work, mint, clock, ids),
            GetSecondFactor(MemoryFactorReader(self.store)),
        )
        self.invite = InviteTelegram(work, self.proof, mint, clock, ids)
        self.link, self.unlink = LinkTelegram(work, clock, ids), UnlinkTelegram(work, clock, ids)
        self.telegram = MemoryTelegramReader(self.store)

    async def person(self, *permissions: str, **changes: object) -> Actor:
        """Somebody new who has just proved who he is."""
        account = Account(id=self.ids.new(), created_at=self.clock.now(), **changes)  # type: ignore[arg-type]
        async with self.open_work() as work:
            assert await work.accounts.add(account)
        return self.actor(account.id, *permissions)

    def actor(self, account: UUID, *permissions: str, proven_at: datetime | None = None) -> Actor:
        """Somebody in a session of his own."""
        return Actor(
            ActorKind.USER,
            f"user:{account}",
            frozenset(permissions),
            account=account,
            session=self.ids.new(),
            proven_at=proven_at or self.clock.now(),
            origin=Origin("192.0.2.1", "tests", "r-1"),
        )

    async def trail(self, actor: Actor) -> list[AuditEntry]:
        """What was done to the account of somebody."""
        return await MemoryAuditReader(self.store).entries(str(actor.account))
