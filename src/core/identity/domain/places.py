"""From where somebody signs in, and whether that is new."""

import re
from collections.abc import Collection
from datetime import timedelta
from ipaddress import ip_network
from typing import NamedTuple

REMEMBERED = timedelta(days=90)
"""How long it is kept who signed in, or tried to, from where."""


class Place(NamedTuple):
    """The program that somebody signed in with, as it calls itself, and the address that it came from."""

    agent: str
    address: str


def is_new_place(place: Place, before: Collection[Place], age: timedelta) -> bool:
    """Whether nobody signed in to an account with such a program from such a network; the first ever is not new.

    The version of the program does not matter, nor the half of the address that providers change.

    :param before: from where the owner signed in, as far as that is remembered.
    :param age: of the account; one that is older than what is remembered has signed in before, as far as we know.
    """
    if not before:
        return age > REMEMBERED
    return _rough(place) not in map(_rough, before)


def _rough(place: Place) -> tuple[str, str]:
    prefix = 32 if ":" in place.address else 16
    try:
        network = str(ip_network(f"{place.address}/{prefix}", strict=False))
    except ValueError:
        network = place.address
    return re.sub(r"[\d._]+", "", place.agent), network
