"""What can go wrong with a letter; nothing here names what is in it."""

from core.kernel.errors import Kind, SotyError
from core.kernel.relay import Undeliverable


class LetterRefused(Undeliverable):
    """The gateway will never take this letter, or its address is none: ``reason`` is the gateway's code."""

    code = "notifications.letter_refused"
    kind = Kind.INVALID


class LetterPutOff(SotyError):
    """The gateway does not take this letter now: ``reason`` is its code."""

    code = "notifications.letter_put_off"
    kind = Kind.UNAVAILABLE


class LetterUnwritable(Undeliverable):
    """There is no letter of this name, or what it is to say is missing."""

    code = "notifications.letter_unwritable"
    kind = Kind.INVALID
