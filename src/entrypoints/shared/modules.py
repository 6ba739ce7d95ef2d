"""The modules this build of Soty consists of."""

from core.inventory.module import MODULE as INVENTORY
from core.kernel.manifest import Module
from core.operations.module import MODULE as OPERATIONS

MODULES: tuple[Module, ...] = (INVENTORY, OPERATIONS)
