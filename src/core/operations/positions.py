"""Where an item stands in a list: what is inside a cursor."""

from typing import Annotated

import msgspec
from msgspec import Meta


class ByDelivery(msgspec.Struct, tag="deliveries", array_like=True, frozen=True, order=True):
    """A delivery in the order of its fact, then by subscriber."""

    seq: Annotated[int, Meta(ge=0, le=2**63 - 1)]
    subscriber: Annotated[str, Meta(max_length=200, pattern=r"^[^\u0000]*$")]
