"""The table of everything a client can do."""

from entrypoints.http import deliveries, platform
from entrypoints.http.identity import addresses, me, networks, profile, registration, roles, signing_in
from entrypoints.http.inventory import (
    alerts,
    batch,
    decisions,
    movements,
    quarantine,
    sheets,
    stock,
    stocktakes,
    thresholds,
    transit,
    webhook,
)
from entrypoints.http.operation import Operation
from entrypoints.http.ops import operations as ops

OPERATIONS: tuple[Operation, ...] = (
    *webhook.OPERATIONS,
    *batch.OPERATIONS,
    *movements.OPERATIONS,
    *decisions.OPERATIONS,
    *stock.OPERATIONS,
    *sheets.OPERATIONS,
    *stocktakes.OPERATIONS,
    *thresholds.OPERATIONS,
    *transit.OPERATIONS,
    *alerts.OPERATIONS,
    *quarantine.OPERATIONS,
    *roles.OPERATIONS,
    *registration.OPERATIONS,
    *signing_in.OPERATIONS,
    *me.OPERATIONS,
    *deliveries.OPERATIONS,
    *platform.OPERATIONS,
    *ops.OPERATIONS,
    *profile.OPERATIONS,
    *addresses.OPERATIONS,
    *networks.OPERATIONS,
)
