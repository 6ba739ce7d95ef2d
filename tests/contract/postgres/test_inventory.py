"""The PostgreSQL adapter keeps the promises of inventory's ports."""

from collections.abc import AsyncIterator

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
from tests.support.postgres import postgres_subject, store_of


class OnPostgres:
    """Every test starts with an empty database."""

    @pytest.fixture
    async def subject(self, fresh_postgres_url: str) -> AsyncIterator[Subject]:
        """The PostgreSQL adapter."""
        async with store_of(fresh_postgres_url) as store:
            yield postgres_subject(store)


class TestWork(OnPostgres, WorkSuite):
    """Units of work."""


class TestRequests(OnPostgres, RequestsSuite):
    """Requests that come twice."""


class TestFacts(OnPostgres, FactsSuite):
    """Facts after the commit."""


class TestStockBook(OnPostgres, StockBookSuite):
    """Effects, repeats, pairs."""


class TestShortage(OnPostgres, ShortageSuite):
    """Departures that wait."""


class TestTogether(OnPostgres, TogetherSuite):
    """Many stocks, all or none."""


class TestRaces(OnPostgres, RacesSuite):
    """Callers at once, and streams."""


class TestCancelling(OnPostgres, CancelSuite):
    """Movements that are taken back."""


class TestCancelRaces(OnPostgres, CancelRacesSuite):
    """Movements that are taken back while something else becomes of them."""


class TestDecisions(OnPostgres, DecisionsSuite):
    """Decisions about movements."""


class TestMovements(OnPostgres, MovementSuite):
    """Movements."""


class TestTransit(OnPostgres, TransitSuite):
    """Goods under way."""


class TestOverdue(OnPostgres, OverdueSuite):
    """Goods that are under way for too long."""


class TestStockLevels(OnPostgres, StockLevelsSuite):
    """Thresholds and stocks that turn."""


class TestAlerts(OnPostgres, AlertsSuite):
    """Alerts opened, cleared, acknowledged and read."""


class TestStocktakes(OnPostgres, StocktakesSuite):
    """Counts of warehouses."""


class TestStocks(OnPostgres, StockReaderSuite):
    """Stocks and adjustments."""


class TestLedger(OnPostgres, LedgerSuite):
    """What changed a stock, and what it was."""


class TestQuarantine(OnPostgres, QuarantineSuite):
    """Keeping, counting, locking and deciding."""


class TestQuarantineReader(OnPostgres, QuarantineReaderSuite):
    """Items and gauges."""


class TestAudit(OnPostgres, AuditSuite):
    """The trail."""
