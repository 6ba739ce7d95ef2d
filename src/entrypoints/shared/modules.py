"""The modules this build of Soty consists of."""

from core.identity.module import MODULE as IDENTITY
from core.inventory.module import MODULE as INVENTORY
from core.kernel.manifest import Module
from core.notifications.module import MODULE as NOTIFICATIONS
from core.operations.module import MODULE as OPERATIONS

MODULES: tuple[Module, ...] = (INVENTORY, IDENTITY, NOTIFICATIONS, OPERATIONS)
