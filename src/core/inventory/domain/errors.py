"""What inventory refuses."""

from collections.abc import Sequence
from typing import Any

from core.inventory.domain.movement import Reason
from core.kernel.errors import Invalid, Kind, SotyError
from core.kernel.fields import SHOWN
from core.kernel.wire import WrongFields


class Unreadable(Exception):
    """A message that is no event; ``cause`` tells more where there is more to tell."""

    def __init__(self, reason: Reason, cause: SotyError | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.cause = cause

    def details(self) -> dict[str, Any]:
        """What an operator needs to see beside the reason, as JSON values."""
        if isinstance(self.cause, WrongFields):
            return {"errors": self.cause.errors}
        return dict(self.cause.params) if self.cause else {}


class NotCovered(Exception):
    """Changes of several stocks, of which none is made: per change the stock that it would leave, or None where pieces
    are missing, and how many.
    """

    def __init__(self, balances: Sequence[int | None], missing: Sequence[int]) -> None:
        super().__init__(f"{sum(map(bool, missing))} of {len(missing)} stocks do not cover it")
        self.balances = balances
        self.missing = missing


class MovementNotFound(SotyError):
    """No half of the movement has come."""

    code = "inventory.movement_not_found"
    kind = Kind.NOT_FOUND


class NotUnderWay(SotyError):
    """The movement was cancelled or has arrived; ``status`` says which."""

    code = "inventory.not_under_way"
    kind = Kind.CONFLICT


class NoOpenVariance(SotyError):
    """Nothing of the movement is missing or too much, as far as its halves have come."""

    code = "inventory.no_open_variance"
    kind = Kind.CONFLICT


class VarianceAlreadyResolved(SotyError):
    """Somebody decided about the variance before."""

    code = "inventory.variance_already_resolved"
    kind = Kind.CONFLICT


class NothingMissing(Invalid):
    """A surplus cannot have been lost, damaged or found."""

    code = "inventory.nothing_missing"


class QuarantineItemNotFound(SotyError):
    """No such message in quarantine."""

    code = "inventory.quarantine_item_not_found"
    kind = Kind.NOT_FOUND


class QuarantineItemClosed(SotyError):
    """The message was applied or discarded already."""

    code = "inventory.quarantine_item_closed"
    kind = Kind.CONFLICT


class AlertNotFound(SotyError):
    """No such alert."""

    code = "inventory.alert_not_found"
    kind = Kind.NOT_FOUND


class InsufficientStock(SotyError):
    """The stock does not cover it; ``deficiency`` pieces are missing."""

    code = "inventory.insufficient_stock"
    kind = Kind.CONFLICT


class ConflictingMessage(SotyError):
    """The message contradicts one that was kept before; ``reason`` says how."""

    code = "inventory.conflicting_message"
    kind = Kind.CONFLICT


class StocksShort(SotyError):
    """Stocks do not cover it, so that nothing was changed; ``errors`` names the first of them, ``count`` counts all."""

    code = "inventory.stocks_short"
    kind = Kind.CONFLICT

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        """:param errors: one for each stock, as :func:`core.kernel.fields.field_errors` gives them."""
        super().__init__(count=len(errors))
        self.count = len(errors)
        self.errors = errors[:SHOWN]


class WrongRows(Invalid):
    """Rows of a table are wrong; ``errors`` names the first of them by line and column, ``count`` counts all."""

    code = "inventory.wrong_rows"

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        """:param errors: as :func:`core.kernel.fields.field_errors` gives them."""
        super().__init__(count=len(errors))
        self.count = len(errors)
        self.errors = errors[:SHOWN]


class StocktakeNotFound(SotyError):
    """No such stocktake."""

    code = "inventory.stocktake_not_found"
    kind = Kind.NOT_FOUND


class StocktakeAlreadyOpen(SotyError):
    """The warehouse is being counted; two counts of one product would be applied twice."""

    code = "inventory.stocktake_already_open"
    kind = Kind.CONFLICT


class StocktakeEnded(SotyError):
    """The stocktake was closed or cancelled, as ``state`` says."""

    code = "inventory.stocktake_ended"
    kind = Kind.CONFLICT


class StocktakeFull(SotyError):
    """The stocktake has as many lines, ``max``, as can be applied at once."""

    code = "inventory.stocktake_full"
    kind = Kind.CONFLICT


class SubjectMismatch(Invalid):
    """The subject of the envelope does not name its source and event."""

    code = "inventory.subject_mismatch"


class UnsupportedSchema(Invalid):
    """The data schema is of another major version."""

    code = "inventory.unsupported_schema"


class NothingToAdjust(Invalid):
    """An adjustment by nothing."""

    code = "inventory.nothing_to_adjust"
