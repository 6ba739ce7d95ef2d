"""From which networks one's account may be used."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from core.identity.api import IpRuleView, Line, NetworkCheck
from core.identity.usecases.keep_networks import AllowNetwork, ForgetNetwork
from core.identity.usecases.queries.networks import CheckNetwork, ListNetworks
from entrypoints.http.answer import Answer
from entrypoints.http.operation import SIGNED_IN, Call, NoQuery, Operation

LIST = "/api/v1/profile/ip-rules"
OFFICE = IpRuleView(
    UUID("01951930-0000-7000-8000-00000000000d"),
    "192.0.2.0/24",
    "office",
    datetime(2026, 1, 1, tzinfo=UTC),
)
Network = Annotated[str, msgspec.Meta(min_length=1, max_length=64, description="An address or a network.")]


class IpRuleList(msgspec.Struct, frozen=True):
    """All rules of a person; none at all means everywhere."""

    items: list[IpRuleView]


class NewIpRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A network to allow; the first one shuts out all others."""

    network: Network
    note: Line = ""


class CheckQuery(msgspec.Struct, frozen=True):
    """Which address to ask about; absent, the one that the call comes from."""

    address: Annotated[str, msgspec.Meta(max_length=64)] | None = None


async def list_networks(networks: ListNetworks, call: Call[NoQuery, None]) -> IpRuleList:
    """All of them."""
    return IpRuleList(await networks(call.actor))


async def allow_network(allow: AllowNetwork, call: Call[NoQuery, NewIpRule]) -> IpRuleView:
    """One more."""
    return await allow(call.actor, network=call.body.network, note=call.body.note)


async def forget_network(forget: ForgetNetwork, call: Call[NoQuery, None]) -> Answer:
    """One less."""
    await forget(call.actor, call.ids["rule_id"])
    return Answer(204, b"", [(b"cache-control", b"no-store")])


async def check_network(check: CheckNetwork, call: Call[CheckQuery, None]) -> NetworkCheck:
    """What the rules say of an address."""
    return await check(call.actor, call.query.address)


OPERATIONS = (
    Operation(
        method="GET",
        path=LIST,
        tag="security",
        summary="List the networks from which one's account may be used; none at all means everywhere",
        acts_on=ListNetworks,
        act=list_networks,
        permission=SIGNED_IN,
        answer=IpRuleList,
        example=IpRuleList([OFFICE]),
    ),
    Operation(
        method="POST",
        path=LIST,
        tag="security",
        summary="Allow a network; the first one shuts out all others, and nobody can shut out himself",
        acts_on=AllowNetwork,
        act=allow_network,
        permission=SIGNED_IN,
        answer=IpRuleView,
        example=OFFICE,
        status=201,
        body=NewIpRule,
        body_example=NewIpRule("192.0.2.0/24", "office"),
        errors=(
            "kernel.proof_needed",
            "identity.account_not_found",
            "identity.network_unknown",
            "identity.too_many_ip_rules",
            "identity.would_lock_you_out",
        ),
    ),
    Operation(
        method="GET",
        path=f"{LIST}/check",
        tag="security",
        summary="Ask whether one's account may be used from an address, or from here",
        acts_on=CheckNetwork,
        act=check_network,
        permission=SIGNED_IN,
        query=CheckQuery,
        placed=True,
        answer=NetworkCheck,
        example=NetworkCheck("192.0.2.7", True, 1),
    ),
    Operation(
        method="DELETE",
        path=f"{LIST}/{{rule_id}}",
        tag="security",
        summary="Drop a network; after the last one the account may be used from everywhere",
        acts_on=ForgetNetwork,
        act=forget_network,
        permission=SIGNED_IN,
        answer=None,
        example=None,
        status=204,
        errors=(
            "kernel.proof_needed",
            "identity.account_not_found",
            "identity.ip_rule_not_found",
            "identity.would_lock_you_out",
        ),
    ),
)
