"""Rules about networks in memory."""

from dataclasses import dataclass
from uuid import UUID

from adapters.memory.store import MemoryStore, Tables
from core.identity.domain.networks import IpRule
from core.identity.networks import IpRuleReader, IpRules


@dataclass(frozen=True, slots=True)
class MemoryIpRules(IpRules):
    """Keeps rules in a draft."""

    tables: Tables

    async def of(self, account_id: UUID) -> list[IpRule]:
        """All of an account, by id."""
        return _of(self.tables, account_id)

    async def add(self, rule: IpRule) -> None:
        """Keep a new one."""
        self.tables.ip_rules.put(rule.id, rule)

    async def remove(self, rule_id: UUID) -> None:
        """Drop it."""
        self.tables.ip_rules.remove(rule_id)


@dataclass(frozen=True, slots=True)
class MemoryIpRuleReader(IpRuleReader):
    """Reads what is committed."""

    store: MemoryStore

    async def rules(self, account_id: UUID) -> list[IpRule]:
        """All of an account, by id."""
        return _of(self.store.committed, account_id)


def _of(tables: Tables, account_id: UUID) -> list[IpRule]:
    found = [each for each in tables.ip_rules.values() if each.account_id == account_id]
    return sorted(found, key=lambda each: each.id)
