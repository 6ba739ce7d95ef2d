"""Keep the addresses of a person: add, change, choose the default, remove."""

from dataclasses import dataclass
from uuid import UUID

from msgspec.structs import replace

from core.identity.addresses import Addresses
from core.identity.api import AddressFields, AddressView
from core.identity.domain.address import COUNTRIES, MOST, Address, address_view, next_default
from core.identity.domain.errors import AddressNotFound, CountryUnknown, TooManyAddresses
from core.identity.ports import IdentityWork
from core.kernel import etags
from core.kernel.actor import Actor
from core.kernel.ids import Ids
from core.kernel.requests import RequestKey
from core.kernel.work import OpenWork, again_if_contended


@dataclass(frozen=True, slots=True)
class AddAddress:
    """Add an address; the first one is the default."""

    work: OpenWork[IdentityWork]
    ids: Ids

    async def __call__(
        self, actor: Actor, *, fields: AddressFields, is_default: bool = False, request: RequestKey | None = None
    ) -> AddressView:
        """Keep it.

        :param is_default: makes it the default in the place of another.
        :param request: makes it happen once.
        :raises PersonNeeded: a service calls.
        :raises CountryUnknown: the country is none.
        :raises TooManyAddresses: there are 20 already.
        """
        owner = actor.person()
        _refuse_unknown_country(fields)

        async def attempt() -> AddressView:
            async with self.work(request=request) as work:
                before = await work.addresses.lock(owner)
                if len(before) >= MOST:
                    raise TooManyAddresses(max=MOST)
                added = Address(id=self.ids.new(), account_id=owner, fields=fields, is_default=not before)
                await work.addresses.add(added)
                if is_default and before:
                    await work.addresses.make_default(owner, added.id)
                    added = replace(added, is_default=True)
                view = address_view(added)
                await work.answer(view)
                return view

        return await again_if_contended(attempt)


@dataclass(frozen=True, slots=True)
class ChangeAddress:
    """Change the fields of an address."""

    work: OpenWork[IdentityWork]

    async def __call__(
        self, actor: Actor, address_id: UUID, *, fields: AddressFields, if_match: str | None = None
    ) -> AddressView:
        """Put all fields in the place of those of before.

        :param if_match: entity tag of the address that the caller has seen.
        :raises PersonNeeded: a service calls.
        :raises CountryUnknown: the country is none.
        :raises AddressNotFound: the person has none of this id.
        :raises Stale: it was changed since.
        """
        owner = actor.person()
        _refuse_unknown_country(fields)

        async def attempt() -> AddressView:
            async with self.work() as work:
                before = _one(await work.addresses.lock(owner), address_id)
                etags.match(if_match, address_view(before))
                after = replace(before, fields=fields)
                await work.addresses.save(after)
                return address_view(after)

        return await again_if_contended(attempt)


@dataclass(frozen=True, slots=True)
class ChooseDefaultAddress:
    """Make an address the default."""

    work: OpenWork[IdentityWork]

    async def __call__(self, actor: Actor, address_id: UUID) -> AddressView:
        """Swap it with the default of before, at once for everybody who looks.

        :raises PersonNeeded: a service calls.
        :raises AddressNotFound: the person has none of this id.
        """
        owner = actor.person()

        async def attempt() -> AddressView:
            async with self.work() as work:
                chosen = _one(await work.addresses.lock(owner), address_id)
                if not chosen.is_default:
                    await work.addresses.make_default(owner, address_id)
                return address_view(replace(chosen, is_default=True))

        return await again_if_contended(attempt)


@dataclass(frozen=True, slots=True)
class RemoveAddress:
    """Remove an address."""

    work: OpenWork[IdentityWork]

    async def __call__(self, actor: Actor, address_id: UUID) -> None:
        """Drop it; where it was the default, the youngest that is left becomes it.

        :raises PersonNeeded: a service calls.
        :raises AddressNotFound: the person has none of this id.
        """
        owner = actor.person()

        async def attempt() -> None:
            async with self.work() as work:
                before = await work.addresses.lock(owner)
                removed = _one(before, address_id)
                await work.addresses.remove(address_id)
                if removed.is_default:
                    await _choose(work.addresses, owner, [each for each in before if each.id != address_id])

        await again_if_contended(attempt)


async def _choose(addresses: Addresses, owner: UUID, left: list[Address]) -> None:
    chosen = next_default(left)
    if chosen is not None:
        await addresses.make_default(owner, chosen)


def _one(found: list[Address], address_id: UUID) -> Address:
    for each in found:
        if each.id == address_id:
            return each
    raise AddressNotFound(address_id=str(address_id))


def _refuse_unknown_country(fields: AddressFields) -> None:
    if fields.country not in COUNTRIES:
        raise CountryUnknown(country=fields.country)
