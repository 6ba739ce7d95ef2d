"""The modules this build of Soty consists of."""

from core.inventory.module import MODULE as INVENTORY
from core.kernel.manifest import Module

MODULES: tuple[Module, ...] = (INVENTORY,)
