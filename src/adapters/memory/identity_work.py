"""Units of work over identity in memory."""

from adapters.memory.accounts import MemoryAccounts
from adapters.memory.addresses import MemoryAddresses
from adapters.memory.codes import MemoryCodes
from adapters.memory.drafts import Draft, OpenDraft
from adapters.memory.factors import MemoryFactors
from adapters.memory.keys import MemoryApiKeys
from adapters.memory.leavers import MemoryLeavers
from adapters.memory.networks import MemoryIpRules
from adapters.memory.profiles import MemoryProfiles
from adapters.memory.roles import MemoryHolders, MemoryRoles
from adapters.memory.sessions import MemoryImpersonations, MemoryRefreshTokens, MemorySessions
from adapters.memory.store import Tables
from adapters.memory.telegram import MemoryTelegramLinks
from adapters.memory.traces import MemoryAttempts
from core.identity.ports import IdentityWork
from core.kernel.clock import Clock
from core.kernel.facts import Fact
from core.kernel.requests import RequestKey


class MemoryIdentityWork(Draft, IdentityWork):
    """Repositories of identity over one draft."""

    def __init__(self, tables: Tables, wanted: frozenset[type[Fact]], request: RequestKey | None, clock: Clock) -> None:
        super().__init__(tables, wanted, request, clock)
        self.accounts = MemoryAccounts(tables)
        self.sessions = MemorySessions(tables)
        self.impersonations = MemoryImpersonations(tables)
        self.refresh_tokens = MemoryRefreshTokens(tables)
        self.codes = MemoryCodes(tables)
        self.roles = MemoryRoles(tables)
        self.holders = MemoryHolders(tables)
        self.keys = MemoryApiKeys(tables)
        self.factors = MemoryFactors(tables)
        self.telegram = MemoryTelegramLinks(tables)
        self.profiles = MemoryProfiles(tables)
        self.addresses = MemoryAddresses(tables)
        self.networks = MemoryIpRules(tables)
        self.leavers = MemoryLeavers(tables)
        self.attempts = MemoryAttempts(tables)


class OpenMemoryIdentity(OpenDraft[MemoryIdentityWork]):
    """Opens units of work over identity."""

    def _begin(self, tables: Tables, wanted: frozenset[type[Fact]], request: RequestKey | None) -> MemoryIdentityWork:
        return MemoryIdentityWork(tables, wanted, request, self.clock)
