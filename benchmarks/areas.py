"""The areas that can be measured, and what is told of each before its figures."""

from collections.abc import Sequence
from typing import Any

import msgspec

from benchmarks.cases import Case
from benchmarks.identity import people
from benchmarks.identity.cases import CASES as IDENTITY
from benchmarks.inventory import opening
from benchmarks.inventory.cases import CASES as INVENTORY
from benchmarks.servers import Fill


class Area(msgspec.Struct, frozen=True):
    """Cases, and what is in the database before them.

    ``page`` is the page of the documentation, ``checked`` and ``lost`` are sentences on it: what is compared before any
    figure counts, and why some is lost.
    """

    cases: Sequence[Case[Any]]
    fill: Fill
    page: str
    checked: str
    lost: str


AREAS = {
    "inventory": Area(
        INVENTORY,
        opening.fill,
        "docs/benchmarks.md",
        "rows and every single stock are compared with an oracle, and every answer with the others'.",
        """A function without a framework routes nothing, counts nothing,
limits nothing and explains no error; what Soty does for a request beyond it is what it costs.""",
    ),
    "identity": Area(
        IDENTITY,
        people.fill,
        "docs/benchmarks-identity.md",
        """answers are compared with the others', and after each round the rows: every session
  has one refresh token that is good, the one that its client holds, and no exchange or sign-in is missing.""",
        """Soty limits and forgives sign-ins and keeps a log of
them, looks for a second factor, allowed networks and places that are new, and answers a race with the same token; the
peer does none of that.""",
    ),
}
