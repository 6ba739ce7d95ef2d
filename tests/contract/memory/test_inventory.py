"""The memory adapter keeps the promises of inventory's ports."""

import pytest

from contracts.ports.alerts import AlertsSuite
from contracts.ports.audit import AuditSuite
from contracts.ports.cancelling import CancelRacesSuite, CancelSuite, DecisionsSuite
from contracts.ports.ledger_reader import LedgerSuite
from contracts.ports.movement_reader import MovementSuite, TransitSuite
from contracts.ports.quarantine import QuarantineSuite
from contracts.ports.quarantine_reader import QuarantineReaderSuite
from contracts.ports.requests import RequestsSuite
from contracts.ports.stock_book import ShortageSuite, StockBookSuite
from contracts.ports.stock_book_races import RacesSuite
from contracts.ports.stock_book_together import TogetherSuite
from contracts.ports.stock_levels import StockLevelsSuite
from contracts.ports.stock_reader import StockReaderSuite
from contracts.ports.stocktakes import StocktakesSuite
from contracts.ports.subject import Subject
from contracts.ports.transit import OverdueSuite
from contracts.ports.work import FactsSuite, WorkSuite
from tests.support.memory import memory_subject


class OnMemory:
    """Every test starts with an empty store."""

    @pytest.fixture
    def subject(self) -> Subject:
        """The memory adapter."""
        return memory_subject()


class TestWork(OnMemory, WorkSuite):
    """Units of work."""


class TestRequests(OnMemory, RequestsSuite):
    """Requests that come twice."""


class TestFacts(OnMemory, FactsSuite):
    """Facts after the commit."""


class TestStockBook(OnMemory, StockBookSuite):
    """Effects, repeats, pairs."""


class TestShortage(OnMemory, ShortageSuite):
    """Departures that wait."""


class TestTogether(OnMemory, TogetherSuite):
    """Many stocks, all or none."""


class TestRaces(OnMemory, RacesSuite):
    """Callers at once, and streams."""


class TestCancelling(OnMemory, CancelSuite):
    """Movements that are taken back."""


class TestCancelRaces(OnMemory, CancelRacesSuite):
    """Movements that are taken back while something else becomes of them."""


class TestDecisions(OnMemory, DecisionsSuite):
    """Decisions about movements."""


class TestMovements(OnMemory, MovementSuite):
    """Movements."""


class TestTransit(OnMemory, TransitSuite):
    """Goods under way."""


class TestOverdue(OnMemory, OverdueSuite):
    """Goods that are under way for too long."""


class TestStockLevels(OnMemory, StockLevelsSuite):
    """Thresholds and stocks that turn."""


class TestAlerts(OnMemory, AlertsSuite):
    """Alerts opened, cleared, acknowledged and read."""


class TestStocktakes(OnMemory, StocktakesSuite):
    """Counts of warehouses."""


class TestStocks(OnMemory, StockReaderSuite):
    """Stocks and adjustments."""


class TestLedger(OnMemory, LedgerSuite):
    """What changed a stock, and what it was."""


class TestQuarantine(OnMemory, QuarantineSuite):
    """Keeping, counting, locking and deciding."""


class TestQuarantineReader(OnMemory, QuarantineReaderSuite):
    """Items and gauges."""


class TestAudit(OnMemory, AuditSuite):
    """The trail."""
