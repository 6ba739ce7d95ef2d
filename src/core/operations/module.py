"""The manifest of operations."""

from core.kernel.manifest import Module
from core.operations import permissions
from core.operations.domain import errors
from core.operations.usecases.decide_deliveries import DropDeliveries, ReplayDeliveries
from core.operations.usecases.follow_facts import FollowFacts
from core.operations.usecases.read_deliveries import GetBacklog, GetDelivery, ListDeliveries
from core.operations.usecases.read_processes import ListProcesses

MODULE = Module(
    name="operations",
    summary="What is on its way to subscribers, and what becomes of deliveries that fail.",
    use_cases=(ListDeliveries, GetDelivery, GetBacklog, FollowFacts, ListProcesses, ReplayDeliveries, DropDeliveries),
    errors=(errors.DeliveryNotFound, errors.DeliveryNotFailed),
    permissions=permissions.ALL,
)
