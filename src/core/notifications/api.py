"""What others see of letters that stayed on this machine."""

from datetime import datetime

import msgspec


class MailView(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as it would have left; ``key`` finds it again, ``headers`` are as they were written."""

    key: str
    at: datetime
    to: str
    subject: str
    text: str
    html: str
    headers: list[tuple[str, str]]
