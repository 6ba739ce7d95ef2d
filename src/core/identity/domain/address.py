"""Addresses of a person: as many as one needs, exactly one of them the default."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from core.identity.api import AddressFields, AddressView

MOST = 20

COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
    IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
    ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
    TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - a list of 249 would be a page
)
"""ISO 3166-1 alpha-2."""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """One address; ids grow with time."""

    id: UUID
    account_id: UUID
    fields: AddressFields
    is_default: bool


def next_default(left: Sequence[Address]) -> UUID | None:
    """Which address becomes the default when there is none: the youngest; None where no address is left."""
    return max((each.id for each in left), default=None)


def address_view(address: Address) -> AddressView:
    """What its owner sees of it."""
    return AddressView(id=address.id, is_default=address.is_default, **msgspec.structs.asdict(address.fields))
