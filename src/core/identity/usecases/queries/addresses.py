"""Read the addresses of a person."""

from dataclasses import dataclass
from uuid import UUID

from core.identity.addresses import AddressReader
from core.identity.api import AddressView
from core.identity.domain.address import address_view
from core.identity.domain.errors import AddressNotFound
from core.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class ListAddresses:
    """All addresses."""

    addresses: AddressReader

    async def __call__(self, actor: Actor) -> list[AddressView]:
        """The default first, then the youngest.

        :raises PersonNeeded: a service asks.
        """
        return [address_view(each) for each in await self.addresses.addresses(actor.person())]


@dataclass(frozen=True, slots=True)
class GetAddress:
    """One address."""

    addresses: AddressReader

    async def __call__(self, actor: Actor, address_id: UUID) -> AddressView:
        """It, if it is the caller's.

        :raises PersonNeeded: a service asks.
        :raises AddressNotFound: the person has none of this id.
        """
        for each in await self.addresses.addresses(actor.person()):
            if each.id == address_id:
                return address_view(each)
        raise AddressNotFound(address_id=str(address_id))
