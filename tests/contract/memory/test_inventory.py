"""The memory adapter keeps the promises of inventory's ports."""

import pytest

from contracts.ports.stock_book import ShortageSuite, StockBookSuite
from contracts.ports.stock_book_races import RacesSuite
from contracts.ports.subject import Subject
from tests.support.memory import memory_subject


class OnMemory:
    """Every test starts with an empty store."""

    @pytest.fixture
    def subject(self) -> Subject:
        """The memory adapter."""
        return memory_subject()


class TestStockBook(OnMemory, StockBookSuite):
    """Effects, repeats, pairs."""


class TestShortage(OnMemory, ShortageSuite):
    """Departures that wait."""


class TestRaces(OnMemory, RacesSuite):
    """Callers at once."""
