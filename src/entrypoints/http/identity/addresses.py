"""One's own addresses."""

from uuid import UUID

import msgspec

from core.identity.api import AddressFields, AddressView
from core.identity.usecases.keep_addresses import AddAddress, ChangeAddress, ChooseDefaultAddress, RemoveAddress
from core.identity.usecases.queries.addresses import GetAddress, ListAddresses
from entrypoints.http.answer import Answer
from entrypoints.http.operation import SIGNED_IN, Call, NoQuery, Operation

LIST = "/api/v1/profile/addresses"
ONE = f"{LIST}/{{address_id}}"
HOME = AddressFields(
    label="Home", name="Ann Smith", line1="1 Long Street", city="Berlin", postal_code="10115", country="DE"
)
KEPT = AddressView(id=UUID("01951930-0000-7000-8000-00000000000c"), is_default=True, **msgspec.structs.asdict(HOME))
NOT_FOUND = "identity.address_not_found"


class AddressList(msgspec.Struct, frozen=True):
    """All addresses of a person, the default first."""

    items: list[AddressView]


class NewAddress(AddressFields, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address to add; ``is_default`` puts it in the place of the default of before."""

    is_default: bool = False


async def list_addresses(addresses: ListAddresses, call: Call[NoQuery, None]) -> AddressList:
    """All of them."""
    return AddressList(await addresses(call.actor))


async def read_address(get: GetAddress, call: Call[NoQuery, None]) -> AddressView:
    """One of them."""
    return await get(call.actor, call.ids["address_id"])


async def add_address(add: AddAddress, call: Call[NoQuery, NewAddress]) -> AddressView:
    """One more."""
    given = msgspec.structs.asdict(call.body)
    is_default = given.pop("is_default")
    return await add(call.actor, fields=AddressFields(**given), is_default=is_default, request=call.request)


async def change_address(change: ChangeAddress, call: Call[NoQuery, AddressFields]) -> AddressView:
    """Other fields."""
    return await change(call.actor, call.ids["address_id"], fields=call.body, if_match=call.if_match)


async def choose_default(choose: ChooseDefaultAddress, call: Call[NoQuery, None]) -> AddressView:
    """Another default."""
    return await choose(call.actor, call.ids["address_id"])


async def remove_address(remove: RemoveAddress, call: Call[NoQuery, None]) -> Answer:
    """One less."""
    await remove(call.actor, call.ids["address_id"])
    return Answer(204, b"", [(b"cache-control", b"no-store")])


OPERATIONS = (
    Operation(
        method="GET",
        path=LIST,
        tag="addresses",
        summary="List one's addresses, the default first",
        acts_on=ListAddresses,
        act=list_addresses,
        permission=SIGNED_IN,
        answer=AddressList,
        example=AddressList([KEPT]),
    ),
    Operation(
        method="POST",
        once=True,
        path=LIST,
        tag="addresses",
        summary="Add an address; the first one is the default",
        acts_on=AddAddress,
        act=add_address,
        permission=SIGNED_IN,
        answer=AddressView,
        example=KEPT,
        status=201,
        body=NewAddress,
        body_example=NewAddress(**msgspec.structs.asdict(HOME)),
        errors=("identity.country_unknown", "identity.too_many_addresses"),
    ),
    Operation(
        method="GET",
        path=ONE,
        tag="addresses",
        summary="Read an address",
        acts_on=GetAddress,
        act=read_address,
        permission=SIGNED_IN,
        answer=AddressView,
        example=KEPT,
        etag=True,
        errors=(NOT_FOUND,),
    ),
    Operation(
        method="PUT",
        path=ONE,
        tag="addresses",
        summary="Change the fields of an address",
        acts_on=ChangeAddress,
        act=change_address,
        permission=SIGNED_IN,
        answer=AddressView,
        example=KEPT,
        body=AddressFields,
        body_example=HOME,
        etag=True,
        errors=(NOT_FOUND, "identity.country_unknown"),
    ),
    Operation(
        method="DELETE",
        path=ONE,
        tag="addresses",
        summary="Remove an address; after the default the youngest becomes it",
        acts_on=RemoveAddress,
        act=remove_address,
        permission=SIGNED_IN,
        answer=None,
        example=None,
        status=204,
        errors=(NOT_FOUND,),
    ),
    Operation(
        method="POST",
        path=f"{ONE}/default",
        tag="addresses",
        summary="Make an address the default, in the place of the one of before",
        acts_on=ChooseDefaultAddress,
        act=choose_default,
        permission=SIGNED_IN,
        answer=AddressView,
        example=KEPT,
        errors=(NOT_FOUND,),
    ),
)
