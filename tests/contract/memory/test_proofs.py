"""The memory adapter keeps the promises about API keys, second factors and Telegram links."""

import pytest

from adapters.memory.clock import FakeClock
from adapters.memory.factors import MemoryFactorReader
from adapters.memory.facts import MemoryListener
from adapters.memory.identity_work import OpenMemoryIdentity
from adapters.memory.ids import SeededIds
from adapters.memory.keys import MemoryApiKeyReader
from adapters.memory.store import MemoryStore
from adapters.memory.telegram import MemoryTelegramReader
from contracts.ports.api_keys import ApiKeysSuite
from contracts.ports.factors import FactorsSuite
from contracts.ports.proofs_subject import ProofsSubject
from contracts.ports.telegram import TelegramLinksSuite
from core.kernel.outbox import Subscriptions


class OnMemory:
    """Every test starts with an empty store."""

    @pytest.fixture
    def subject(self) -> ProofsSubject:
        """The memory adapter."""
        store = MemoryStore()
        return ProofsSubject(
            OpenMemoryIdentity(store, MemoryListener(()), Subscriptions({}), FakeClock(), SeededIds(0)),
            MemoryApiKeyReader(store),
            MemoryFactorReader(store),
            MemoryTelegramReader(store),
        )


class TestApiKeys(OnMemory, ApiKeysSuite):
    """API keys."""


class TestFactors(OnMemory, FactorsSuite):
    """Second factors."""


class TestTelegramLinks(OnMemory, TelegramLinksSuite):
    """Telegram links."""
