"""The manifest of inventory."""

from core.inventory import permissions
from core.inventory.domain import errors
from core.inventory.events import (
    DepartureParked,
    EntriesStale,
    MessageQuarantined,
    MovementApplied,
    MovementCancelled,
    StockAdjusted,
    StockFellLow,
    StockRecovered,
    StocktakeClosed,
    TransitOverdue,
    TransitOverdueCleared,
    VarianceResolved,
)
from core.inventory.usecases.acknowledge_alert import AcknowledgeAlert
from core.inventory.usecases.adjust_stock import AdjustStock
from core.inventory.usecases.cancel_movement import CancelMovement
from core.inventory.usecases.decide_quarantine import DiscardQuarantined, RetryQuarantined
from core.inventory.usecases.forget_entries import ForgetEntries
from core.inventory.usecases.import_adjustments import ImportAdjustments
from core.inventory.usecases.keep_alerts import KeepAlerts
from core.inventory.usecases.queries.alerts import GetAlert, ListAlerts
from core.inventory.usecases.queries.movements import GetMovement, ListInTransit, ListMovements, SumInTransit
from core.inventory.usecases.queries.quarantine import GetQuarantineItem, ListQuarantine
from core.inventory.usecases.queries.stock import (
    GetStock,
    GetThreshold,
    ListAdjustments,
    ListLedger,
    ListProducts,
    ListStocks,
    ListWarehouses,
)
from core.inventory.usecases.queries.stocktakes import GetStocktake, ListStocktakeLines, ListStocktakes
from core.inventory.usecases.queries.transit import GetTransitLimit, ListOverdue
from core.inventory.usecases.receive_batch import ReceiveBatch
from core.inventory.usecases.receive_message import ReceiveMessage
from core.inventory.usecases.record_messages import RecordMessages
from core.inventory.usecases.resolve_variance import ResolveVariance
from core.inventory.usecases.take_stock import CancelStocktake, CloseStocktake, CountStock, OpenStocktake
from core.inventory.usecases.watch_stock import SetThreshold
from core.inventory.usecases.watch_transit import SetTransitLimit, WatchTransit
from core.kernel.manifest import Module, Reaction, Sweep

MODULE = Module(
    name="inventory",
    summary="Movements of goods between warehouses, the stock that follows from them, and quarantine.",
    use_cases=(
        RecordMessages,
        ReceiveMessage,
        ReceiveBatch,
        AdjustStock,
        ImportAdjustments,
        CancelMovement,
        ResolveVariance,
        OpenStocktake,
        CountStock,
        CloseStocktake,
        CancelStocktake,
        GetStocktake,
        ListStocktakes,
        ListStocktakeLines,
        SetThreshold,
        WatchTransit,
        SetTransitLimit,
        KeepAlerts,
        AcknowledgeAlert,
        GetAlert,
        ListAlerts,
        RetryQuarantined,
        DiscardQuarantined,
        ForgetEntries,
        GetMovement,
        ListMovements,
        ListInTransit,
        SumInTransit,
        ListOverdue,
        GetTransitLimit,
        GetStock,
        ListLedger,
        GetThreshold,
        ListProducts,
        ListStocks,
        ListWarehouses,
        ListAdjustments,
        GetQuarantineItem,
        ListQuarantine,
    ),
    facts=(
        MovementApplied,
        DepartureParked,
        StockAdjusted,
        StockFellLow,
        StockRecovered,
        MessageQuarantined,
        TransitOverdue,
        TransitOverdueCleared,
        MovementCancelled,
        VarianceResolved,
        StocktakeClosed,
        EntriesStale,
    ),
    errors=(
        errors.MovementNotFound,
        errors.NotUnderWay,
        errors.NoOpenVariance,
        errors.VarianceAlreadyResolved,
        errors.NothingMissing,
        errors.AlertNotFound,
        errors.QuarantineItemNotFound,
        errors.QuarantineItemClosed,
        errors.InsufficientStock,
        errors.StocksShort,
        errors.StocktakeNotFound,
        errors.StocktakeAlreadyOpen,
        errors.StocktakeEnded,
        errors.StocktakeFull,
        errors.WrongRows,
        errors.ConflictingMessage,
        errors.SubjectMismatch,
        errors.UnsupportedSchema,
        errors.NothingToAdjust,
    ),
    permissions=permissions.ALL,
    sweeps=(Sweep(use_case=WatchTransit, seconds=30),),
    reactions=(
        Reaction(
            name="inventory.alerts",
            facts=(StockFellLow, StockRecovered, TransitOverdue, TransitOverdueCleared),
            use_case=KeepAlerts,
        ),
        Reaction(name="inventory.cache", facts=(EntriesStale,), use_case=ForgetEntries),
    ),
)
