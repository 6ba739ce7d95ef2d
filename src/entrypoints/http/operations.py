"""The table of everything a client can do."""

from entrypoints.http import deliveries, platform
from entrypoints.http.identity import (
    addresses,
    api_keys,
    doors,
    invites,
    me,
    networks,
    profile,
    registration,
    roles,
    second_factor,
    signing_in,
    telegram,
    users,
)
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
    *users.OPERATIONS,
    *invites.OPERATIONS,
    *registration.OPERATIONS,
    *signing_in.OPERATIONS,
    *me.OPERATIONS,
    *doors.OPERATIONS,
    *second_factor.OPERATIONS,
    *api_keys.OPERATIONS,
    *telegram.OPERATIONS,
    *deliveries.OPERATIONS,
    *platform.OPERATIONS,
    *ops.OPERATIONS,
    *profile.OPERATIONS,
    *addresses.OPERATIONS,
    *networks.OPERATIONS,
)
